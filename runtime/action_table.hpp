// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "actors/actions.hpp"
#include "actors/ports/observer.hpp"
#include "runtime/config/config.hpp"
#include "runtime/plugin_host/plugin_host.hpp"

namespace fulfilld {

/// The configured actions, each with the adapter that it has now.
class ActionTable {
 public:
  /// Loads nothing yet. The references must outlive this object.
  ActionTable(const Config& config, Observer& observer);

  /// Looks for adapters and makes those of the actions whose build is another one now. An action whose new build
  /// refuses its settings keeps the one that it has. Reports what has changed and what is wrong. Blocks on the disk and
  /// runs code of adapters; one thread at a time.
  [[nodiscard]] ActionsPtr load();

  /// What is wrong since the latest `load`, as sentences. Any thread.
  [[nodiscard]] std::vector<std::string> problems() const;

  /// What `load` is at, as in a sentence; empty: nothing. Any thread.
  [[nodiscard]] std::string loading() const;

  /// Does that action have an adapter? Any thread.
  [[nodiscard]] bool can_run(std::string_view action) const;

 private:
  void begin_to(std::string what);
  void complain(const std::string& problem, std::vector<std::string>& problems);
  [[nodiscard]] ActionPtr action_with(const PluginPtr& plugin, const std::string& name, const ActionSettings& settings,
                                      std::vector<std::string>& problems);

  const Config& config_;
  Observer& observer_;
  PluginHost plugins_;
  std::map<std::string, PluginPtr> builds_;  ///< by action
  ActionsPtr actions_;
  std::map<std::string, std::atomic<bool>, std::less<>> can_run_;  ///< its keys never change
  mutable std::mutex problems_mutex_;
  std::vector<std::string> problems_;  ///< guarded by `problems_mutex_`
  std::string loading_;                ///< the same
};

}  // namespace fulfilld
