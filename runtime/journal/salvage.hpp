// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>

#include "actors/execution.hpp"
#include "runtime/journal/database.hpp"

namespace fulfilld::journal {

struct Salvaged {
  std::size_t accepts = 0;
  std::size_t outcomes = 0;
  std::size_t endings = 0;
};

/// Copies what is intact in a damaged journal into the partitions of a new, empty one. It does not ask SQLite: it
/// looks at each page of the file, and of its log, for rows whose digest is right, so it matters little which part
/// is damaged (header, schema, inner pages, the middle of the log). The sequences stay; partitions of
/// `partition_rows` are made, closed now except the last. Throws `SQLite::Exception` when the new one cannot be
/// written.
Salvaged salvage(const std::filesystem::path& source, Database& into, std::size_t partition_rows, WallTime now);

}  // namespace fulfilld::journal
