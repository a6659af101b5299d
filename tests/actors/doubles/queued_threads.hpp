// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "actors/ports/blocking_threads.hpp"

namespace fulfilld::test {

/// Work that does nothing.
class NoWork final : public BlockingWork {
 public:
  WorkAttempt run() noexcept override { return {}; }
};

/// Work that may be tried again, so many times; then it succeeds. Counts how much of it is left somewhere.
class StubbornWork final : public BlockingWork {
 public:
  StubbornWork(int refusals, std::chrono::milliseconds after, int& alive)
      : refusals_(refusals), after_(after), alive_(alive) {
    ++alive_;
  }
  StubbornWork(const StubbornWork&) = delete;
  StubbornWork& operator=(const StubbornWork&) = delete;
  ~StubbornWork() override { --alive_; }
  WorkAttempt run() noexcept override {
    if (refusals_-- <= 0) return {};
    return {.verdict = WorkAttempt::Verdict::busy,
            .after = after_,
            .reason = Reason::backend_unreachable,
            .message = "the database starts up"};
  }

 private:
  int refusals_;
  std::chrono::milliseconds after_;
  int& alive_;
};

/// Threads that the test stands in for. One thread.
class QueuedThreads final : public BlockingThreads {
 public:
  bool run(const std::string& lane, std::unique_ptr<BlockingWork> work, Turn turn, Done done) override {
    if (refuses_) return false;
    lane_ = lane;
    turn_ = turn;
    queue_.emplace_back(std::move(work), std::move(done));
    return true;
  }

  /// Does the work that has waited longest.
  void run_next() {
    auto [work, done] = std::move(queue_.front());
    queue_.pop_front();
    const auto attempt = work->run();
    done(attempt, attempt.may_be_repeated() ? std::move(work) : nullptr);
  }

  std::optional<MonotonicTime> repeat_at(const std::string& /*lane*/, MonotonicTime now, MonotonicTime last) override {
    const auto when = now + repeat_after_;
    return when < last ? std::optional(when) : std::nullopt;
  }

  /// How long the retry budget has each repetition wait from now on.
  void repeat_after(std::chrono::milliseconds time) noexcept { repeat_after_ = time; }
  void refuse() noexcept { refuses_ = true; }
  [[nodiscard]] std::size_t waiting() const noexcept { return queue_.size(); }
  /// Of the latest work.
  [[nodiscard]] const std::string& lane() const noexcept { return lane_; }
  [[nodiscard]] Turn turn() const noexcept { return turn_; }

 private:
  std::deque<std::pair<std::unique_ptr<BlockingWork>, Done>> queue_;
  std::string lane_;
  Turn turn_ = Turn::first;
  std::chrono::milliseconds repeat_after_{0};
  bool refuses_ = false;
};

}  // namespace fulfilld::test
