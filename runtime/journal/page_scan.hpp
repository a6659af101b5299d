// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace fulfilld::journal {

/// A value as it stands in a record: a number, or bytes (text or blob).
struct RawValue {
  enum class Kind : std::uint8_t { null, integer, bytes };
  Kind kind = Kind::null;
  std::int64_t integer = 0;
  std::string bytes;
};

struct RawRow {
  std::int64_t rowid = 0;
  std::vector<RawValue> values;
};

/// Calls `row` for everything in a database file and its write-ahead log that reads like a table row (SQLite file
/// format, sections 1.5, 2.1 and 4.1; pages of 4096 bytes). Old versions of pages and their rows included, damaged
/// ones too: only a digest tells. Never fails on content; throws `std::filesystem::filesystem_error` if a file
/// cannot be read.
void scan_pages(const std::filesystem::path& database, const std::function<void(const RawRow&)>& row);

}  // namespace fulfilld::journal
