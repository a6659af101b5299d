// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>

#include "actors/ports/clock.hpp"

namespace fulfilld {

/// How fast something is given back, from its running total as seen now and then: so whoever gives back needs no clock.
/// Pure: the time comes in as an argument, and never goes back.
class ReleaseRate {
 public:
  /// To be called often; remembers a total a second.
  void look(MonotonicTime now, double total) noexcept;

  /// Over the last 5 to 10 seconds; nothing if nobody looked then.
  [[nodiscard]] std::optional<double> per_second(MonotonicTime now, double total) const noexcept;

 private:
  struct Sight {
    MonotonicTime time;
    double total = 0;
  };
  std::array<Sight, 11> sights_;
  std::size_t count_ = 0;  ///< of all sights ever; the last of them are kept
};

}  // namespace fulfilld
