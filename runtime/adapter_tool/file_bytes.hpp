// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <ios>
#include <optional>
#include <vector>

namespace fulfilld {

using FileBytes = std::vector<std::byte>;

/// All of a file, or nothing if it cannot be read or is larger than 1 GiB.
inline std::optional<FileBytes> file_bytes(const std::filesystem::path& path) {
  constexpr std::streamoff largest = std::streamoff{1} << 30;
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  const std::streamoff size = file ? std::streamoff(file.tellg()) : -1;
  if (size < 0 || size > largest) return std::nullopt;
  FileBytes bytes(static_cast<std::size_t>(size));
  file.seekg(0);
  file.read(reinterpret_cast<char*>(bytes.data()), size);
  if (!file) return std::nullopt;
  return bytes;
}

}  // namespace fulfilld
