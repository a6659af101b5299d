// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/execution.hpp"
#include "actors/ports/journal.hpp"
#include "runtime/journal/database.hpp"
#include "runtime/journal/journal_options.hpp"
#include "runtime/journal/partition.hpp"
#include "runtime/journal/sip_hash.hpp"

namespace fulfilld::journal {

struct RawRow;
enum class RowKind : std::uint8_t;

/// The journal's tables and what is remembered of them: no queue, no thread. One thread at a time. Functions throw
/// `SQLite::Exception` when the disk refuses; then `rollback_group` restores what was before the group.
class JournalStore {
 public:
  /// Opens the journal in `options.directory`, or makes one. A damaged one is set aside and what is intact in it
  /// is saved. Throws `JournalError`. `options` must outlive the store.
  explicit JournalStore(const SqliteJournalOptions& options);
  JournalStore(const JournalStore&) = delete;
  JournalStore& operator=(const JournalStore&) = delete;
  ~JournalStore();

  /// A group: any number of `accept`, `decide`, `end` and notes, then `commit_group` or `rollback_group`.
  void begin_group();
  /// Sets `sequence` and `id` of what it accepts; the answer holds once the group is committed.
  [[nodiscard]] AcceptAnswer accept(Execution& execution);
  /// False (nothing is written) unless it is the first outcome of an unfinished execution.
  [[nodiscard]] bool decide(std::uint64_t sequence, const Outcome& outcome);
  /// False (nothing is written) unless it is the first ending of an accepted execution.
  bool end(std::uint64_t sequence, const Ending& ending);
  /// Both write nothing for an execution that is decided or ended, or has enough such notes.
  void note_failed_attempt(std::uint64_t sequence, Reason why);
  void note_sending(std::uint64_t sequence);
  void commit_group();
  void rollback_group() noexcept;

  /// Between groups: one bounded step of what has to be done to partitions (open a new one, seal, purge), or of
  /// a checkpoint. True if there is more to do now.
  bool upkeep();

  /// Commits a trifle, to see whether the disk takes it.
  void probe();

  /// Records the deaths, then hands out slices of executions without ending, oldest first.
  void recover(const Blame& blame, const std::function<void(std::vector<Unfinished>)>& each_slice);

  /// After a failed commit and a new opening: drops accepts from `committed_end` on (their commit may have taken
  /// place although it was reported as failed, and they were refused), and goes on at `next`.
  void resume_at(std::uint64_t committed_end, std::uint64_t next);
  [[nodiscard]] std::uint64_t committed_end() const noexcept { return committed_end_; }
  [[nodiscard]] std::uint64_t next_sequence() const noexcept { return next_sequence_; }

  [[nodiscard]] std::size_t unfinished() const noexcept;
  [[nodiscard]] std::size_t partition_count() const noexcept { return partitions_.size(); }
  [[nodiscard]] const std::filesystem::path& file() const noexcept { return file_; }

 private:
  enum class Match { unknown, same, other_content, other_url };
  /// What a known execution is looked for by: its id, or the client's Idempotency-Key.
  struct Sought {
    enum class By { id, alias } by;
    std::string_view name;
    std::uint64_t fingerprint;
    const Execution& execution;  ///< the one that asks
  };
  struct Found {
    Match match = Match::unknown;
    std::string id;  ///< of the known one
  };
  struct ProgressChange {
    std::uint64_t sequence;
    Progress before;
  };
  class Sealing;

  // journal_open.cpp
  void connect();
  void open_or_salvage();
  void load_partitions();
  void salvage_from(const std::filesystem::path& source);
  void rescue_log();
  /// True if an execution has come further by it.
  [[nodiscard]] bool rescue_row(const RawRow& row, RowKind kind);
  void rescue_suspect(std::uint64_t sequence);
  void notice(LogLevel level, std::string text) const;

  // journal_store.cpp
  void ensure_transaction();
  /// `undo` takes back what `action` did to memory, if it cannot be committed.
  void in_transaction(const std::function<void()>& action, const std::function<void()>& undo = {});
  [[nodiscard]] WallTime now() const;
  [[nodiscard]] Partition& open_partition() noexcept { return *partitions_.back(); }
  [[nodiscard]] Partition* partition_of(std::uint64_t sequence) noexcept;
  [[nodiscard]] Found find(const Sought& sought);
  [[nodiscard]] Found find_sealed(Partition& partition, const Sought& sought);
  [[nodiscard]] Found compare(Partition& partition, std::uint64_t sequence, const Sought& sought);
  [[nodiscard]] bool has_alias(Partition& partition, std::uint64_t sequence, std::string_view alias);
  /// What to answer if its Idempotency-Key is known.
  [[nodiscard]] std::optional<AcceptAnswer> find_alias(const Execution& execution);
  void insert(std::uint64_t fingerprint, Execution& execution);
  void insert_alias(Partition& partition, const Execution& execution);
  void remember(std::uint64_t fingerprint, std::uint64_t sequence);
  void change_progress(Partition& partition, std::uint64_t sequence, Progress to);

  // journal_notes.cpp
  /// Null unless it is accepted and has neither outcome nor ending.
  [[nodiscard]] Partition* undecided_in(std::uint64_t sequence) noexcept;
  [[nodiscard]] std::optional<std::uint64_t> last_note(Partition& partition, std::uint64_t first, std::uint64_t last);

  // journal_upkeep.cpp
  [[nodiscard]] bool roll_due() const;
  void roll();
  [[nodiscard]] bool mark_ended();
  [[nodiscard]] bool seal_slice();
  [[nodiscard]] bool purge_slice();
  [[nodiscard]] bool is_too_large();
  void tell_that_it_is_too_large();

  const SqliteJournalOptions& options_;
  const std::filesystem::path file_;
  std::unique_ptr<Database> database_;
  FingerprintKeys keys_;
  std::vector<std::unique_ptr<Partition>> partitions_;  ///< oldest first; the last one is open
  std::uint64_t next_sequence_ = 1;
  std::uint64_t committed_end_ = 1;  ///< `next_sequence_` at the last commit

  // The group.
  bool in_transaction_ = false;
  std::int64_t group_time_ = 0;
  std::vector<ProgressChange> changes_;                            ///< to be undone by a rollback
  std::vector<std::pair<std::uint64_t, std::uint64_t>> inserted_;  ///< fingerprint and sequence, likewise

  // Upkeep.
  bool look_for_ended_ = true;
  bool look_for_unsealed_ = true;
  std::unique_ptr<Sealing> sealing_;
  std::optional<WallTime> next_purge_;
  std::size_t grown_ = 0;  ///< bytes written, about, since the size was looked at
  bool told_too_large_ = false;
};

}  // namespace fulfilld::journal
