// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

#include "actors/time.hpp"

namespace fulfilld {

/// `now + delay` (exact to the nanosecond below a hundred days), or the end of time where that would be beyond it.
[[nodiscard]] constexpr MonotonicTime later(MonotonicTime now,
                                            std::chrono::duration<double, std::nano> delay) noexcept {
  const std::chrono::duration<double, std::nano> left = MonotonicTime::max() - now;
  if (!(delay < left)) return MonotonicTime::max();
  return now + std::chrono::nanoseconds{static_cast<std::int64_t>(delay.count())};
}

}  // namespace fulfilld
