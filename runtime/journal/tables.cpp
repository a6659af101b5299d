// SPDX-License-Identifier: Apache-2.0
#include "runtime/journal/tables.hpp"

#include <array>
#include <string_view>

#include "runtime/journal/damage.hpp"

namespace fulfilld::journal {
namespace {

struct Columns {
  std::string_view kind;  ///< the table's name, without the number of its partition
  std::string_view text;
};

// Stored in each journal, so a change is a migration.
constexpr std::array all_columns{
    Columns{"meta", "(name TEXT PRIMARY KEY, value) WITHOUT ROWID"},
    Columns{"partition",
            "(number INTEGER PRIMARY KEY, digest INTEGER, first_seq INTEGER, opened_at INTEGER, closed_at INTEGER, "
            "end_seq INTEGER, ended INTEGER, filter BLOB)"},
    Columns{"accept",
            "(seq INTEGER PRIMARY KEY, digest INTEGER, id TEXT, url TEXT, token TEXT, action TEXT, "
            "correlation_id TEXT, accepted_at INTEGER, body BLOB)"},
    Columns{"outcome", "(seq INTEGER PRIMARY KEY, digest INTEGER, reason INTEGER, decided_at INTEGER, body BLOB)"},
    Columns{"ending", "(seq INTEGER PRIMARY KEY, digest INTEGER, reason INTEGER, attempts INTEGER, ended_at INTEGER)"},
    Columns{"note",
            "(entry INTEGER PRIMARY KEY, digest INTEGER, seq INTEGER, kind INTEGER, reason INTEGER, "
            "noted_at INTEGER)"},
    Columns{"alias", "(seq INTEGER PRIMARY KEY, digest INTEGER, key TEXT)"},
    Columns{"key", "(fingerprint INTEGER, seq INTEGER, PRIMARY KEY(fingerprint, seq)) WITHOUT ROWID"}};

/// Empty if the journal has no table of that name.
std::string_view columns_of(std::string_view table) noexcept {
  const auto kind = table.substr(0, table.find('_'));
  for (const auto& columns : all_columns)
    if (columns.kind == kind) return columns.text;
  return {};
}

}  // namespace

void create_table(Database& database, const std::string& name) {
  database.run("CREATE TABLE " + name + std::string(columns_of(name)));
}

void create_table_if_absent(Database& database, const std::string& name) {
  database.run("CREATE TABLE IF NOT EXISTS " + name + std::string(columns_of(name)));
}

void check_descriptions(Database& database) {
  auto rows = database.prepare("SELECT name, sql FROM sqlite_schema");
  while (rows.executeStep()) {
    const std::string name(bytes_of(rows, 0));
    if (columns_of(name).empty() || bytes_of(rows, 1) != "CREATE TABLE " + name + std::string(columns_of(name)))
      throw Damage("the description of its table " + name + " is not what was written");
  }
}

}  // namespace fulfilld::journal
