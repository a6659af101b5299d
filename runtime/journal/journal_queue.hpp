// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <vector>

#include "actors/execution.hpp"
#include "runtime/journal/accept_ticket.hpp"

namespace fulfilld::journal {

struct QueuedEnding {
  std::uint64_t sequence = 0;
  Ending ending;
};

/// What one group commit writes.
struct JournalWork {
  std::vector<AcceptTicketPtr> accepts;
  std::vector<Delivery> outcomes;
  std::vector<QueuedEnding> endings;

  [[nodiscard]] bool empty() const noexcept { return accepts.empty() && outcomes.empty() && endings.empty(); }
};

/// Between the threads that have something to record and the writer. Accepts are bounded by the threads that wait
/// for them, outcomes and endings by the executions in flight.
class JournalQueue {
 public:
  using Clock = std::chrono::steady_clock;

  void push(AcceptTicketPtr accept);
  void push(Delivery outcome);
  /// Wakes nobody, unless the writer would sleep past `ending_delay`.
  void push(QueuedEnding ending);

  /// Writer: waits until there is something to write and takes it, up to the size of one group. Comes back empty
  /// when `idle_limit` has passed, or on `stop`.
  /// With `gather` it waits a little longer for others to join, unless nothing has happened for a while.
  [[nodiscard]] JournalWork take(std::chrono::milliseconds idle_limit, bool gather);

  /// Writer: these could not be written; they are taken again first.
  void put_back(std::vector<Delivery> outcomes, std::vector<QueuedEnding> endings);

  /// Writer: so many of each kind are written (or refused) for good, in the order in which they were taken.
  void done(std::size_t accepts, std::size_t outcomes, std::size_t endings);

  /// Writer, while the disk refuses: true if the queue was stopped meanwhile.
  [[nodiscard]] bool pause(std::chrono::milliseconds duration);

  /// Writer, while the disk refuses: takes the accepts only.
  [[nodiscard]] std::vector<AcceptTicketPtr> take_accepts();

  /// Waits until all that is queued now is written; false after `limit`.
  bool flush(std::chrono::milliseconds limit);

  void stop();
  [[nodiscard]] bool stopped() const;

  /// Outcomes and endings that are queued.
  [[nodiscard]] std::size_t unwritten() const;

 private:
  struct Counts {
    std::uint64_t accepts = 0;
    std::uint64_t outcomes = 0;
    std::uint64_t endings = 0;
    [[nodiscard]] bool reached(const Counts& goal) const noexcept {
      return accepts >= goal.accepts && outcomes >= goal.outcomes && endings >= goal.endings;
    }
  };
  enum class Writer { awake, dozing, asleep };  ///< dozing: looks for endings by itself
  void wake(std::unique_lock<std::mutex>& lock, Writer lightest);
  [[nodiscard]] bool urgent() const noexcept {
    return stopped_ || !accepts_.empty() || !outcomes_.empty() || (flushing_ > 0 && !endings_.empty());
  }

  mutable std::mutex mutex_;
  std::condition_variable wake_writer_;
  std::condition_variable flushed_;
  std::deque<AcceptTicketPtr> accepts_;
  std::deque<Delivery> outcomes_;
  std::deque<QueuedEnding> endings_;
  Writer writer_ = Writer::awake;
  Clock::time_point last_work_{};
  Counts pushed_;
  Counts done_;
  std::size_t flushing_ = 0;  ///< threads in `flush`
  bool stopped_ = false;
};

}  // namespace fulfilld::journal
