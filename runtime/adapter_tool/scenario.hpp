// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "runtime/adapter_tool/loaded_adapter.hpp"

namespace fulfilld {

/// A rule that an adapter has broken.
struct Finding {
  std::string rule;
  std::string sentence;
};

/// Hears what a scenario is about to do, and what it has found.
struct ScenarioReport {
  std::function<void(const std::string& what)> at;
  std::function<void(const Finding& finding)> found;
};

/// One part of `verify`, in a process of its own: what it does to the adapter may end that. `name`: "good", "settings",
/// "cancellation", or the rule of a fault. Does not return when the adapter holds a thread for ever: the process ends
/// then, with status 0, after the finding has been told.
void play_scenario(const std::string& name, AdapterOrder order, const ScenarioReport& report);

}  // namespace fulfilld
