// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "actors/ports/adapter.hpp"
#include "runtime/adapter_tool/action_setup.hpp"
#include "runtime/adapter_tool/canned_answers.hpp"
#include "runtime/plugin_host/plugin.hpp"

namespace fulfilld {

/// Which adapter is to do what.
struct AdapterOrder {
  std::filesystem::path file;
  std::optional<std::filesystem::path> config;
  std::optional<std::string> action;
  std::optional<std::string> data;
  std::optional<std::filesystem::path> answers;  ///< nothing: `{}` to every call
  bool made_up_secrets = false;
};

/// All that an execution needs, or why it cannot be had.
struct LoadedAdapter {
  PluginPtr plugin;
  ActionSetup setup;
  AdapterPtr adapter;  ///< made for `setup.action`
  CannedAnswers answers;
  std::string data;
  std::string problem;  ///< for a person; empty: all is well
  int status = 0;       ///< the exit status that goes with the problem
};

/// Loads the library and has it make its adapter for the action.
[[nodiscard]] LoadedAdapter load_adapter(const AdapterOrder& order);

}  // namespace fulfilld
