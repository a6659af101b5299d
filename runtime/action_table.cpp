// SPDX-License-Identifier: Apache-2.0
#include "runtime/action_table.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "runtime/config/toml_text.hpp"

namespace fulfilld {
namespace {

std::string full_name(const Plugin& plugin) { return plugin.name() + " " + plugin.version(); }

/// Takes the setting, or secret, with that full key out; false: there is none.
bool take_out(const std::string& key, const std::string& action, const WrittenPlaces& places,
              ActionSettings& settings) {
  const std::string table = join_key("actions", action);
  const auto is_it = [&](const std::string& below, const auto& entry) {
    return places.key_named(table + below, entry.first) == key;
  };
  return std::erase_if(settings.settings, [&](const auto& entry) { return is_it(".settings", entry); }) +
             std::erase_if(settings.secrets, [&](const auto& entry) { return is_it(".secrets", entry); }) >
         0;
}

}  // namespace

ActionTable::ActionTable(const Config& config, const WrittenPlaces& places)
    : config_(config),
      places_(places),
      plugins_(config.adapter_files, config.adapter_directories),
      actions_(std::make_shared<const Actions>()) {
  for (const auto& [name, settings] : config.actions) can_run_[name] = false;
}

ActionTable::News ActionTable::load() {
  News news;
  std::vector<Problem> problems;
  begin_to("the libraries of adapters are loaded");
  plugins_.load();
  for (const auto& refusal : plugins_.refusals()) problems.push_back(unusable(refusal));
  auto actions = std::make_shared<Actions>();
  for (const auto& [name, settings] : config_.actions) {
    const auto found = plugins_.plugins().find(settings.adapter);
    auto action =
        action_with(found == plugins_.plugins().end() ? nullptr : found->second, name, settings, problems, news);
    can_run_.find(name)->second = action != nullptr;
    if (action != nullptr) (*actions)[name] = std::move(action);
  }
  actions_ = std::move(actions);
  const std::lock_guard lock(problems_mutex_);
  for (const auto& problem : problems)
    if (std::find(problems_.begin(), problems_.end(), problem) == problems_.end()) news.problems.push_back(problem);
  problems_ = std::move(problems);
  loading_.clear();
  return news;
}

std::vector<Problem> ActionTable::problems() const {
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

/// A library, or a place where libraries are looked for.
Problem ActionTable::unusable(const PluginRefusal& refusal) const {
  const auto& files = config_.adapter_files;
  const bool is_named = std::find(files.begin(), files.end(), refusal.path) != files.end();
  return places_.mistake(is_named ? "adapters.files" : "adapters.directories", refusal.sentence);
}

ActionPtr ActionTable::action_with(const PluginPtr& plugin, const std::string& name, const ActionSettings& settings,
                                   std::vector<Problem>& problems, News& news) {
  const auto before = actions_->find(name);
  auto present = before == actions_->end() ? nullptr : before->second;
  if (present != nullptr && builds_[name] == plugin) return present;
  begin_to("the adapter \"" + settings.adapter + "\" is made for action \"" + name + "\"");
  auto made = plugins_.make_adapter(name, settings);
  if (made.adapter == nullptr) {
    add_problems(name, settings, std::move(made), problems);
    return present;
  }
  if (present != nullptr)
    news.changes.push_back("action \"" + name + "\" runs " + full_name(*plugin) + " from " + plugin->path().string() +
                           " now, in place of " + present->adapter_name);
  builds_[name] = plugin;
  return std::make_shared<const Action>(Action{.adapter = std::move(made.adapter),
                                               .adapter_name = full_name(*plugin),
                                               .deadline = settings.deadline,
                                               .heartbeat = settings.heartbeat,
                                               .retry = settings.retry,
                                               .max_result = settings.max_result,
                                               .credential = settings.credential});
}

/// An adapter tells its first mistake only. What it does not know can be left out, so that it tells the next one; a
/// wrong or missing setting cannot: what it would say without that one might be no mistake at all.
void ActionTable::add_problems(const std::string& action, const ActionSettings& settings, MadeAdapter made,
                               std::vector<Problem>& problems) const {
  if (made.refusal.empty()) {
    problems.push_back(places_.mistake(join_key("actions", action) + ".adapter", made.problem));
    return;
  }
  auto left = settings;
  while (made.adapter == nullptr) {
    auto problem = places_.mistake_in_action(action, made.refusal);
    const bool is_unknown = made.refusal.starts_with("unknown ") && take_out(problem.key, action, places_, left);
    problem.sentence = "adapter \"" + settings.adapter + "\" refuses: " + problem.sentence;
    problems.push_back(std::move(problem));
    if (!is_unknown) return;
    made = plugins_.make_adapter(action, left);
  }
}

}  // namespace fulfilld
