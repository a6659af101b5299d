// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fulfill/abi.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace fulfilld {

/// Which content a path stood for when it was looked at.
struct FileStamp {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;
  std::chrono::nanoseconds modified{0};  ///< since 1970

  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

/// A loaded adapter library. It stays mapped as long as any Plugin of it exists: keep the pointer in whatever the
/// library made. Immutable; any thread.
class Plugin {
 public:
  virtual ~Plugin() = default;

  [[nodiscard]] const fulfill_descriptor_v1& functions() const noexcept { return *functions_; }
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  [[nodiscard]] const FileStamp& stamp() const noexcept { return stamp_; }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] const std::string& version() const noexcept { return version_; }
  [[nodiscard]] const std::string& sdk_version() const noexcept { return sdk_version_; }
  [[nodiscard]] const std::string& compiler() const noexcept { return compiler_; }

 protected:
  Plugin() = default;
  const fulfill_descriptor_v1* functions_ = nullptr;
  std::filesystem::path path_;
  FileStamp stamp_;
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

/// What an adapter library says of itself.
struct InspectedPlugin {
  FileStamp stamp;
  std::string name;
  std::string version;
  std::string sdk_version;
  std::string compiler;
  std::string problem;  ///< as of `LoadedPlugin`; if it is not empty, the rest may be
};

/// Checks a file (who may write it, ELF, descriptor) without running its code. Blocks on the disk.
[[nodiscard]] InspectedPlugin inspect_plugin(const std::filesystem::path& path);

/// Inspects a file and loads it, with immediate and local binding. Blocks on the disk, and runs the library's
/// constructors. A path that is mapped already gives what is mapped, whatever the file holds now.
[[nodiscard]] LoadedPlugin load_plugin(const std::filesystem::path& path);

}  // namespace fulfilld
