// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <coroutine>
#include <cstdint>

#include <fulfill/abi.h>

namespace fulfill::detail {

class WaitingList;

/// Something that a suspended coroutine waits for. It lives in that coroutine's frame and takes itself off the list
/// when the frame is destroyed, so the list never points to what is gone.
class Waiting {
 public:
  /// Only as long as nobody waits for it: it does not take the other's place on the list.
  Waiting(Waiting&&) noexcept {}
  Waiting& operator=(const Waiting&) = delete;

  /// The host has answered. `answer` is lent, and null for a sleep.
  virtual void done(const fulfill_answer_v1* answer) = 0;

 protected:
  Waiting() noexcept = default;
  virtual ~Waiting();

 private:
  friend class WaitingList;
  WaitingList* list_ = nullptr;
  Waiting* previous_ = nullptr;
  Waiting* next_ = nullptr;
  std::uint64_t operation_ = 0;
  std::coroutine_handle<> coroutine_;
};

/// All that one run waits for; usually one thing.
class WaitingList {
 public:
  WaitingList() noexcept = default;
  WaitingList(const WaitingList&) = delete;
  WaitingList& operator=(const WaitingList&) = delete;

  [[nodiscard]] bool empty() const noexcept { return first_ == nullptr; }

  void add(Waiting& waiting, std::uint64_t operation, std::coroutine_handle<> coroutine) noexcept {
    waiting.operation_ = operation;
    waiting.coroutine_ = coroutine;
    waiting.list_ = this;
    waiting.next_ = first_;
    if (first_ != nullptr) first_->previous_ = &waiting;
    first_ = &waiting;
  }

  void remove(Waiting& waiting) noexcept {
    if (waiting.next_ != nullptr) waiting.next_->previous_ = waiting.previous_;
    (waiting.previous_ != nullptr ? waiting.previous_->next_ : first_) = waiting.next_;
    waiting.list_ = nullptr;
    waiting.previous_ = nullptr;
    waiting.next_ = nullptr;
  }

  /// Hands the answer to whoever waits for that operation and resumes it. Unknown operations are ignored.
  void done(std::uint64_t operation, const fulfill_answer_v1* answer) {
    for (Waiting* waiting = first_; waiting != nullptr; waiting = waiting->next_) {
      if (waiting->operation_ != operation) continue;
      const std::coroutine_handle<> coroutine = waiting->coroutine_;
      remove(*waiting);
      waiting->done(answer);
      coroutine.resume();
      return;
    }
  }

 private:
  Waiting* first_ = nullptr;
};

inline Waiting::~Waiting() {
  if (list_ != nullptr) list_->remove(*this);
}

}  // namespace fulfill::detail
