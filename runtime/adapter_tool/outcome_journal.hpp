// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <mutex>
#include <utility>
#include <vector>

#include "actors/ports/journal.hpp"

namespace fulfilld {

/// A journal for one execution at a time, in memory: it keeps nothing but the outcome.
class OutcomeJournal final : public Journal {
 public:
  /// What has been decided since the last call. Any thread.
  [[nodiscard]] std::vector<Outcome> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(outcomes_, {});
  }

  AcceptAnswer accept(std::shared_ptr<Execution>) override { return {}; }
  void decide(ExecutionPtr, Outcome outcome) override {
    const std::lock_guard lock(mutex_);
    outcomes_.push_back(std::move(outcome));
  }
  void end(ExecutionPtr, Ending) override {}
  void note_failed_attempt(ExecutionPtr, Reason) override {}
  void note_sending(ExecutionPtr, std::function<void()> then) override { then(); }
  void recover(const Blame&, const std::function<void(std::vector<Unfinished>)>&) override {}
  [[nodiscard]] bool writable() const override { return true; }
  void flush() override {}

 private:
  std::mutex mutex_;
  std::vector<Outcome> outcomes_;
};

}  // namespace fulfilld
