// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "actors/policy/reason.hpp"
#include "actors/policy/retry_budget.hpp"
#include "actors/time.hpp"

namespace fulfilld {

/// What came of one attempt at blocking work.
struct WorkAttempt {
  enum class Verdict {
    done,       ///< it is over, however it ended
    again,      ///< nothing was done, or it may be done twice: it can be tried again
    busy,       ///< the same, and the backend is full or away: fewer at a time
    not_begun,  ///< nobody waits for it any more
  };
  Verdict verdict = Verdict::done;
  std::chrono::milliseconds after{0};  ///< `again`, `busy`: not before that time has passed
  Reason reason = Reason::none;        ///< `again`, `busy`: why
  std::string message{};

  [[nodiscard]] bool may_be_repeated() const noexcept { return verdict == Verdict::again || verdict == Verdict::busy; }
};

/// Something that may block. Destroyed once it is over, or instead of being run.
class BlockingWork {
 public:
  virtual ~BlockingWork() = default;
  /// One attempt; another one only if that one may be repeated.
  virtual WorkAttempt run() noexcept = 0;
};

/// Bounds of one lane.
struct LaneLimits {
  std::size_t threads = 8;      ///< at most so many of its work run at a time
  std::size_t waiting = 20000;  ///< and so many wait
  RetryBudgetPolicy retries{};  ///< how many of its attempts may be repetitions
};

/// Threads that may block, for what must: a database driver, say.
class BlockingThreads {
 public:
  /// Told of each attempt, on the thread that made it, with the work if that may be repeated; else null.
  using Done = std::function<void(WorkAttempt, std::unique_ptr<BlockingWork>)>;

  /// Of its attempts.
  enum class Turn { first, repeated };

  virtual ~BlockingThreads() = default;

  /// Has the work run soon, in its turn among those of the same lane; then calls `done`, and destroys the work, unless
  /// it was handed back, on the thread that ran it. Lanes have bounds of their own, so that one that hangs takes no
  /// thread of another; one whose backend is busy runs fewer at a time, with pauses. False: too much waits in that
  /// lane, the work is destroyed and `done` is not called. Any thread; never blocks.
  virtual bool run(const std::string& lane, std::unique_ptr<BlockingWork> work, Turn turn, Done done) = 0;

  /// When the lane's retry budget permits a repetition that is wanted now; nothing if not before `last`. What is
  /// granted has been taken. Any thread.
  [[nodiscard]] virtual std::optional<MonotonicTime> repeat_at(const std::string& lane, MonotonicTime now,
                                                               MonotonicTime last) = 0;
};

}  // namespace fulfilld
