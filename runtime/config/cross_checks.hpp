// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "runtime/config/config.hpp"
#include "runtime/config/reading.hpp"

namespace fulfilld {

/// Reports settings that are fine one by one and wrong together, and those that are missing.
void check_together(const Config& config, Reading& reading);

}  // namespace fulfilld
