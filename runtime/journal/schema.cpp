// SPDX-License-Identifier: Apache-2.0
#include "runtime/journal/schema.hpp"

#include <cstring>
#include <random>
#include <string>
#include <string_view>

#include "runtime/journal/damage.hpp"

namespace fulfilld::journal {
namespace {

std::string digest_of(std::string_view bytes) {
  const auto digest = sip_hash({}, bytes);
  return {reinterpret_cast<const char*>(&digest), sizeof(digest)};
}

void make_tables(Database& database) {
  database.run("CREATE TABLE meta(name TEXT PRIMARY KEY, value) WITHOUT ROWID");
  database.run(
      "CREATE TABLE partition(number INTEGER PRIMARY KEY, digest INTEGER, first_seq INTEGER, opened_at INTEGER, "
      "closed_at INTEGER, end_seq INTEGER, ended INTEGER, filter BLOB)");
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

int number_answered(Database& database, const char* sql) {
  auto query = database.prepare(sql);
  return query.executeStep() ? query.getColumn(0).getInt() : 0;
}

}  // namespace

std::span<const Migration> known_migrations() noexcept { return {}; }

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

SipKey fingerprint_key(Database& database) {
  auto query = database.prepare("SELECT value FROM meta WHERE name = 'fingerprint_key'");
  if (!query.executeStep()) throw Damage("the key of its fingerprints is missing");
  const auto bytes = bytes_of(query, 0);
  SipKey key;
  if (bytes.size() != sizeof(key) + 8 || bytes.substr(sizeof(key)) != digest_of(bytes.substr(0, sizeof(key))))
    throw Damage("the key of its fingerprints is not what was written");
  std::memcpy(&key, bytes.data(), sizeof(key));
  return key;
}

}  // namespace fulfilld::journal
