// SPDX-License-Identifier: Apache-2.0
#include "runtime/journal/note.hpp"

#include <algorithm>

#include "runtime/journal/row_digest.hpp"

namespace fulfilld::journal {

void write_note(SQLite::Statement& insert, std::uint64_t entry, NoteKind kind, Reason reason, WallTime at) {
  const auto sequence = sequence_of_entry(entry);
  const auto kind_number = static_cast<std::int64_t>(kind);
  const auto reason_number = static_cast<std::int64_t>(reason);
  const auto noted_at = to_millis(at);
  insert.bind(1, static_cast<std::int64_t>(entry));
  insert.bind(2, note_digest(entry, sequence, kind_number, reason_number, noted_at));
  insert.bind(3, static_cast<std::int64_t>(sequence));
  insert.bind(4, kind_number);
  insert.bind(5, reason_number);
  insert.bind(6, noted_at);
  execute(insert);
}

void suspect_sending(std::uint64_t entry, std::uint64_t sequence, std::int64_t kind,
                     const std::function<void(std::uint64_t)>& sent) {
  if (entry % note_places != sending_place && kind != static_cast<std::int64_t>(NoteKind::sending)) return;
  sent(sequence_of_entry(entry));
  if (sequence != sequence_of_entry(entry)) sent(sequence);
}

void Histories::read(Database& database, const Partition& partition) {
  auto rows = database.prepare("SELECT entry, digest, seq, kind, reason, noted_at FROM " + partition.tables.note() +
                               " ORDER BY entry");
  while (rows.executeStep()) {
    const auto number = [&](int column) { return rows.getColumn(column).getInt64(); };
    const auto entry = static_cast<std::uint64_t>(number(0));
    const auto sequence = static_cast<std::uint64_t>(number(2));
    if (number(1) != note_digest(entry, sequence, number(3), number(4), number(5))) {
      suspect_sending(entry, sequence, number(3), [&](std::uint64_t s) { records_[s].history.sent_unsafe = true; });
      continue;
    }
    auto& [history, next_death_place] = records_[sequence];
    switch (static_cast<NoteKind>(number(3))) {
      case NoteKind::sending:
        history.sent_unsafe = true;
        break;
      case NoteKind::failed_attempt:
        ++history.attempts;
        history.last_error = static_cast<Reason>(number(4));
        break;
      case NoteKind::death:
        ++history.deaths;
        next_death_place = entry % note_places + 1;
        break;
      case NoteKind::delivery_death:
        ++history.deaths_in_delivery;
        next_death_place = entry % note_places + 1;
        break;
    }
  }
}

void Histories::record_deaths(Database& database, Partition& partition, const Blame& blame, WallTime at) {
  auto& insert = partition.statements(database).insert_note;
  for (auto sequence = partition.first_sequence; sequence < partition.end_sequence(); ++sequence) {
    const auto progress = partition.progress(sequence);
    const bool is_decided = progress == Progress::decided && blame.on == Blame::On::named;
    if ((progress != Progress::accepted && !is_decided) || !blame.names(sequence)) continue;
    auto& [history, place] = records_[sequence];
    // With so many it has long been parked.
    if (place == note_places) continue;
    write_note(insert, note_entry(sequence, place++), is_decided ? NoteKind::delivery_death : NoteKind::death,
               Reason::none, at);
    ++(is_decided ? history.deaths_in_delivery : history.deaths);
  }
}

History Histories::of(std::uint64_t sequence) const {
  const auto found = records_.find(sequence);
  return found == records_.end() ? History{} : found->second.history;
}

}  // namespace fulfilld::journal
