// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "runtime/config/section.hpp"

namespace fulfilld {

/// Every setting there is, once: loading, the check for unknown keys, printing and the test of the example file all
/// work on this table. The defaults stand in `config.hpp`.
[[nodiscard]] std::vector<Section> schema();

}  // namespace fulfilld
