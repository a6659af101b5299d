// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "runtime/adapter_tool/library_file.hpp"

namespace fulfilld {

/// Finds shared libraries where the dynamic loader of this process would (ld.so(8)), without loading any.
class LibrarySearch {
 public:
  /// Reads the loader's cache and LD_LIBRARY_PATH.
  LibrarySearch();

  /// Where a library of that name is, for one in `directory` with that search path of its own; empty: nowhere.
  [[nodiscard]] std::filesystem::path find(const std::string& name, const std::filesystem::path& directory,
                                           const std::vector<std::string>& search_path) const;

 private:
  std::map<std::string, std::filesystem::path> cache_;
  std::vector<std::filesystem::path> preferred_;
};

/// A library that another needs.
struct NeededLibrary {
  std::string name;
  std::filesystem::path path;  ///< empty: it cannot be found
};

/// What a library needs, and whether it is there.
struct Needs {
  std::vector<NeededLibrary> libraries;       ///< its own, in its order
  std::vector<std::string> missing_versions;  ///< "GLIBC_2.38 of libc.so.6"
  std::vector<std::string> missing_symbols;   ///< that none of the libraries has, nor what those need in turn
};

/// `path` is the library's file.
[[nodiscard]] Needs find_needs(const LibraryFile& library, const std::filesystem::path& path);

}  // namespace fulfilld
