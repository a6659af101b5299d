// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "actors/ports/journal.hpp"

namespace fulfilld {

/// Answers as it is told, `accepted` by default, and keeps what it was given.
class FakeJournal final : public Journal {
 public:
  using Accept = std::function<AcceptAnswer(const Execution&)>;

  explicit FakeJournal(Accept accept = {}) : accept_(std::move(accept)) {}

  AcceptAnswer accept(std::shared_ptr<Execution> execution) override {
    auto answer = accept_ ? accept_(*execution) : AcceptAnswer{AcceptAnswer::Status::accepted, execution->id};
    if (answer.status != AcceptAnswer::Status::accepted) return answer;
    const std::lock_guard lock(mutex_);
    accepted_.push_back(std::move(execution));
    return answer;
  }

  [[nodiscard]] std::vector<ExecutionPtr> accepted() const {
    const std::lock_guard lock(mutex_);
    return {accepted_.begin(), accepted_.end()};
  }

  void decide(ExecutionPtr /*execution*/, Outcome /*outcome*/) override {}
  void end(ExecutionPtr /*execution*/, Ending /*ending*/) override {}
  void note_failed_attempt(ExecutionPtr /*execution*/, Reason /*why*/) override {}
  void note_sending(ExecutionPtr /*execution*/, std::function<void()> /*then*/) override {}
  void recover(const Blame& /*blame*/, const std::function<void(std::vector<Unfinished>)>& /*each_slice*/) override {}
  [[nodiscard]] bool writable() const override { return true; }
  void flush() override {}

 private:
  const Accept accept_;
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<Execution>> accepted_;
};

}  // namespace fulfilld
