// SPDX-License-Identifier: Apache-2.0
#include "runtime/action_table.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace fulfilld {
namespace {

std::string full_name(const Plugin& plugin) { return plugin.name() + " " + plugin.version(); }

}  // namespace

ActionTable::ActionTable(const Config& config, Observer& observer)
    : config_(config),
      observer_(observer),
      plugins_(config.adapter_files, config.adapter_directories),
      actions_(std::make_shared<const Actions>()) {
  for (const auto& [name, settings] : config.actions) can_run_[name] = false;
}

ActionsPtr ActionTable::load() {
  std::vector<std::string> problems;
  begin_to("the libraries of adapters are loaded");
  plugins_.load();
  for (const auto& refusal : plugins_.refusals()) complain(refusal.sentence, problems);
  auto actions = std::make_shared<Actions>();
  for (const auto& [name, settings] : config_.actions) {
    const auto found = plugins_.plugins().find(settings.adapter);
    auto action = action_with(found == plugins_.plugins().end() ? nullptr : found->second, name, settings, problems);
    can_run_.find(name)->second = action != nullptr;
    if (action != nullptr) (*actions)[name] = std::move(action);
  }
  actions_ = std::move(actions);
  const std::lock_guard lock(problems_mutex_);
  problems_ = std::move(problems);
  loading_.clear();
  return actions_;
}

std::vector<std::string> ActionTable::problems() const {
  const std::lock_guard lock(problems_mutex_);
  return problems_;
}

std::string ActionTable::loading() const {
  const std::lock_guard lock(problems_mutex_);
  return loading_;
}

void ActionTable::begin_to(std::string what) {
  const std::lock_guard lock(problems_mutex_);
  loading_ = std::move(what);
}

bool ActionTable::can_run(std::string_view action) const {
  const auto found = can_run_.find(action);
  return found != can_run_.end() && found->second;
}

/// What was wrong before, and is still, is not logged again.
void ActionTable::complain(const std::string& problem, std::vector<std::string>& problems) {
  problems.push_back(problem);
  const auto before = this->problems();
  if (std::find(before.begin(), before.end(), problem) == before.end())
    observer_.event(LogLevel::error, "plugins", problem);
}

ActionPtr ActionTable::action_with(const PluginPtr& plugin, const std::string& name, const ActionSettings& settings,
                                   std::vector<std::string>& problems) {
  const auto before = actions_->find(name);
  auto present = before == actions_->end() ? nullptr : before->second;
  if (present != nullptr && builds_[name] == plugin) return present;
  begin_to("the adapter \"" + settings.adapter + "\" is made for action \"" + name + "\"");
  auto made = plugins_.make_adapter(name, settings);
  if (made.adapter == nullptr) {
    complain(made.problem, problems);
    return present;
  }
  if (present != nullptr)
    observer_.event(LogLevel::info, "plugins",
                    "action \"" + name + "\" runs " + full_name(*plugin) + " from " + plugin->path().string() +
                        " now, in place of " + present->adapter_name);
  builds_[name] = plugin;
  return std::make_shared<const Action>(Action{.adapter = std::move(made.adapter),
                                               .adapter_name = full_name(*plugin),
                                               .deadline = settings.deadline,
                                               .heartbeat = settings.heartbeat,
                                               .retry = settings.retry,
                                               .credential = settings.credential});
}

}  // namespace fulfilld
