// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "runtime/adapter_tool/library_search.hpp"

namespace fulfilld {

/// What a file is, found without running a line of its code.
struct CheckedFile {
  bool has_descriptor = false;  ///< else the next six say nothing
  std::string name;
  std::string version;
  std::string sdk_version;
  std::string compiler;
  std::uint32_t abi_version = 0;
  std::vector<std::string> host_functions;  ///< that the host must have
  std::string mode;                         ///< `rw-r--r--`; empty: there is no such file
  std::uintmax_t size = 0;
  LibraryFile library;
  Needs needs;
  std::vector<std::string> problems;  ///< predicates, e.g. "is truncated"; none: fulfilld takes it
};

[[nodiscard]] CheckedFile check_file(const std::filesystem::path& path);

/// `fulfilld-adapter check`: tells it on the standard output. Returns the exit status.
[[nodiscard]] int check_command(const std::filesystem::path& path);

}  // namespace fulfilld
