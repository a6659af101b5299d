// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "runtime/config/config.hpp"

namespace fulfilld {

/// Which action an adapter is to be run as.
struct ActionWish {
  std::string adapter;                          ///< the adapter's name
  std::optional<std::filesystem::path> config;  ///< nothing: an action of the adapter's name without settings
  std::optional<std::string> action;            ///< nothing: the one action that uses the adapter
  bool made_up_secrets = false;                 ///< nothing leaves the machine, so no real secret is needed
};

/// The configuration as far as one action needs it, or why there is none.
struct ActionSetup {
  Config config;  ///< of the actions and the credentials only what the action needs
  std::string action;
  std::vector<std::string> secrets;  ///< the values that must not show
  std::string problem;               ///< lines for a person; empty: all is well

  /// Where the action's credential fetches its tokens; empty if it does not.
  [[nodiscard]] std::string token_url() const {
    const auto credential = config.credentials.find(settings().credential);
    return credential == config.credentials.end() ? "" : credential->second.token_url.text;
  }
  [[nodiscard]] const ActionSettings& settings() const { return config.actions.at(action); }
};

/// Reads it as fulfilld would, but for what concerns neither the action nor its calls: the file may be a whole
/// fulfilld.toml or no more than the action.
[[nodiscard]] ActionSetup set_up_action(const ActionWish& wish);

}  // namespace fulfilld
