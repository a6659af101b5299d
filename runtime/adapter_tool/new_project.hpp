// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace fulfilld {

/// `fulfilld-adapter new`
struct NewOptions {
  std::string name;
  std::filesystem::path directory = ".";
};

/// A project that was written, or why there is none.
struct NewProject {
  std::filesystem::path directory;
  std::vector<std::string> files;  ///< names within it
  std::string problem;             ///< a sentence; empty: all was written
};

/// Writes the project `directory/name`. What exists is never touched.
[[nodiscard]] NewProject write_new_project(const NewOptions& options);

/// The same, told on the standard output. Returns the exit status.
[[nodiscard]] int new_command(const NewOptions& options);

}  // namespace fulfilld
