// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fulfill/abi.h>

#include <filesystem>
#include <memory>
#include <string>

namespace fulfilld {

/// A loaded adapter library. It stays mapped as long as any Plugin of it exists: keep the pointer in whatever the
/// library made. Immutable; any thread.
class Plugin {
 public:
  virtual ~Plugin() = default;

  [[nodiscard]] const fulfill_descriptor_v1& functions() const noexcept { return *functions_; }
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] const std::string& version() const noexcept { return version_; }
  [[nodiscard]] const std::string& sdk_version() const noexcept { return sdk_version_; }
  [[nodiscard]] const std::string& compiler() const noexcept { return compiler_; }

 protected:
  Plugin() = default;
  const fulfill_descriptor_v1* functions_ = nullptr;
  std::filesystem::path path_;
  std::string name_;
  std::string version_;
  std::string sdk_version_;
  std::string compiler_;
};
using PluginPtr = std::shared_ptr<const Plugin>;

/// A plugin, or why the file is none: one sentence without the path and the full stop, e.g. "is truncated".
struct LoadedPlugin {
  PluginPtr plugin;
  std::string problem;
};

/// Checks the file (owner's file mode, ELF, descriptor) without running its code, then loads it, with immediate and
/// local binding. Blocks on the disk.
[[nodiscard]] LoadedPlugin load_plugin(const std::filesystem::path& path);

}  // namespace fulfilld
