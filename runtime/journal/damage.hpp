// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>

#include "runtime/journal/database.hpp"

namespace fulfilld::journal {

/// What is in the file cannot be what the journal wrote.
class Damage : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// True for an error that speaks of the file's content, not of the disk or of memory.
[[nodiscard]] bool speaks_of_damage(const SQLite::Exception& error) noexcept;

/// Throws `Damage` unless the b-tree of that table is well-formed. Reads all of it.
void check_table(Database& database, const std::string& table);

/// Asks the next opening to check all of the file, as damage was met where it does not usually look.
void request_full_check(const std::filesystem::path& database) noexcept;

/// Does what was requested; throws `Damage`.
void check_all_if_requested(Database& connection, const std::filesystem::path& database);

/// Throws `Damage` where the database is empty although its write-ahead log is not: SQLite would drop the log; and
/// where only one byte is left of it: SQLite would take it for empty; or where its header would make it read-only.
void check_files(const std::filesystem::path& database);

/// Moves the database and its log to `journal.db.salvage[-wal]`; from then on `salvage_waits`, also after a crash.
/// Throws `JournalError` if that fails.
void set_aside(const std::filesystem::path& database);

/// True if a damaged journal was set aside and has not been gone through to its end.
[[nodiscard]] bool salvage_waits(const std::filesystem::path& database);

/// Where `set_aside` puts it.
[[nodiscard]] std::filesystem::path salvage_source(std::filesystem::path database);

/// Removes what an interrupted salvage has written, so that it can begin again.
void discard_partial_salvage(const std::filesystem::path& database);

/// Renames what was salvaged to `journal.db.damaged-N[-wal]`, N being the first that is free; answers that name.
std::filesystem::path keep_for_inspection(const std::filesystem::path& database);

/// The write-ahead log that belongs to a database.
[[nodiscard]] std::filesystem::path log_of(std::filesystem::path database);

}  // namespace fulfilld::journal
