// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace fulfilld {

/// Monotonic time: all deadlines, delays and limits are measured in it.
using MonotonicTime = std::chrono::steady_clock::time_point;

/// Wall-clock time with the resolution that is journalled and printed. Decides nothing that a jump of it could spoil.
using WallTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::milliseconds>;

}  // namespace fulfilld
