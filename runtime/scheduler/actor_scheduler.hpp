// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <caf/actor_system.hpp>
#include <caf/detail/thread_safe_actor_clock.hpp>
#include <caf/scheduler/coordinator.hpp>

#include "runtime/scheduler/quiet_actor_clock.hpp"
#include "runtime/scheduler/slow_handlers.hpp"
#include "runtime/scheduler/watched_work_sharing.hpp"

namespace fulfilld {

/// CAF's scheduler `sharing` with two things of our own: it does not wake CAF's clock thread for nothing, and it tells
/// which actor kept a thread for too long. Loaded as a module of the actor system, in place of what `scheduler.policy`
/// names.
class ActorScheduler final : public caf::scheduler::coordinator<WatchedWorkSharing> {
 public:
  ActorScheduler(caf::actor_system& system, SlowHandlers slow);

  caf::detail::thread_safe_actor_clock& clock() noexcept override { return quiet_clock_; }

  [[nodiscard]] const SlowHandlers& slow_handlers() const noexcept { return slow_; }

 private:
  QuietActorClock quiet_clock_;
  const SlowHandlers slow_;
};

}  // namespace fulfilld
