// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "runtime/config/report.hpp"

namespace fulfilld {

/// What the program was asked to do.
struct CommandLine {
  enum class Command { serve, check_config, print_config };
  Command command = Command::serve;
  std::optional<std::filesystem::path> config_file;
  std::optional<Report> answer;  ///< set for --help, --version and mistakes: print it and end
};

/// Never throws for what the user wrote; a mistake has status 2.
[[nodiscard]] CommandLine parse_command_line(int argc, const char* const* argv, const std::string& version);

}  // namespace fulfilld
