// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace fulfilld {

/// What the bytes of a shared library say of what it gives and needs (System V gABI, chapters 4 and 5, and the GNU
/// additions). What cannot be read is left out: `inspect_plugin` says whether a file is whole.
struct LibraryFile {
  std::string machine;                   ///< e.g. "x86-64"; empty: not a 64-bit ELF file of this byte order
  std::vector<std::string> libraries;    ///< DT_NEEDED
  std::vector<std::string> search_path;  ///< DT_RUNPATH or DT_RPATH, as it stands there
  std::set<std::string> exported;        ///< what others can bind to
  std::set<std::string> unique;          ///< of these, STB_GNU_UNIQUE: the library is never unloaded again
  std::set<std::string> undefined;       ///< what must come from elsewhere; weak symbols need not
  std::set<std::string> versions;        ///< that it defines, e.g. "GLIBC_2.36"
  std::map<std::string, std::set<std::string>> needed_versions;  ///< by library
};

[[nodiscard]] LibraryFile read_library(std::span<const std::byte> file);

}  // namespace fulfilld
