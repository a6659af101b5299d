// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fulfill/abi.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "actors/ports/adapter.hpp"
#include "runtime/config/config.hpp"
#include "runtime/plugin_host/json_check.hpp"
#include "runtime/plugin_host/plugin.hpp"
#include "runtime/plugin_host/plugin_host.hpp"
#include "runtime/plugin_host/url_cache.hpp"

namespace fulfilld {

/// A plugin's adapter for one action, behind the port. Its runs share it, so the library outlives them all.
class PluginAdapter final : public Adapter, public std::enable_shared_from_this<PluginAdapter> {
 public:
  /// `instance` was made by the plugin's `create` and is destroyed with this.
  PluginAdapter(PluginPtr plugin, fulfill_adapter* instance, std::map<std::string, Secret> secrets);
  ~PluginAdapter() override;

  std::unique_ptr<AdapterRun> make_run(AdapterHost& host, ExecutionPtr execution, MonotonicTime deadline) override;

  [[nodiscard]] const fulfill_descriptor_v1& functions() const noexcept { return plugin_->functions(); }
  [[nodiscard]] fulfill_adapter* instance() const noexcept { return instance_; }
  /// The secret of that name, or null.
  [[nodiscard]] const Secret* secret(std::string_view name) const;
  [[nodiscard]] UrlCache& urls() noexcept { return urls_; }
  [[nodiscard]] JsonCheck& json() noexcept { return json_; }

 private:
  PluginPtr plugin_;
  fulfill_adapter* instance_;
  std::map<std::string, Secret> secrets_;
  UrlCache urls_;
  JsonCheck json_;
};

/// Has the plugin make its adapter for that action.
[[nodiscard]] MadeAdapter make_plugin_adapter(const PluginPtr& plugin, const std::string& action,
                                              const ActionSettings& settings);

}  // namespace fulfilld
