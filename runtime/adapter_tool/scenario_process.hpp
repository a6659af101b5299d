// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "runtime/adapter_tool/scenario.hpp"

namespace fulfilld {

/// Plays a scenario in a process of its own (this program again), and gives what was found. If that process dies or
/// does not end, that is a finding of the scenario's own rule.
[[nodiscard]] std::vector<Finding> play_in_process(const std::string& scenario, const AdapterOrder& order);

/// The other side: plays it and reports to the parent. Returns the exit status.
[[nodiscard]] int scenario_process(const std::string& scenario, const AdapterOrder& order);

}  // namespace fulfilld
