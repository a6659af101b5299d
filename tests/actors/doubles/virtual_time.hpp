// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "actors/time.hpp"

namespace fulfilld::test {

/// When a test begins: an hour after the epoch, so there is a time before it.
constexpr MonotonicTime start{std::chrono::hours(1)};

/// What the wall clock shows then: Mon, 23 Nov 2026 22:04:24 GMT.
constexpr WallTime wall_start{std::chrono::milliseconds(1795471464000)};

}  // namespace fulfilld::test
