// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>

namespace fulfilld {

/// Counts executions between accept and ending, and refuses new ones above a bound or while the process drains:
/// the only back-pressure there is, as actor mailboxes have no bound. Any thread.
class Admission {
 public:
  explicit Admission(std::size_t bound) noexcept : bound_(bound) {}

  enum class Answer { admitted, full, closed };

  /// On `admitted` the caller owns one place and gives it back by `leave`.
  [[nodiscard]] Answer try_enter() noexcept {
    if (closed_.load(std::memory_order_relaxed)) return Answer::closed;
    if (in_flight_.fetch_add(1, std::memory_order_relaxed) >= bound_) {
      leave();
      return Answer::full;
    }
    return Answer::admitted;
  }

  /// Takes places regardless of the bound: for executions that were accepted by an earlier process.
  void enter(std::size_t count) noexcept { in_flight_.fetch_add(count, std::memory_order_relaxed); }

  void leave() noexcept { in_flight_.fetch_sub(1, std::memory_order_relaxed); }

  /// From now on nothing is admitted.
  void close() noexcept { closed_.store(true, std::memory_order_relaxed); }

  [[nodiscard]] bool closed() const noexcept { return closed_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::size_t in_flight() const noexcept { return in_flight_.load(std::memory_order_relaxed); }

 private:
  const std::size_t bound_;
  std::atomic<std::size_t> in_flight_{0};
  std::atomic<bool> closed_{false};
};

}  // namespace fulfilld
