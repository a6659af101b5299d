// SPDX-License-Identifier: Apache-2.0
#include "tests/runtime/journal/version_1_journal.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/journal/bloom_filter.hpp"
#include "runtime/journal/row_digest.hpp"
#include "runtime/journal/sip_hash.hpp"

namespace fulfilld::testing {
namespace {

using namespace journal;

// What a journal of schema 1 chose at random.
constexpr SipKey fingerprint_key{0x0706050403020100, 0x0f0e0d0c0b0a0908};

std::string as_bytes(std::uint64_t number) {
  std::string bytes;
  for (int shift = 0; shift < 64; shift += 8) bytes += static_cast<char>(number >> static_cast<unsigned>(shift));
  return bytes;
}

void bind(SQLite::Statement& statement, int index, std::int64_t value) { statement.bind(index, value); }
void bind(SQLite::Statement& statement, int index, const std::string& value) { statement.bind(index, value); }
void bind(SQLite::Statement& statement, int index, std::nullptr_t) { statement.bind(index); }
/// As a blob.
void bind(SQLite::Statement& statement, int index, std::string_view value) {
  statement.bind(index, value.data(), static_cast<int>(value.size()));
}

template <class... Values>
void insert(SQLite::Database& database, const std::string& table, const Values&... values) {
  std::string marks;
  for (std::size_t i = 0; i < sizeof...(values); ++i) marks += i == 0 ? "?" : ",?";
  SQLite::Statement statement(database, "INSERT INTO " + table + " VALUES (" + marks + ")");
  int index = 0;
  (bind(statement, ++index, values), ...);
  statement.exec();
}

void make_tables(SQLite::Database& database) {
  database.exec("CREATE TABLE meta(name TEXT PRIMARY KEY, value) WITHOUT ROWID");
  database.exec(
      "CREATE TABLE partition(number INTEGER PRIMARY KEY, digest INTEGER, first_seq INTEGER, opened_at INTEGER, "
      "closed_at INTEGER, end_seq INTEGER, ended INTEGER, filter BLOB)");
  const auto key = as_bytes(fingerprint_key.first) + as_bytes(fingerprint_key.second);
  const auto stored = key + as_bytes(sip_hash({}, key));
  insert(database, "meta", std::string("schema_version"), std::int64_t{1});
  insert(database, "meta", std::string("fingerprint_key"), std::string_view(stored));
  database.exec("PRAGMA user_version = 1");
}

class OldPartition {
 public:
  OldPartition(std::int64_t number, std::uint64_t first, std::uint64_t end, bool closed)
      : number_(number), first_(first), end_(end), closed_(closed) {}

  void make_tables(SQLite::Database& database) const {
    database.exec("CREATE TABLE " + table("accept_") +
                  "(seq INTEGER PRIMARY KEY, digest INTEGER, id TEXT, url TEXT, token TEXT, action TEXT, "
                  "correlation_id TEXT, accepted_at INTEGER, body BLOB)");
    database.exec("CREATE TABLE " + table("outcome_") +
                  "(seq INTEGER PRIMARY KEY, digest INTEGER, reason INTEGER, decided_at INTEGER, body BLOB)");
    database.exec("CREATE TABLE " + table("ending_") +
                  "(seq INTEGER PRIMARY KEY, digest INTEGER, reason INTEGER, attempts INTEGER, ended_at INTEGER)");
  }

  void take(SQLite::Database& database, std::uint64_t seq, const Version1Execution& e) {
    const auto row = static_cast<std::int64_t>(seq);
    insert(database, table("accept_"), row,
           accept_digest(seq, e.id, e.url, e.token, e.action, e.correlation_id, e.accepted_at, e.data), e.id, e.url,
           e.token, e.action, e.correlation_id, e.accepted_at, std::string_view(e.data));
    if (const auto& o = e.outcome)
      insert(database, table("outcome_"), row, outcome_digest(seq, o->reason, e.accepted_at, o->body), o->reason,
             e.accepted_at, std::string_view(o->body));
    if (const auto& end_of = e.ending)
      insert(database, table("ending_"), row, ending_digest(seq, end_of->reason, end_of->attempts, e.accepted_at),
             end_of->reason, end_of->attempts, e.accepted_at);
    fingerprints_.emplace_back(static_cast<std::int64_t>(sip_hash(fingerprint_key, e.id)), row);
    all_ended_ = all_ended_ && e.ending;
  }

  void finish(SQLite::Database& database, std::int64_t now) {
    const auto opened_at = now - 1000;
    const auto first = static_cast<std::int64_t>(first_);
    const auto end = static_cast<std::int64_t>(end_);
    const bool indexed = closed_ && number_ == 1;
    const std::int64_t ended = indexed && all_ended_ ? 1 : 0;
    BloomFilter filter(fingerprints_.size());
    for (const auto& entry : fingerprints_) filter.insert(static_cast<std::uint64_t>(entry.first));
    const auto digest = partition_digest(static_cast<std::uint64_t>(number_),
                                         {first, opened_at, closed_ ? now : -1, closed_ ? end : 0, ended},
                                         indexed ? filter.bytes() : std::string_view());
    if (!closed_)
      insert(database, "partition", number_, digest, first, opened_at, nullptr, nullptr, ended, nullptr);
    else if (!indexed)
      insert(database, "partition", number_, digest, first, opened_at, now, end, ended, nullptr);
    else
      insert(database, "partition", number_, digest, first, opened_at, now, end, ended, filter.bytes());
    if (!indexed) return;
    std::sort(fingerprints_.begin(), fingerprints_.end());
    database.exec("CREATE TABLE " + table("key_") +
                  "(fingerprint INTEGER, seq INTEGER, PRIMARY KEY(fingerprint, seq)) WITHOUT ROWID");
    for (const auto& [fingerprint, seq] : fingerprints_) insert(database, table("key_"), fingerprint, seq);
  }

 private:
  [[nodiscard]] std::string table(const char* prefix) const { return prefix + std::to_string(number_); }

  std::int64_t number_;
  std::uint64_t first_;
  std::uint64_t end_;
  bool closed_;
  std::vector<std::pair<std::int64_t, std::int64_t>> fingerprints_;  ///< and sequences
  bool all_ended_ = true;
};

}  // namespace

void write_version_1_journal(const std::filesystem::path& directory, std::size_t count,
                             const std::function<Version1Execution(std::size_t)>& execution,
                             std::size_t partition_rows) {
  std::filesystem::create_directories(directory);
  SQLite::Database database((directory / "journal.db").string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  database.exec("PRAGMA page_size=4096; PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; BEGIN");
  make_tables(database);
  const auto now =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
          .count();
  const auto partitions = count / partition_rows + 1;
  for (std::size_t i = 0; i < partitions; ++i) {
    const auto begin = i * partition_rows;
    const auto end = std::min(count, begin + partition_rows);
    OldPartition partition{static_cast<std::int64_t>(i + 1), begin + 1, end + 1, i + 1 < partitions};
    partition.make_tables(database);
    for (auto n = begin; n < end; ++n) partition.take(database, n + 1, execution(n));
    partition.finish(database, now);
  }
  database.exec("COMMIT");
}

}  // namespace fulfilld::testing
