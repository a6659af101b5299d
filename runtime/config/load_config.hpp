// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "runtime/config/config.hpp"
#include "runtime/config/environment.hpp"
#include "runtime/config/reading.hpp"

namespace fulfilld {

/// Where a configuration comes from.
struct ConfigSources {
  std::optional<std::filesystem::path> file;      ///< `--config FILE`
  EnvironmentLookup environment;                  ///< usually `process_environment()`
  std::filesystem::path working_directory = ".";  ///< where `.env` is looked for
  std::filesystem::path program;                  ///< the running program: adapters are in ../lib/fulfilld/adapters
};

/// A configuration that may be used if there are no problems.
struct LoadedConfig {
  Config config;
  Origins origins;                ///< where each setting that is no default was written
  std::vector<Problem> problems;  ///< every mistake, in the order of the file
  std::vector<Problem> warnings;  ///< what can be used, and somebody should look at

  [[nodiscard]] bool usable() const noexcept { return problems.empty(); }
};

/// Defaults, then the file, then the environment over `.env` (see the README for which wins). Never throws for what
/// is wrong in there.
[[nodiscard]] LoadedConfig load_config(const ConfigSources& sources);

}  // namespace fulfilld
