// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/execution.hpp"
#include "runtime/journal/bloom_filter.hpp"
#include "runtime/journal/database.hpp"
#include "runtime/journal/fingerprint_map.hpp"
#include "runtime/journal/sip_hash.hpp"

namespace fulfilld::journal {

/// How far an execution has come.
enum class Progress : std::uint8_t { unknown, accepted, decided, ended };

/// The tables of one partition: `accept_N`, `outcome_N`, `ending_N`, `note_N`, `alias_N`, and once it is sealed
/// `key_N`.
struct PartitionTables {
  std::uint64_t number = 0;

  [[nodiscard]] std::string accept() const { return "accept_" + std::to_string(number); }
  [[nodiscard]] std::string outcome() const { return "outcome_" + std::to_string(number); }
  [[nodiscard]] std::string ending() const { return "ending_" + std::to_string(number); }
  [[nodiscard]] std::string note() const { return "note_" + std::to_string(number); }
  [[nodiscard]] std::string alias() const { return "alias_" + std::to_string(number); }
  [[nodiscard]] std::string key() const { return "key_" + std::to_string(number); }

  /// Does nothing where they exist: a commit whose success was not reported may have made them.
  void create(Database& database) const;
};

/// Statements that write into a partition and read single rows of it; kept for as long as it has unended executions.
struct PartitionStatements {
  PartitionStatements(Database& database, const PartitionTables& tables);

  SQLite::Statement insert_accept;
  SQLite::Statement insert_outcome;
  SQLite::Statement insert_ending;
  SQLite::Statement insert_note;
  SQLite::Statement insert_alias;
  SQLite::Statement select_identity;   ///< id, url, action, body by seq
  SQLite::Statement select_alias;      ///< digest, key by seq
  SQLite::Statement select_last_note;  ///< the highest entry from one to another, both included
};

/// What the journal remembers of one partition. Open (the last one), closed (indexed from memory), sealed (indexed
/// by its key table), ended (nothing in it is unfinished), purged.
class Partition {
 public:
  Partition(PartitionTables its_tables, std::uint64_t first, WallTime opened)
      : tables(its_tables), first_sequence(first), opened_at(opened), purged_to(first) {}

  [[nodiscard]] Progress progress(std::uint64_t sequence) const noexcept;
  /// Keeps `unfinished` right. The sequence must not be below the first one.
  void set_progress(std::uint64_t sequence, Progress progress);
  /// How many are accepted and not yet ended.
  [[nodiscard]] std::size_t unfinished() const noexcept { return unfinished_; }
  /// One more than the last sequence that has any progress.
  [[nodiscard]] std::uint64_t end_sequence() const noexcept { return first_sequence + progress_.size(); }
  void close(WallTime at, std::uint64_t end) noexcept;
  /// Nothing more will happen in it; frees what served progress.
  void set_ended() noexcept;

  [[nodiscard]] PartitionStatements& statements(Database& database);
  void release_statements() noexcept { statements_.reset(); }

  PartitionTables tables;
  std::uint64_t first_sequence;
  WallTime opened_at;
  std::optional<WallTime> closed_at;
  std::uint64_t last_end = 0;  ///< once it is closed: where the next one begins
  bool ended = false;          ///< closed, and nothing in it is unfinished
  bool sealed = false;         ///< `key_N` is complete and `filter` in force; otherwise `fingerprints`
  bool key_readable = true;    ///< false once `key_N` was found damaged
  std::uint64_t purged_to;     ///< once it is purged: the rows below are gone
  std::size_t bytes = 0;       ///< while it is open: about how much it holds
  FingerprintMap fingerprints;
  BloomFilter filter;

 private:
  std::vector<Progress> progress_;  ///< by sequence - first_sequence
  std::size_t unfinished_ = 0;
  std::unique_ptr<PartitionStatements> statements_;
};

/// Writes what the table `partition` holds of it, in place of what was there.
void save_partition(Database& database, const Partition& partition);

/// All partitions, oldest first, as `save_partition` has written them. Throws `Damage`.
[[nodiscard]] std::vector<std::unique_ptr<Partition>> read_partitions(Database& database);

/// Reads what an open or unended partition has to remember. Throws `Damage` where it makes no sense.
void load_progress(Database& database, Partition& partition);

/// The keys under which the ids and the clients' Idempotency-Keys are hashed to fingerprints.
struct FingerprintKeys {
  SipKey ids;
  SipKey aliases;
};

/// Fills `fingerprints` by one scan over the ids and the aliases.
void load_fingerprints(Database& database, Partition& partition, const FingerprintKeys& keys);

/// Fills `bytes` by one scan over the accepts.
void load_bytes(Database& database, Partition& partition);

/// What an accept adds to `bytes`.
[[nodiscard]] std::size_t bytes_of_accept(const Execution& execution) noexcept;

}  // namespace fulfilld::journal
