// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>

#include "actors/execution.hpp"
#include "actors/time.hpp"

namespace fulfilld {

/// What is left of `limit`, which counts from when the execution was accepted: zero to `limit`. What an earlier process
/// accepted can only be timed by the wall clock.
[[nodiscard]] inline std::chrono::milliseconds time_left(const Execution& execution, std::chrono::milliseconds limit,
                                                         MonotonicTime now, WallTime wall_now) noexcept {
  using std::chrono::milliseconds;
  const milliseconds left = execution.accepted == MonotonicTime{}
                                ? execution.accepted_at + limit - wall_now
                                : std::chrono::floor<milliseconds>(execution.accepted + limit - now);
  return std::clamp(left, milliseconds{0}, limit);
}

}  // namespace fulfilld
