// SPDX-License-Identifier: Apache-2.0
#include "runtime/actor_system_settings.hpp"

#include "actors/messages.hpp"
#include "runtime/quiet_scheduler.hpp"

namespace fulfilld {

ActorSystemSettings::ActorSystemSettings(std::size_t workers) {
  add_message_types<caf::id_block::fulfilld>();
  // CAF's default scheduler polls: 25 ms of CPU a second when there is nothing to do.
  module_factories.emplace_back([](caf::actor_system& system) { return new QuietScheduler(system); });
  set("scheduler.max-threads", workers);
}

}  // namespace fulfilld
