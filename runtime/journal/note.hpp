// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <unordered_map>

#include "actors/execution.hpp"
#include "actors/policy/blame.hpp"
#include "runtime/journal/database.hpp"
#include "runtime/journal/partition.hpp"

namespace fulfilld::journal {

/// What a note says of its execution. Stored, so the numbers may never change.
enum class NoteKind : std::uint8_t {
  sending = 1,         ///< an unsafe call is about to be sent
  failed_attempt = 2,  ///< a backend attempt failed
  death = 3,           ///< a process died, and it is or may be to blame
  delivery_death = 4,  ///< a process died while it worked on the callback of its outcome
};

/// The notes of an execution have 256 places, by which they are numbered: 0 for `sending`, then the failed attempts,
/// then the deaths. So the notes of neighbours stand together, and no two executions ever share a number.
constexpr std::uint64_t note_places = 256;
constexpr std::uint64_t sending_place = 0;
constexpr std::uint64_t most_failed_attempts = 100;
constexpr std::uint64_t first_death_place = 1 + most_failed_attempts;

[[nodiscard]] constexpr std::uint64_t note_entry(std::uint64_t sequence, std::uint64_t place) noexcept {
  return sequence * note_places + place;
}
[[nodiscard]] constexpr std::uint64_t sequence_of_entry(std::uint64_t entry) noexcept { return entry / note_places; }

/// Writes one note. `reason` is `none` where the kind has none.
void write_note(SQLite::Statement& insert, std::uint64_t entry, NoteKind kind, Reason reason, WallTime at);

/// A note whose digest is wrong counts as none, except where its place or its kind says `sending`: to send an unsafe
/// call twice is worse than not to know its outcome. Calls `sent` for each execution that may be its owner.
void suspect_sending(std::uint64_t entry, std::uint64_t sequence, std::int64_t kind,
                     const std::function<void(std::uint64_t)>& sent);

/// What is on record of the unfinished executions of some partitions.
class Histories {
 public:
  void read(Database& database, const Partition& partition);

  /// Lays one more death to each unfinished execution of the partition that `blame` names, to a decided one only if it
  /// is named itself; inside a transaction.
  void record_deaths(Database& database, Partition& partition, const Blame& blame, WallTime at);

  [[nodiscard]] History of(std::uint64_t sequence) const;

 private:
  struct Record {
    History history;
    std::uint64_t next_death_place = first_death_place;
  };
  std::unordered_map<std::uint64_t, Record> records_;
};

}  // namespace fulfilld::journal
