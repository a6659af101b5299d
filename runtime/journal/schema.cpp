// SPDX-License-Identifier: Apache-2.0
#include "runtime/journal/schema.hpp"

#include <array>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/journal/damage.hpp"
#include "runtime/journal/tables.hpp"

namespace fulfilld::journal {
namespace {

// "alias" in ASCII: a key must never have the fingerprint of an id that reads the same.
constexpr std::uint64_t alias_domain = 0x616c696173;

std::string digest_of(std::string_view bytes) {
  const auto digest = sip_hash({}, bytes);
  return {reinterpret_cast<const char*>(&digest), sizeof(digest)};
}

void make_tables(Database& database) {
  create_table(database, "meta");
  create_table(database, "partition");
  std::random_device random;
  std::string key(16, '\0');
  for (char& byte : key) byte = static_cast<char>(random());
  key += digest_of(key);
  auto insert = database.prepare("INSERT INTO meta(name, value) VALUES ('schema_version', 1), ('fingerprint_key', ?)");
  bind_blob(insert, 1, key);
  execute(insert);
}

void set_version(Database& database, int version) {
  database.run("UPDATE meta SET value = " + std::to_string(version) + " WHERE name = 'schema_version'");
  database.run("PRAGMA user_version = " + std::to_string(version));
}

/// To 2. The text of a step stays as it is, whatever becomes of these tables later.
void add_notes_and_aliases(Database& database) {
  std::vector<std::string> numbers;
  auto rows = database.prepare("SELECT number FROM partition");
  while (rows.executeStep()) numbers.push_back(std::to_string(rows.getColumn(0).getInt64()));
  for (const auto& number : numbers) {
    database.run("CREATE TABLE note_" + number +
                 "(entry INTEGER PRIMARY KEY, digest INTEGER, seq INTEGER, kind INTEGER, reason INTEGER, "
                 "noted_at INTEGER)");
    database.run("CREATE TABLE alias_" + number + "(seq INTEGER PRIMARY KEY, digest INTEGER, key TEXT)");
  }
}

int number_answered(Database& database, const char* sql) {
  auto query = database.prepare(sql);
  return query.executeStep() ? query.getColumn(0).getInt() : 0;
}

}  // namespace

std::span<const Migration> known_migrations() noexcept {
  static const std::array<Migration, 1> migrations{add_notes_and_aliases};
  return migrations;
}

void prepare_schema(Database& database, std::span<const Migration> migrations) {
  const int known = 1 + static_cast<int>(migrations.size());
  const bool fresh = number_answered(database, "SELECT count(*) FROM sqlite_master") == 0;
  int found = 1;
  if (!fresh) {
    found = number_answered(database, "SELECT value FROM meta WHERE name = 'schema_version'");
    if (found < 1 || found != number_answered(database, "PRAGMA user_version"))
      throw Damage("the version of its tables is not to be read");
    if (found > known) throw NewerSchema(found);
    if (found == known) return;
  }
  database.begin();
  try {
    if (fresh) make_tables(database);
    for (int version = found; version < known; ++version) migrations[static_cast<std::size_t>(version - 1)](database);
    set_version(database, known);
    database.commit();
  } catch (...) {
    database.rollback();
    throw;
  }
}

FingerprintKeys fingerprint_keys(Database& database) {
  auto query = database.prepare("SELECT value FROM meta WHERE name = 'fingerprint_key'");
  if (!query.executeStep()) throw Damage("the key of its fingerprints is missing");
  const auto bytes = bytes_of(query, 0);
  SipKey key;
  if (bytes.size() != sizeof(key) + 8 || bytes.substr(sizeof(key)) != digest_of(bytes.substr(0, sizeof(key))))
    throw Damage("the key of its fingerprints is not what was written");
  std::memcpy(&key, bytes.data(), sizeof(key));
  return {.ids = key, .aliases = {key.first ^ alias_domain, key.second}};
}

}  // namespace fulfilld::journal
