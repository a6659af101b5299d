// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <caf/policy/work_sharing.hpp>
#include <caf/resumable.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>
#include <chrono>

#include "actors/time.hpp"
#include "runtime/scheduler/slow_handlers.hpp"

namespace fulfilld {

/// CAF's policy `sharing` with a stopwatch: measures each uninterrupted stay of an actor on a scheduler thread, which
/// is one handler, or several short ones. By the wall, so an actor is blamed too for a thread that the system did not
/// run.
class WatchedWorkSharing final : public caf::policy::work_sharing {
 public:
  /// Of one scheduler thread. Made only by an `ActorScheduler`.
  struct worker_data {
    explicit worker_data(caf::scheduler::abstract_coordinator* scheduler);

    const SlowHandlers* slow;  ///< the scheduler's
    MonotonicTime resumed_at{};
  };

  template <class Worker>
  void before_resume(Worker* worker, caf::resumable* /*job*/) {
    d(worker).resumed_at = std::chrono::steady_clock::now();
  }

  /// The actor is still there, even if it has ended.
  template <class Worker>
  void after_resume(Worker* worker, caf::resumable* job) {
    const auto& data = d(worker);
    const auto lasted = std::chrono::steady_clock::now() - data.resumed_at;
    if (lasted >= data.slow->from) report(*data.slow, job, lasted);
  }

 private:
  static void report(const SlowHandlers& slow, caf::resumable* job, std::chrono::nanoseconds lasted);
};

}  // namespace fulfilld
