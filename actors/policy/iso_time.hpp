// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "actors/execution.hpp"

namespace fulfilld {

/// The time as ISO 8601 in UTC with milliseconds, e.g. `2026-11-23T22:04:24.123Z`.
[[nodiscard]] std::string iso_time(WallTime time);

}  // namespace fulfilld
