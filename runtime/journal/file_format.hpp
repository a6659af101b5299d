// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fulfilld::journal {

// How SQLite lays out a database and its write-ahead log (https://www.sqlite.org/fileformat2.html), for those who read
// damaged files without SQLite. Sizes in bytes; the page size is the one that `Database` sets.
inline constexpr std::size_t page_size = 4096;
inline constexpr std::size_t file_header = 100;  ///< on the first page of the database
inline constexpr std::size_t log_header = 32;    ///< of the log
inline constexpr std::size_t frame_header = 24;  ///< before each page in the log

/// The number that these bytes, four at most, stand for.
[[nodiscard]] inline std::uint32_t big_endian(std::string_view bytes) noexcept {
  std::uint32_t value = 0;
  for (const char byte : bytes) value = value << 8U | static_cast<unsigned char>(byte);
  return value;
}

}  // namespace fulfilld::journal
