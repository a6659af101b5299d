// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

#include "runtime/config/config.hpp"

namespace fulfilld::testing {

/// A directory of one's own to put plugins into.
class PluginDirectory : public ::testing::Test {
 protected:
  PluginDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "fulfilld-plugins-XXXXXX").string();
    directory_ = ::mkdtemp(name.data());
  }
  ~PluginDirectory() override { std::filesystem::remove_all(directory_); }

  static std::filesystem::path fixture(const std::string& name) {
    return std::filesystem::path(FULFILLD_TEST_PLUGINS) / ("fixture_" + name + ".so");
  }
  std::filesystem::path put(const std::string& name, const std::string& as) {
    std::filesystem::copy_file(fixture(name), directory_ / as);
    std::filesystem::permissions(directory_ / as, std::filesystem::perms::owner_all);
    return directory_ / as;
  }
  /// A build that is younger than all others.
  std::filesystem::path put_newer(const std::string& name, const std::string& as) {
    const auto path = put(name, as);
    newest_ += std::chrono::seconds(1);
    std::filesystem::last_write_time(path, newest_);
    return path;
  }
  std::filesystem::path write(const std::string& as, const std::string& bytes) {
    std::ofstream(directory_ / as, std::ios::binary) << bytes;
    std::filesystem::permissions(directory_ / as, std::filesystem::perms::owner_all);
    return directory_ / as;
  }
  static ActionSettings action_of(const std::string& adapter) {
    ActionSettings settings;
    settings.adapter = adapter;
    return settings;
  }

  std::filesystem::path directory_;

 private:
  std::filesystem::file_time_type newest_ = std::filesystem::file_time_type::clock::now();
};

}  // namespace fulfilld::testing
