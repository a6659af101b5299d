// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace fulfilld::testing {

/// How long a test waits for what has to happen: longer than that takes on any machine.
constexpr auto long_enough = std::chrono::seconds{30};

}  // namespace fulfilld::testing
