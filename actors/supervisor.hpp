// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <caf/actor_addr.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <unordered_map>

#include "actors/fulfillment.hpp"
#include "actors/interfaces.hpp"

namespace fulfilld {

struct SupervisorState {
  static inline const char* name = "supervisor";
  std::unordered_map<caf::actor_addr, ExecutionPtr> running;  ///< by FULFILLMENT
};

/// Spawns one FULFILLMENT for each execution and monitors it: one that dies without an outcome, whatever the cause,
/// becomes `failed: internal_error` and touches nothing else. On exit it takes its fulfillments along; the journal
/// still holds them.
supervisor_actor::behavior_type supervisor(supervisor_actor::stateful_pointer<SupervisorState> self,
                                           FulfillmentConfigPtr config, callback_lane_actor callbacks);

}  // namespace fulfilld
