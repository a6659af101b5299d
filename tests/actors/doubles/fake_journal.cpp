// SPDX-License-Identifier: Apache-2.0
#include "tests/actors/doubles/fake_journal.hpp"

namespace fulfilld::test {

AcceptAnswer FakeJournal::accept(std::shared_ptr<Execution> execution) {
  AcceptAnswer answer{AcceptAnswer::Status::accepted, execution->id};
  newly_accepted_.push_back(std::move(execution));
  return answer;
}

void FakeJournal::decide(ExecutionPtr execution, Outcome outcome) {
  decided_.push_back({std::move(execution), std::make_shared<const Outcome>(std::move(outcome))});
  newly_decided_.push_back(decided_.back());
}

void FakeJournal::end(ExecutionPtr execution, Ending ending) { ended_.emplace_back(std::move(execution), ending); }

void FakeJournal::note_failed_attempt(ExecutionPtr, Reason why) { failed_attempts_.push_back(why); }

void FakeJournal::note_sending(ExecutionPtr, std::function<void()> then) {
  waiting_to_send_.push_back(std::move(then));
}

void FakeJournal::write_notes() {
  for (const auto& then : std::exchange(waiting_to_send_, {})) then();
}

void FakeJournal::flush() {
  if (auto batch = std::exchange(newly_accepted_, {}); !batch.empty()) events_->accepted(std::move(batch));
  if (auto batch = std::exchange(newly_decided_, {}); !batch.empty()) events_->decided(std::move(batch));
}

void FakeJournal::forget() {
  decided_.clear();
  ended_.clear();
  waiting_to_send_.clear();
  newly_accepted_.clear();
  newly_decided_.clear();
}

}  // namespace fulfilld::test
