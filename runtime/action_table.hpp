// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "actors/actions.hpp"
#include "runtime/config/config.hpp"
#include "runtime/config/place.hpp"
#include "runtime/config/written_places.hpp"
#include "runtime/plugin_host/plugin_host.hpp"

namespace fulfilld {

/// The configured actions, each with the adapter that it has now. What --check-config, the start and a reload find
/// wrong with adapters and their settings, they find here: there is no second way.
class ActionTable {
 public:
  /// What a `load` found.
  struct News {
    std::vector<Problem> problems;     ///< those that the one before did not find; each with its place
    std::vector<std::string> changes;  ///< actions that another build runs now, as sentences
  };

  /// Loads nothing yet. The references must outlive this object.
  ActionTable(const Config& config, const WrittenPlaces& places);

  /// Looks for adapters and makes those of the actions whose build is another one now. An action whose new build
  /// refuses its settings keeps the one that it has. Blocks on the disk and runs code of adapters, which begins
  /// nothing; one thread at a time.
  News load();

  /// As of the latest `load`.
  [[nodiscard]] const ActionsPtr& actions() const noexcept { return actions_; }

  /// What is wrong since the latest `load`, in the order of the actions. Any thread.
  [[nodiscard]] std::vector<Problem> problems() const;

  /// What `load` is at, as in a sentence; empty: nothing. Any thread.
  [[nodiscard]] std::string loading() const;

  /// Does that action have an adapter? Any thread.
  [[nodiscard]] bool can_run(std::string_view action) const;

 private:
  void begin_to(std::string what);
  [[nodiscard]] Problem unusable(const PluginRefusal& refusal) const;
  [[nodiscard]] ActionPtr action_with(const PluginPtr& plugin, const std::string& name, const ActionSettings& settings,
                                      std::vector<Problem>& problems, News& news);
  void add_problems(const std::string& action, const ActionSettings& settings, MadeAdapter made,
                    std::vector<Problem>& problems) const;

  const Config& config_;
  const WrittenPlaces& places_;
  PluginHost plugins_;
  std::map<std::string, PluginPtr> builds_;  ///< by action
  ActionsPtr actions_;
  std::map<std::string, std::atomic<bool>, std::less<>> can_run_;  ///< its keys never change
  mutable std::mutex problems_mutex_;
  std::vector<Problem> problems_;  ///< guarded by `problems_mutex_`
  std::string loading_;            ///< the same
};

}  // namespace fulfilld
