// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "runtime/config/load_config.hpp"

namespace fulfilld {

/// What a command prints, and the exit status: 0 goes to standard output, anything else to standard error.
struct Report {
  std::string text;
  int status = 0;
};

/// `--check-config`: every mistake on a line of its own and status 1, or one line that all is well.
[[nodiscard]] Report check_report(const LoadedConfig& loaded);

/// `--print-config`: all settings in force, shaped as TOML, each with its origin; secrets are masked. The mistakes and
/// status 1 if the configuration is not usable.
[[nodiscard]] Report print_report(const LoadedConfig& loaded);

}  // namespace fulfilld
