// SPDX-License-Identifier: Apache-2.0
#include "runtime/plugin_host/plugin_adapter.hpp"

#include <utility>
#include <vector>

#include "runtime/plugin_host/lent_text.hpp"
#include "runtime/plugin_host/plugin_run.hpp"

namespace fulfilld {

PluginAdapter::PluginAdapter(PluginPtr plugin, fulfill_adapter* instance, std::map<std::string, Secret> secrets)
    : plugin_(std::move(plugin)), instance_(instance), secrets_(std::move(secrets)) {}

PluginAdapter::~PluginAdapter() { functions().destroy(instance_); }

std::unique_ptr<AdapterRun> PluginAdapter::make_run(AdapterHost& host, ExecutionPtr execution, MonotonicTime deadline) {
  return std::make_unique<PluginRun>(shared_from_this(), host, std::move(execution), deadline);
}

const Secret* PluginAdapter::secret(std::string_view name) const {
  const auto found = secrets_.find(std::string(name));
  return found == secrets_.end() ? nullptr : &found->second;
}

MadeAdapter make_plugin_adapter(const PluginPtr& plugin, const std::string& action, const ActionSettings& settings) {
  std::vector<fulfill_field> values;
  values.reserve(settings.settings.size());
  for (const auto& [name, value] : settings.settings) values.push_back({lend(name), lend(value)});
  std::vector<fulfill_text> secrets;
  secrets.reserve(settings.secrets.size());
  for (const auto& [name, value] : settings.secrets) secrets.push_back(lend(name));

  fulfill_settings_v1 lent{};
  lent.size = sizeof lent;
  lent.action = lend(action);
  lent.settings = values.data();
  lent.setting_count = values.size();
  lent.secrets = secrets.data();
  lent.secret_count = secrets.size();

  std::string sentence;
  const auto note = [](void* sink, fulfill_text text) { *static_cast<std::string*>(sink) = view(text); };
  if (fulfill_adapter* instance = plugin->functions().create(&lent, &sentence, note); instance != nullptr)
    return {std::make_shared<PluginAdapter>(plugin, instance, settings.secrets), {}, {}};
  if (sentence.empty()) sentence = "no reason given";
  return {nullptr, "action \"" + action + "\": adapter \"" + plugin->name() + "\" refuses: " + sentence, sentence};
}

}  // namespace fulfilld
