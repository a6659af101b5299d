// SPDX-License-Identifier: Apache-2.0
#include "runtime/journal/damage.hpp"

#include <sqlite3.h>

#include <fstream>
#include <system_error>

#include "runtime/journal/journal_options.hpp"

namespace fulfilld::journal {
namespace fs = std::filesystem;
namespace {

void move_with_log(const fs::path& from, const fs::path& to) {
  std::error_code error;
  if (fs::exists(log_of(from))) fs::rename(log_of(from), log_of(to), error);
  if (!error && fs::exists(from)) fs::rename(from, to, error);
  if (error)
    throw JournalError("the damaged journal " + from.string() + " cannot be renamed (" + error.message() +
                       "): give this user write access to its directory");
}

/// SQLite would open it for reading only (file format, section 1.3.3: 1 is legacy, 2 is with a write-ahead log).
bool names_unknown_format(const fs::path& database) {
  constexpr std::streamoff write_version = 18;
  std::ifstream file(database, std::ios::binary);
  return file.seekg(write_version) && file.peek() > 2;
}

fs::path check_marker(const fs::path& database) { return database.string() + ".check"; }

}  // namespace

bool speaks_of_damage(const SQLite::Exception& error) noexcept {
  switch (error.getErrorCode() & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
    case SQLITE_ERROR:  // a table or a column that must be there is not
    case SQLITE_MISMATCH:
    case SQLITE_CONSTRAINT:
      return true;
    default:
      return error.getExtendedErrorCode() == SQLITE_IOERR_SHORT_READ;
  }
}

void check_table(Database& database, const std::string& table) {
  auto check = database.prepare("PRAGMA quick_check('" + table + "')");
  if (!check.executeStep()) throw Damage("its table " + table + " cannot be checked");
  const auto finding = check.getColumn(0).getString();
  if (finding != "ok") throw Damage("its table " + table + " is damaged (" + finding + ")");
}

void request_full_check(const fs::path& database) noexcept { std::ofstream(check_marker(database)).put('\n'); }

void check_all_if_requested(Database& connection, const fs::path& database) {
  if (!fs::exists(check_marker(database))) return;
  auto check = connection.prepare("PRAGMA quick_check");
  if (!check.executeStep()) throw Damage("it cannot be checked");
  const auto finding = check.getColumn(0).getString();
  if (finding != "ok") throw Damage("it is damaged (" + finding + ")");
  fs::remove(check_marker(database));
}

void check_files(const fs::path& database) {
  std::error_code none;
  const auto log = log_of(database);
  // SQLite takes a file of one byte for an empty one.
  if (fs::exists(database, none) && fs::file_size(database, none) == 1)
    throw Damage("it is cut off after its first byte");
  if (names_unknown_format(database)) throw Damage("its header names a format that SQLite does not write");
  if (fs::exists(log, none) && fs::file_size(log, none) > 0 &&
      (!fs::exists(database, none) || fs::file_size(database, none) == 0))
    throw Damage("it is empty although its log is not");
}

void set_aside(const fs::path& database) {
  move_with_log(database, salvage_source(database));
  fs::remove(check_marker(database));
}

bool salvage_waits(const fs::path& database) {
  const auto source = salvage_source(database);
  return fs::exists(source) || fs::exists(log_of(source));
}

fs::path salvage_source(fs::path database) { return database += ".salvage"; }

void discard_partial_salvage(const fs::path& database) {
  const auto source = salvage_source(database);
  // The log moves first: without the database beside it, the one in place is still the damaged one.
  if (!fs::exists(source) && fs::exists(database)) return move_with_log(database, source);
  std::error_code error;
  fs::remove(log_of(database), error);
  fs::remove(database, error);
}

fs::path keep_for_inspection(const fs::path& database) {
  fs::path kept;
  for (int number = 1; kept.empty() || fs::exists(kept) || fs::exists(log_of(kept)); ++number)
    kept = database.string() + ".damaged-" + std::to_string(number);
  move_with_log(salvage_source(database), kept);
  return kept;
}

fs::path log_of(fs::path database) { return database += "-wal"; }

}  // namespace fulfilld::journal
