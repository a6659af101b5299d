// SPDX-License-Identifier: Apache-2.0
#include "runtime/journal/partition.hpp"

#include "runtime/journal/tables.hpp"

namespace fulfilld::journal {
namespace {

bool is_unfinished(Progress progress) noexcept {
  return progress == Progress::accepted || progress == Progress::decided;
}

}  // namespace

void PartitionTables::create(Database& database) const {
  for (const auto& table : {accept(), outcome(), ending(), note(), alias()}) create_table_if_absent(database, table);
}

// Replacing changes nothing but rows whose commit took place although it was reported as failed.
PartitionStatements::PartitionStatements(Database& database, const PartitionTables& tables)
    : insert_accept(database.prepare("INSERT OR REPLACE INTO " + tables.accept() + " VALUES (?,?,?,?,?,?,?,?,?)")),
      insert_outcome(database.prepare("INSERT OR REPLACE INTO " + tables.outcome() + " VALUES (?,?,?,?,?)")),
      insert_ending(database.prepare("INSERT OR REPLACE INTO " + tables.ending() + " VALUES (?,?,?,?,?)")),
      insert_note(database.prepare("INSERT OR REPLACE INTO " + tables.note() + " VALUES (?,?,?,?,?,?)")),
      insert_alias(database.prepare("INSERT OR REPLACE INTO " + tables.alias() + " VALUES (?,?,?)")),
      select_identity(database.prepare("SELECT id, url, action, body FROM " + tables.accept() + " WHERE seq = ?")),
      select_alias(database.prepare("SELECT digest, key FROM " + tables.alias() + " WHERE seq = ?")),
      select_last_note(database.prepare("SELECT entry FROM " + tables.note() +
                                        " WHERE entry BETWEEN ? AND ? ORDER BY entry DESC LIMIT 1")) {}

Progress Partition::progress(std::uint64_t sequence) const noexcept {
  if (sequence < first_sequence || sequence >= end_sequence()) return Progress::unknown;
  return progress_[sequence - first_sequence];
}

void Partition::set_progress(std::uint64_t sequence, Progress progress) {
  if (sequence >= end_sequence()) progress_.resize(sequence - first_sequence + 1, Progress::unknown);
  Progress& entry = progress_[sequence - first_sequence];
  unfinished_ += is_unfinished(progress) ? 1 : 0;
  unfinished_ -= is_unfinished(entry) ? 1 : 0;
  entry = progress;
}

void Partition::close(WallTime at, std::uint64_t end) noexcept {
  closed_at = at;
  last_end = end;
}

void Partition::set_ended() noexcept {
  ended = true;
  progress_ = {};
  statements_.reset();
}

PartitionStatements& Partition::statements(Database& database) {
  if (!statements_) statements_ = std::make_unique<PartitionStatements>(database, tables);
  return *statements_;
}

}  // namespace fulfilld::journal
