// SPDX-License-Identifier: Apache-2.0
#include "runtime/scheduler/actor_scheduler.hpp"

#include <caf/local_actor.hpp>
#include <utility>

namespace fulfilld {

ActorScheduler::ActorScheduler(caf::actor_system& system, SlowHandlers slow)
    : coordinator(system), quiet_clock_(coordinator::clock()), slow_(std::move(slow)) {}

WatchedWorkSharing::worker_data::worker_data(caf::scheduler::abstract_coordinator* scheduler)
    : slow(&static_cast<ActorScheduler*>(scheduler)->slow_handlers()) {}

void WatchedWorkSharing::report(const SlowHandlers& slow, caf::resumable* job, std::chrono::nanoseconds lasted) {
  if (const auto* const actor = dynamic_cast<const caf::local_actor*>(job))
    slow.report(actor->name(), std::chrono::duration_cast<std::chrono::milliseconds>(lasted));
}

}  // namespace fulfilld
