// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <utility>

namespace fulfilld {

/// Counts the executions that this process works on, and refuses new ones above a bound or while it drains: the only
/// back-pressure there is, as actor mailboxes have no bound. Any thread.
class Admission {
 public:
  enum class Answer { admitted, full, closed };

  /// One counted place, given back by its destructor. An execution carries it for as long as anyone, journal
  /// included, still holds that execution.
  class Place {
   public:
    Place() = default;
    Place(Place&& other) noexcept : admission_(std::exchange(other.admission_, nullptr)) {}
    Place& operator=(Place&& other) noexcept {
      std::swap(admission_, other.admission_);
      return *this;
    }
    ~Place() {
      if (admission_ != nullptr) admission_->in_flight_.fetch_sub(1, std::memory_order_relaxed);
    }

   private:
    friend class Admission;
    explicit Place(Admission& admission) noexcept : admission_(&admission) {}
    Admission* admission_ = nullptr;
  };

  explicit Admission(std::size_t bound) noexcept : bound_(bound) {}

  /// On `admitted` fills in `place`.
  [[nodiscard]] Answer try_enter(Place& place) noexcept {
    if (closed()) return Answer::closed;
    Place taken = enter();
    if (in_flight() > bound_) return Answer::full;
    place = std::move(taken);
    return Answer::admitted;
  }

  /// Takes a place regardless of the bound: for what an earlier process accepted.
  [[nodiscard]] Place enter() noexcept {
    in_flight_.fetch_add(1, std::memory_order_relaxed);
    return Place{*this};
  }

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
