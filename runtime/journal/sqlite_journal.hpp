// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "actors/execution.hpp"
#include "actors/ports/journal.hpp"
#include "actors/pulse.hpp"
#include "runtime/journal/journal_options.hpp"
#include "runtime/journal/journal_queue.hpp"

namespace fulfilld {

namespace journal {
class JournalStore;
class OwnerLock;
}  // namespace journal

/// The journal in one SQLite database, written by one thread in group commits.
///
/// Order of use: construct, `recover`, `start`, then everything else. `events` must outlive the journal: the
/// destructor commits what is queued, and reports it.
class SqliteJournal final : public Journal {
 public:
  /// Opens (or makes) the journal and reads what it must remember. Throws `JournalError`.
  SqliteJournal(SqliteJournalOptions options, JournalEvents& events);
  ~SqliteJournal() override;

  /// Starts the writer thread. Once.
  void start();

  /// As the port says. Where it answers `unavailable` the caller must not look at `execution` again: the writer
  /// may still hold it.
  AcceptAnswer accept(std::shared_ptr<Execution> execution) override;
  void decide(ExecutionPtr execution, Outcome outcome) override;
  void end(ExecutionPtr execution, Ending ending) override;

  void note_failed_attempt(ExecutionPtr execution, Reason why) override;
  void note_sending(ExecutionPtr execution, std::function<void()> then) override;

  /// On the caller's thread, before `start`. What is damaged is reported as a notice and ended.
  void recover(const Blame& blame, const std::function<void(std::vector<Unfinished>)>& each_slice) override;

  [[nodiscard]] bool writable() const override;

  /// Returns early after `accept_timeout` when the disk refuses.
  void flush() override;

  /// Answered by the writer in its turn, also while it waits for the disk to recover. Any thread, never blocks.
  void take_pulse(PulsePtr pulse);

 private:
  void run();
  void write(journal::JournalWork work);
  /// Tries until the disk takes a commit again; false if the journal is being destroyed meanwhile.
  [[nodiscard]] bool wait_for_the_disk();
  void disk_failed(const std::string& problem, bool damaged);
  void reopen();
  void refuse(const std::vector<journal::AcceptTicketPtr>& accepts);
  void notice(LogLevel level, std::string text) const;

  const SqliteJournalOptions options_;
  JournalEvents& events_;
  std::unique_ptr<journal::OwnerLock> lock_;
  std::unique_ptr<journal::JournalStore> store_;  ///< touched by one thread at a time: the opener's, then the writer
  journal::JournalQueue queue_;
  std::atomic<bool> disk_ok_{true};
  std::atomic<bool> stalled_{false};  ///< an accept has waited in vain since the last commit
  bool damaged_ = false;              ///< the failure was one of content: only a new opening can help
  std::size_t last_group_ = 0;        ///< accepts in the last group commit
  std::uint64_t committed_end_ = 0;   ///< the store's, kept while there is none
  std::uint64_t next_sequence_ = 0;   ///< likewise
  std::thread writer_;
};

}  // namespace fulfilld
