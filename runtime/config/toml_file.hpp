// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "runtime/config/node.hpp"

namespace fulfilld {

/// A file as a tree, or the reason why there is none (the reader stops at the first syntax error).
struct TomlFile {
  Node root;  ///< a table, empty if there are problems
  std::vector<Problem> problems;
};

/// Reads TOML 1.0. `name` is how the file is called in messages.
[[nodiscard]] TomlFile read_toml(std::string_view text, const std::string& name);

/// Reads a file of at most 1 MiB.
[[nodiscard]] TomlFile read_toml_file(const std::filesystem::path& path);

}  // namespace fulfilld
