// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace fulfilld {

/// `fulfilld-adapter verify`
struct VerifyOptions {
  std::filesystem::path file;
  std::optional<std::filesystem::path> config;
  std::optional<std::string> action;
  std::optional<std::string> data;
  std::optional<std::filesystem::path> answers;
  std::optional<std::string> rule;      ///< this one only
  std::optional<std::string> scenario;  ///< for the program itself: be the process that plays it
  bool json = false;                    ///< tell it to a machine
};

/// Tries the adapter against a backend that does all that backends do, and tells for each rule on the standard output
/// whether it follows it. Returns the exit status.
[[nodiscard]] int verify_command(const VerifyOptions& options);

}  // namespace fulfilld
