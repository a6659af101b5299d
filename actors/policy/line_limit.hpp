// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

#include "actors/time.hpp"

namespace fulfilld {

/// Lets one of many equal log lines through: the first, then at most one in each period. Pure: time comes in as an
/// argument.
class LineLimit {
 public:
  explicit LineLimit(std::chrono::milliseconds period) noexcept : period_(period) {}

  /// How many were kept back since the last that went through, if this one may go; nothing if it may not.
  [[nodiscard]] std::optional<std::uint64_t> next(MonotonicTime now) noexcept {
    if (last_ && now - *last_ < period_) {
      ++kept_back_;
      return std::nullopt;
    }
    last_ = now;
    return std::exchange(kept_back_, 0);
  }

 private:
  std::chrono::milliseconds period_;
  std::optional<MonotonicTime> last_;
  std::uint64_t kept_back_ = 0;
};

}  // namespace fulfilld
