// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <variant>

#include "runtime/adapter_tool/new_project.hpp"
#include "runtime/adapter_tool/run.hpp"
#include "runtime/adapter_tool/verify.hpp"

namespace fulfilld {

/// `fulfilld-adapter check`
struct CheckOptions {
  std::filesystem::path file;
};

/// What is to be printed instead of doing anything: help, version, or a mistake in the command line.
struct CommandLineAnswer {
  std::string text;
  int status = 0;
};

using AdapterCommand = std::variant<CommandLineAnswer, NewOptions, CheckOptions, RunOptions, VerifyOptions>;

/// Never throws for what the user wrote.
[[nodiscard]] AdapterCommand parse_adapter_command(int argc, const char* const* argv, const std::string& version);

}  // namespace fulfilld
