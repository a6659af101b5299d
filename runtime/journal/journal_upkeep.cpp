// SPDX-License-Identifier: Apache-2.0
// What JournalStore does to partitions between groups, in steps short enough that an accept hardly notices.
#include <algorithm>
#include <utility>

#include "runtime/journal/journal_store.hpp"
#include "runtime/journal/note.hpp"
#include "runtime/journal/row_digest.hpp"
#include "runtime/journal/sealing.hpp"

namespace fulfilld::journal {
namespace {

constexpr std::size_t seal_rows = 2000;
constexpr std::uint64_t purge_rows = 1000;
constexpr std::chrono::minutes purge_interval{1};
// How often the size is looked at while the bound on it is written once over.
constexpr std::uint64_t looks_until_full = 64;

}  // namespace

JournalStore::~JournalStore() = default;

bool JournalStore::upkeep() {
  database_->checkpoint_if_due();
  if (roll_due()) {
    roll();
    return true;
  }
  return mark_ended() || seal_slice() || purge_slice();
}

void JournalStore::in_transaction(const std::function<void()>& action, const std::function<void()>& undo) {
  database_->begin();
  try {
    action();
    database_->commit();
  } catch (...) {
    database_->rollback();
    if (undo) undo();
    throw;
  }
}

bool JournalStore::roll_due() const {
  const Partition& open = *partitions_.back();
  const auto rows = open.end_sequence() - open.first_sequence;
  const auto most_bytes = bytes_until_close(options_);
  return rows >= options_.partition_rows || (most_bytes > 0 && rows > 0 && open.bytes >= most_bytes) ||
         (rows > 0 && now() - open.opened_at >= options_.partition_age);
}

void JournalStore::roll() {
  const auto time = now();
  Partition* const last = partitions_.empty() ? nullptr : partitions_.back().get();
  auto next =
      std::make_unique<Partition>(PartitionTables{last == nullptr ? 1 : last->tables.number + 1}, next_sequence_, time);
  in_transaction(
      [&] {
        next->tables.create(*database_);
        save_partition(*database_, *next);
        if (last == nullptr) return;
        last->close(time, next_sequence_);
        save_partition(*database_, *last);
      },
      [&] {
        if (last != nullptr) last->closed_at.reset();
      });
  partitions_.push_back(std::move(next));
  look_for_ended_ = true;
  look_for_unsealed_ = true;
}

bool JournalStore::mark_ended() {
  if (!std::exchange(look_for_ended_, false)) return false;
  const auto found = std::find_if(partitions_.begin(), partitions_.end(),
                                  [](const auto& p) { return p->closed_at && !p->ended && p->unfinished() == 0; });
  if (found == partitions_.end()) return false;
  look_for_ended_ = true;
  Partition& partition = **found;
  in_transaction(
      [&] {
        partition.ended = true;
        save_partition(*database_, partition);
      },
      [&] { partition.ended = false; });
  partition.set_ended();
  next_purge_.reset();
  return true;
}

bool JournalStore::seal_slice() {
  if (!sealing_) {
    if (!std::exchange(look_for_unsealed_, false)) return false;
    const auto found =
        std::find_if(partitions_.begin(), partitions_.end(), [](const auto& p) { return p->closed_at && !p->sealed; });
    if (found == partitions_.end()) return false;
    look_for_unsealed_ = true;
    sealing_ = std::make_unique<Sealing>(**found);
  }
  in_transaction([&] { sealing_->write(*database_, seal_rows); }, [&] { sealing_->undo(); });
  if (sealing_->advance(seal_rows)) {
    sealing_.reset();
    next_purge_.reset();
  }
  return true;
}

bool JournalStore::purge_slice() {
  const auto time = now();
  const bool look_at_size = options_.max_bytes > 0 && grown_ >= options_.max_bytes / looks_until_full;
  if (!look_at_size && next_purge_ && time < *next_purge_) return false;
  const bool too_large = is_too_large();
  const auto due = std::find_if(partitions_.begin(), partitions_.end(), [&](const auto& p) {
    const bool begun = p->purged_to > p->first_sequence;
    return p->ended && p->sealed && (too_large || begun || time - *p->closed_at >= options_.retention);
  });
  if (due == partitions_.end()) {
    next_purge_ = time + purge_interval;
    if (too_large) tell_that_it_is_too_large();
    return false;
  }
  next_purge_.reset();
  Partition& partition = **due;
  const auto& tables = partition.tables;
  // A long table is emptied from its beginning, as dropping it in one go would hold up the commits.
  const auto end = partition.purged_to + purge_rows;
  const bool last = end >= (*std::next(due))->first_sequence;
  partition.release_statements();
  in_transaction([&] {
    const auto empty = [&](const std::string& table, const char* key, std::uint64_t until) {
      database_->run(last ? "DROP TABLE IF EXISTS " + table
                          : "DELETE FROM " + table + " WHERE " + key + " < " + std::to_string(until));
    };
    for (const auto& table : {tables.accept(), tables.outcome(), tables.ending(), tables.alias()})
      empty(table, "seq", end);
    empty(tables.note(), "entry", note_entry(end, 0));
    if (!last) return;
    database_->run("DROP TABLE IF EXISTS " + tables.key());
    database_->run("DELETE FROM partition WHERE number = " + std::to_string(tables.number));
  });
  partition.purged_to = end;
  if (last) partitions_.erase(due);
  return true;
}

bool JournalStore::is_too_large() {
  grown_ = 0;
  if (options_.max_bytes == 0) return false;
  const bool too_large = database_->bytes_in_use() > options_.max_bytes;
  if (!too_large) told_too_large_ = false;
  return too_large;
}

void JournalStore::tell_that_it_is_too_large() {
  if (std::exchange(told_too_large_, true)) return;
  notice(LogLevel::warning, "the journal holds " + std::to_string(database_->bytes_in_use()) +
                                " bytes, more than the " + std::to_string(options_.max_bytes) +
                                " that it should, and nothing of it can be purged: what is left belongs to executions "
                                "that are unfinished, or that were accepted beside them");
}

}  // namespace fulfilld::journal
