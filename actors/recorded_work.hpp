// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <utility>

#include "actors/actions.hpp"
#include "actors/execution.hpp"
#include "actors/ports/blocking_threads.hpp"
#include "actors/ports/flight_recorder.hpp"
#include "actors/work_begin.hpp"

namespace fulfilld {

/// Work of an adapter, so that the flight recorder knows whose it is while it runs, and while it is destroyed, and its
/// execution whether it has begun.
class RecordedWork final : public BlockingWork {
 public:
  /// `recorder` outlives it.
  RecordedWork(std::unique_ptr<BlockingWork> work, FlightRecorder& recorder, ExecutionPtr execution, ActionPtr action,
               std::shared_ptr<WorkBegin> begin)
      : work_(std::move(work)),
        recorder_(recorder),
        execution_(std::move(execution)),
        action_(std::move(action)),
        begin_(std::move(begin)) {}
  RecordedWork(const RecordedWork&) = delete;
  RecordedWork& operator=(const RecordedWork&) = delete;
  ~RecordedWork() override {
    const FlightRecorder::AtWork stay(recorder_, present_stay());
    work_.reset();
  }

  WorkAttempt run() noexcept override {
    may_block_ = true;
    if (!begin_->begin()) return {.verdict = WorkAttempt::Verdict::not_begun, .message = {}};
    const FlightRecorder::AtWork stay(recorder_, present_stay());
    auto attempt = work_->run();
    may_block_ = !attempt.may_be_repeated();  // then it goes back to its actor
    if (attempt.may_be_repeated()) begin_->undone();
    return attempt;
  }

 private:
  [[nodiscard]] AdapterStay present_stay() const noexcept {
    return {.sequence = execution_->sequence,
            .execution = execution_->id,
            .action = execution_->action,
            .adapter = action_->adapter_name,
            .may_block = may_block_};
  }

  std::unique_ptr<BlockingWork> work_;
  FlightRecorder& recorder_;
  const ExecutionPtr execution_;
  const ActionPtr action_;
  const std::shared_ptr<WorkBegin> begin_;
  bool may_block_ =
      false;  ///< it is on a thread that may: what has not run, or is to run again, is destroyed by its actor
};

}  // namespace fulfilld
