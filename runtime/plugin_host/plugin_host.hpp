// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "actors/ports/adapter.hpp"
#include "runtime/config/config.hpp"
#include "runtime/plugin_host/plugin.hpp"

namespace fulfilld {

/// A file that was not loaded, and why.
struct PluginRefusal {
  std::filesystem::path path;
  std::string sentence;  ///< for a person, path included
};

/// An adapter made for an action, or why there is none.
struct MadeAdapter {
  AdapterPtr adapter;   ///< keeps its library loaded as long as it, or one of its runs, lives
  std::string problem;  ///< one sentence that names the action; empty if there is an adapter
};

/// The adapters that this process has loaded, by name. One thread at a time; what it makes may be used by any.
class PluginHost {
 public:
  /// Loads every `*.so` in it, in the order of their names. A file that is refused stops none of the others.
  void load_directory(const std::filesystem::path& directory);

  void load_file(const std::filesystem::path& path);

  [[nodiscard]] const std::map<std::string, PluginPtr>& plugins() const noexcept { return plugins_; }
  [[nodiscard]] const std::vector<PluginRefusal>& refusals() const noexcept { return refusals_; }

  /// Makes `settings.adapter` for that action. The adapter checks its settings: unknown or missing ones refuse it.
  [[nodiscard]] MadeAdapter make_adapter(const std::string& action, const ActionSettings& settings) const;

 private:
  void refuse(const std::filesystem::path& path, const std::string& predicate);

  std::map<std::string, PluginPtr> plugins_;
  std::vector<PluginRefusal> refusals_;
};

}  // namespace fulfilld
