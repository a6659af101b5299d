// SPDX-License-Identifier: Apache-2.0
#include "runtime/actor_system_settings.hpp"

#include <utility>

#include "actors/messages.hpp"
#include "runtime/scheduler/actor_scheduler.hpp"

namespace fulfilld {
namespace {

// CAF's default is no limit: an actor with a full mailbox would keep its thread until that is empty. Changing over
// costs a tenth of a microsecond.
constexpr std::size_t messages_in_a_row = 64;

}  // namespace

ActorSystemSettings::ActorSystemSettings(std::size_t workers, SlowHandlers slow) {
  add_message_types<caf::id_block::fulfilld>();
  // CAF's default scheduler polls: 25 ms of CPU a second when there is nothing to do.
  module_factories.emplace_back(
      [slow = std::move(slow)](caf::actor_system& system) { return new ActorScheduler(system, slow); });
  set("scheduler.max-threads", workers);
  set("scheduler.max-throughput", messages_in_a_row);
}

}  // namespace fulfilld
