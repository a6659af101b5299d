// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "actors/ports/journal.hpp"

namespace fulfilld::test {

/// A journal that notes what it is told and, where it has events, commits when the test says so. One thread.
class FakeJournal final : public Journal {
 public:
  explicit FakeJournal(JournalEvents* events = nullptr) : events_(events) {}

  AcceptAnswer accept(std::shared_ptr<Execution> execution) override;
  void decide(ExecutionPtr execution, Outcome outcome) override;
  void end(ExecutionPtr execution, Ending ending) override;
  void note_failed_attempt(ExecutionPtr execution, Reason why) override;
  void note_sending(ExecutionPtr execution, std::function<void()> then) override;
  void recover(const Blame&, const std::function<void(std::vector<Unfinished>)>&) override {}
  [[nodiscard]] bool writable() const override { return true; }
  /// Tells the events of everything that was accepted or decided since the last time.
  void flush() override;

  [[nodiscard]] const std::vector<Delivery>& decided() const noexcept { return decided_; }
  [[nodiscard]] const std::vector<std::pair<ExecutionPtr, Ending>>& ended() const noexcept { return ended_; }

  /// Tells those who wait to send an unsafe call that they may.
  void write_notes();

  [[nodiscard]] const std::vector<Reason>& failed_attempts() const noexcept { return failed_attempts_; }
  /// How many unsafe calls are about to be sent and wait for their note to be written.
  [[nodiscard]] std::size_t waiting_to_send() const noexcept { return waiting_to_send_.size(); }

  /// Lets go of all executions.
  void forget();

 private:
  JournalEvents* events_;
  std::vector<Delivery> decided_;
  std::vector<std::pair<ExecutionPtr, Ending>> ended_;
  std::vector<Reason> failed_attempts_;
  std::vector<std::function<void()>> waiting_to_send_;
  std::vector<ExecutionPtr> newly_accepted_;
  std::vector<Delivery> newly_decided_;
};

}  // namespace fulfilld::test
