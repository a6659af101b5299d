// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "runtime/config/load_config.hpp"

namespace fulfilld {

using Variables = std::map<std::string, std::string>;

/// A directory of its own for one test, with an environment that is only what the test says.
class ScratchDirectory {
 public:
  ScratchDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "fulfilld-config-XXXXXX").string();
    EXPECT_NE(mkdtemp(pattern.data()), nullptr);
    path_ = pattern;
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  ~ScratchDirectory() { std::filesystem::remove_all(path_); }

  [[nodiscard]] std::filesystem::path path(const std::string& name) const { return path_ / name; }

  std::filesystem::path write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name), std::ios::binary) << text;
    return path(name);
  }

  [[nodiscard]] LoadedConfig load_environment(const Variables& variables) const {
    ConfigSources sources;
    sources.environment = lookup_in(variables);
    sources.working_directory = path_;
    sources.program = "/usr/bin/fulfilld";
    return load_config(sources);
  }

  [[nodiscard]] LoadedConfig load(const std::string& toml, const Variables& variables = {}) const {
    ConfigSources sources;
    sources.file = write("fulfilld.toml", toml);
    sources.environment = lookup_in(variables);
    sources.working_directory = path_;
    sources.program = "/usr/bin/fulfilld";
    return load_config(sources);
  }

  /// All problems as one text, the directory's name cut out.
  [[nodiscard]] std::string problems_of(const LoadedConfig& loaded) const {
    std::string text;
    for (const auto& problem : loaded.problems) text += problem.text() + '\n';
    const std::string prefix = path_.string() + '/';
    for (auto at = text.find(prefix); at != std::string::npos; at = text.find(prefix)) text.erase(at, prefix.size());
    return text;
  }

 private:
  static EnvironmentLookup lookup_in(const Variables& variables) {
    return [variables](const std::string& name) -> std::optional<std::string> {
      const auto found = variables.find(name);
      return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
  }

  std::filesystem::path path_;
};

/// What a file needs beside the settings under test to be a usable configuration.
inline const std::string least_toml = R"(
[credentials.genesys]
token_url = "https://login.mypurecloud.com/oauth/token"
client_id = "id"
client_secret = "env:SECRET"
[actions.default]
settings.url = "https://backend.example.com/"
)";
inline const Variables least_variables = {{"SECRET", "hunter2"}};

}  // namespace fulfilld
