// SPDX-License-Identifier: Apache-2.0
#include "runtime/actor_system_settings.hpp"

#include <caf/atom.hpp>

#include "actors/messages.hpp"

namespace fulfilld {

ActorSystemSettings::ActorSystemSettings(std::size_t workers) {
  add_message_types<caf::id_block::fulfilld>();
  // The default policy polls: 25 ms of CPU a second when there is nothing to do.
  set("scheduler.policy", caf::atom("sharing"));
  set("scheduler.max-threads", workers);
}

}  // namespace fulfilld
