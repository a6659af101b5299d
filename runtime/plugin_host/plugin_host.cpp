// SPDX-License-Identifier: Apache-2.0
#include "runtime/plugin_host/plugin_host.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "runtime/plugin_host/plugin_adapter.hpp"

namespace fulfilld {

namespace fs = std::filesystem;

PluginHost::PluginHost(std::vector<fs::path> files, std::vector<fs::path> directories)
    : files_(std::move(files)), directories_(std::move(directories)) {}

void PluginHost::load() {
  refusals_.clear();
  std::erase_if(mapped_, [](const auto& entry) { return entry.second.expired(); });
  Found found;
  for (const auto& file : files_) load_place({file}, found);
  for (const auto& directory : directories_) load_place(libraries_in(directory), found);
  for (const auto& [name, plugin] : plugins_) {
    if (!found.emplace(name, plugin).second) continue;
    std::error_code error;
    if (!fs::exists(plugin->path(), error))
      refuse(plugin->path(), "is gone; its adapter \"" + name + "\" stays until the next start");
  }
  plugins_ = std::move(found);
}

std::vector<fs::path> PluginHost::libraries_in(const fs::path& directory) {
  std::vector<fs::path> files;
  std::error_code error;
  fs::directory_iterator entries(directory, error);
  if (error) {
    refuse(directory, "cannot be read: " + error.message());
    return files;
  }
  if ((fs::status(directory, error).permissions() & fs::perms::others_write) != fs::perms::none) {
    refuse(directory, "may be written by everyone, so nothing in it can be trusted (chmod o-w)");
    return files;
  }
  for (; !error && entries != fs::directory_iterator(); entries.increment(error))
    if (entries->path().extension() == ".so") files.push_back(entries->path());
  if (error) refuse(directory, "cannot be read to its end: " + error.message());
  std::sort(files.begin(), files.end());
  return files;
}

void PluginHost::load_place(const std::vector<fs::path>& files, Found& found) {
  std::vector<Candidate> candidates;
  for (const auto& file : files) look_at(file, candidates);
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.modified > b.modified; });
  std::map<std::string, fs::path> of_this_place;
  for (const auto& candidate : candidates) {
    if (of_this_place.contains(candidate.name)) continue;  // an older build
    if (const auto first = found.find(candidate.name); first != found.end()) {
      refuse(candidate.path,
             "is named \"" + candidate.name + "\" like " + first->second->path().string() + ", which comes first");
      continue;
    }
    auto plugin = candidate.mapped != nullptr ? candidate.mapped : map(candidate.path);
    if (plugin == nullptr) continue;
    found.emplace(candidate.name, std::move(plugin));
    of_this_place.emplace(candidate.name, candidate.path);
  }
}

void PluginHost::look_at(const fs::path& path, std::vector<Candidate>& candidates) {
  auto inspected = inspect_plugin(path);
  const auto known = mapped_.find(path);
  const auto mapped = known == mapped_.end() ? nullptr : known->second.lock();
  if (mapped != nullptr && mapped->stamp() != inspected.stamp) {
    refuse(path, "was changed after it was loaded, and is not used; give a new build a file name of its own");
    const auto in_use = plugins_.find(mapped->name());
    if (in_use != plugins_.end() && in_use->second == mapped)
      candidates.push_back({path, mapped->name(), mapped->stamp().modified, mapped});
    return;
  }
  if (!inspected.problem.empty()) return refuse(path, inspected.problem);
  candidates.push_back({path, std::move(inspected.name), inspected.stamp.modified, mapped});
}

PluginPtr PluginHost::map(const fs::path& path) {
  auto [plugin, problem] = load_plugin(path);
  if (plugin == nullptr) {
    refuse(path, problem);
  } else {
    mapped_[path] = plugin;
  }
  return plugin;
}

MadeAdapter PluginHost::make_adapter(const std::string& action, const ActionSettings& settings) const {
  const auto found = plugins_.find(settings.adapter);
  if (found != plugins_.end()) return make_plugin_adapter(found->second, action, settings);
  std::string loaded;
  for (const auto& [name, plugin] : plugins_) loaded += (loaded.empty() ? "" : ", ") + name;
  return {nullptr,
          "action \"" + action + "\": there is no adapter \"" + settings.adapter +
              "\" (loaded: " + (loaded.empty() ? "none" : loaded) + ")",
          {}};
}

void PluginHost::refuse(const fs::path& path, const std::string& predicate) {
  refusals_.push_back({path, path.string() + " " + predicate});
}

}  // namespace fulfilld
