// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

#include "actors/time.hpp"

namespace fulfilld {

/// Keeps what happens again and again from filling the log: the first time is reported at once, all others of the
/// following minute by their number. Pure: time comes in as an argument.
class OccasionalReport {
 public:
  static constexpr std::chrono::minutes period{1};

  /// It has happened. True: to be reported now.
  [[nodiscard]] bool happened(MonotonicTime now) noexcept {
    if (!period_begun_) {
      period_begun_ = now;
      return true;
    }
    ++unreported_;
    return false;
  }

  /// How often it has happened since it was last reported, once that is a minute ago; none if there is nothing to say.
  [[nodiscard]] std::optional<std::uint64_t> due(MonotonicTime now) noexcept {
    if (!period_begun_ || now - *period_begun_ < period) return std::nullopt;
    return take(now);
  }

  /// The same without waiting for the minute's end.
  [[nodiscard]] std::optional<std::uint64_t> take(MonotonicTime now) noexcept {
    period_begun_.reset();
    if (unreported_ == 0) return std::nullopt;
    period_begun_ = now;
    return std::exchange(unreported_, 0);
  }

 private:
  std::optional<MonotonicTime> period_begun_;
  std::uint64_t unreported_ = 0;
};

}  // namespace fulfilld
