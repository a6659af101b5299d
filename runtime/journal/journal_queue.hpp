// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <vector>

#include "actors/execution.hpp"
#include "actors/pulse.hpp"
#include "runtime/journal/accept_ticket.hpp"

namespace fulfilld::journal {

struct QueuedEnding {
  std::uint64_t sequence = 0;
  Ending ending;
};

/// A backend attempt that failed.
struct QueuedAttempt {
  std::uint64_t sequence = 0;
  Reason why = Reason::none;
};

/// An unsafe call that is about to be sent.
struct QueuedSending {
  std::uint64_t sequence = 0;
  std::function<void()> then;  ///< to be called once it is on record
};

/// How many of each kind.
struct JournalAmounts {
  std::uint64_t accepts = 0;
  std::uint64_t outcomes = 0;
  std::uint64_t endings = 0;
  std::uint64_t attempts = 0;
  std::uint64_t sendings = 0;
};

/// What one group commit writes.
struct JournalWork {
  std::vector<AcceptTicketPtr> accepts;
  std::vector<Delivery> outcomes;
  std::vector<QueuedEnding> endings;
  std::vector<QueuedAttempt> attempts;
  std::vector<QueuedSending> sendings;

  [[nodiscard]] bool empty() const noexcept {
    return accepts.empty() && outcomes.empty() && endings.empty() && attempts.empty() && sendings.empty();
  }
  [[nodiscard]] JournalAmounts amounts() const noexcept {
    return {accepts.size(), outcomes.size(), endings.size(), attempts.size(), sendings.size()};
  }
};

/// Between the threads that have something to record and the writer. Accepts are bounded by the threads that wait
/// for them, all else by the executions in flight and their attempts.
class JournalQueue {
 public:
  using Clock = std::chrono::steady_clock;

  void push(AcceptTicketPtr accept);
  void push(Delivery outcome);
  /// Wakes nobody, unless the writer would sleep past `ending_delay`.
  void push(QueuedEnding ending);
  /// As lazy as an ending.
  void push(QueuedAttempt attempt);
  void push(QueuedSending sending);

  /// The writer answers it as soon as it takes or waits, without going on to anything else. Of very many only the
  /// last ones are kept.
  void push(PulsePtr pulse);

  /// Writer: waits until there is something to write and takes it, up to the size of one group. Comes back empty
  /// when `idle_limit` has passed, or on `stop`.
  /// With `gather` it waits a little longer for others to join, unless nothing has happened for a while.
  [[nodiscard]] JournalWork take(std::chrono::milliseconds idle_limit, bool gather);

  /// Writer: all but the accepts could not be written; they are taken again first.
  void put_back(JournalWork work);

  /// Writer: so many of each kind are written (or refused) for good, in the order in which they were taken.
  void done(const JournalAmounts& amounts);

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
  enum class Writer { awake, dozing, asleep };  ///< dozing: looks for what is lazy by itself
  void wake(std::unique_lock<std::mutex>& lock, Writer lightest);
  void answer_pulses() noexcept;
  [[nodiscard]] bool lazy_waits() const noexcept { return !endings_.empty() || !attempts_.empty(); }
  [[nodiscard]] bool urgent() const noexcept {
    return stopped_ || !accepts_.empty() || !outcomes_.empty() || !sendings_.empty() || (flushing_ > 0 && lazy_waits());
  }

  mutable std::mutex mutex_;
  std::condition_variable wake_writer_;
  std::condition_variable flushed_;
  std::deque<AcceptTicketPtr> accepts_;
  std::deque<Delivery> outcomes_;
  std::deque<QueuedEnding> endings_;
  std::deque<QueuedAttempt> attempts_;
  std::deque<QueuedSending> sendings_;
  std::deque<PulsePtr> pulses_;
  Writer writer_ = Writer::awake;
  Clock::time_point last_work_{};
  JournalAmounts pushed_;
  JournalAmounts done_;
  std::size_t flushing_ = 0;  ///< threads in `flush`
  bool stopped_ = false;
};

}  // namespace fulfilld::journal
