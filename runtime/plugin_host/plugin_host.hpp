// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
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
  std::string refusal;  ///< the adapter's own part of it, which may name a setting; empty if it was not asked
};

/// The adapters that this process has loaded, by name. One thread at a time; what it makes may be used by any.
class PluginHost {
 public:
  /// Loads nothing yet. An adapter's name belongs to the first of the files, then of the directories, that has it; in a
  /// directory, to the file that was modified last, so that a new build may lie beside the old one.
  PluginHost(std::vector<std::filesystem::path> files, std::vector<std::filesystem::path> directories);

  /// Looks at all places and loads what is new: afterwards all is as if the process had been started now. Two things
  /// are kept, and named among the refusals: a library that was overwritten under its own name (the system would give
  /// the old code), and one whose file is gone. A file that is refused stops none of the others. Blocks on the disk.
  void load();

  [[nodiscard]] const std::map<std::string, PluginPtr>& plugins() const noexcept { return plugins_; }
  /// Of the latest `load`.
  [[nodiscard]] const std::vector<PluginRefusal>& refusals() const noexcept { return refusals_; }

  /// Makes `settings.adapter` for that action. The adapter checks its settings: unknown or missing ones refuse it.
  [[nodiscard]] MadeAdapter make_adapter(const std::string& action, const ActionSettings& settings) const;

 private:
  using Found = std::map<std::string, PluginPtr>;
  struct Candidate {
    std::filesystem::path path;
    std::string name;
    std::chrono::nanoseconds modified;
    PluginPtr mapped;  ///< null: it would have to be loaded
  };

  [[nodiscard]] std::vector<std::filesystem::path> libraries_in(const std::filesystem::path& directory);
  void load_place(const std::vector<std::filesystem::path>& files, Found& found);
  void look_at(const std::filesystem::path& path, std::vector<Candidate>& candidates);
  [[nodiscard]] PluginPtr map(const std::filesystem::path& path);
  void refuse(const std::filesystem::path& path, const std::string& predicate);

  std::vector<std::filesystem::path> files_;
  std::vector<std::filesystem::path> directories_;
  Found plugins_;
  /// All that is mapped, also what only runs that began earlier still use.
  std::map<std::filesystem::path, std::weak_ptr<const Plugin>> mapped_;
  std::vector<PluginRefusal> refusals_;
};

}  // namespace fulfilld
