// SPDX-License-Identifier: Apache-2.0
// What JournalStore records of the work of an execution that has no outcome yet.
#include "runtime/journal/journal_store.hpp"
#include "runtime/journal/note.hpp"
#include "runtime/journal/row_digest.hpp"

namespace fulfilld::journal {

void JournalStore::note_failed_attempt(std::uint64_t sequence, Reason why) {
  Partition* partition = undecided_in(sequence);
  if (partition == nullptr) return;
  const auto last = last_note(*partition, note_entry(sequence, 1), note_entry(sequence, most_failed_attempts));
  const auto place = last ? *last % note_places + 1 : 1;
  if (place > most_failed_attempts) return;
  ensure_transaction();
  write_note(partition->statements(*database_).insert_note, note_entry(sequence, place), NoteKind::failed_attempt, why,
             from_millis(group_time_));
}

void JournalStore::note_sending(std::uint64_t sequence) {
  Partition* partition = undecided_in(sequence);
  const auto entry = note_entry(sequence, sending_place);
  if (partition == nullptr || last_note(*partition, entry, entry)) return;
  ensure_transaction();
  write_note(partition->statements(*database_).insert_note, entry, NoteKind::sending, Reason::none,
             from_millis(group_time_));
}

Partition* JournalStore::undecided_in(std::uint64_t sequence) noexcept {
  Partition* partition = partition_of(sequence);
  return partition != nullptr && partition->progress(sequence) == Progress::accepted ? partition : nullptr;
}

std::optional<std::uint64_t> JournalStore::last_note(Partition& partition, std::uint64_t first, std::uint64_t last) {
  auto& query = partition.statements(*database_).select_last_note;
  const ResetAtEnd reset{query};
  query.bind(1, static_cast<std::int64_t>(first));
  query.bind(2, static_cast<std::int64_t>(last));
  if (!query.executeStep()) return std::nullopt;
  return static_cast<std::uint64_t>(query.getColumn(0).getInt64());
}

}  // namespace fulfilld::journal
