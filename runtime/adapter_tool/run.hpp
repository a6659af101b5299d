// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace fulfilld {

/// `fulfilld-adapter run`
struct RunOptions {
  std::filesystem::path file;
  std::optional<std::filesystem::path> config;
  std::optional<std::string> action;
  std::optional<std::string> data;               ///< JSON; nothing: that of the answers
  std::optional<std::filesystem::path> answers;  ///< nothing: the calls really go out
};

/// Executes once, and tells each call, what the adapter reports and the result on the standard output. Returns the exit
/// status.
[[nodiscard]] int run_command(const RunOptions& options);

}  // namespace fulfilld
