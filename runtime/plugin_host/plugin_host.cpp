// SPDX-License-Identifier: Apache-2.0
#include "runtime/plugin_host/plugin_host.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "runtime/plugin_host/plugin_adapter.hpp"

namespace fulfilld {

namespace fs = std::filesystem;

void PluginHost::load_directory(const fs::path& directory) {
  std::error_code error;
  fs::directory_iterator entries(directory, error);
  if (error) return refuse(directory, "cannot be read: " + error.message());
  if ((fs::status(directory, error).permissions() & fs::perms::others_write) != fs::perms::none)
    return refuse(directory, "may be written by everyone, so nothing in it can be trusted (chmod o-w)");

  std::vector<fs::path> files;
  for (; !error && entries != fs::directory_iterator(); entries.increment(error))
    if (entries->path().extension() == ".so") files.push_back(entries->path());
  if (error) refuse(directory, "cannot be read to its end: " + error.message());
  std::sort(files.begin(), files.end());
  for (const auto& file : files) load_file(file);
}

void PluginHost::load_file(const fs::path& path) {
  auto [plugin, problem] = load_plugin(path);
  if (plugin == nullptr) return refuse(path, problem);
  const auto [place, fresh] = plugins_.emplace(plugin->name(), plugin);
  if (!fresh)
    refuse(path, "is named \"" + plugin->name() + "\" like " + place->second->path().string() + ", which was first");
}

MadeAdapter PluginHost::make_adapter(const std::string& action, const ActionSettings& settings) const {
  const auto found = plugins_.find(settings.adapter);
  if (found != plugins_.end()) return make_plugin_adapter(found->second, action, settings);
  std::string loaded;
  for (const auto& [name, plugin] : plugins_) loaded += (loaded.empty() ? "" : ", ") + name;
  return {nullptr, "action \"" + action + "\": there is no adapter \"" + settings.adapter +
                       "\" (loaded: " + (loaded.empty() ? "none" : loaded) + ")"};
}

void PluginHost::refuse(const fs::path& path, const std::string& predicate) {
  refusals_.push_back({path, path.string() + " " + predicate});
}

}  // namespace fulfilld
