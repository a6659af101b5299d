// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <caf/actor_addr.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>

#include "actors/delivery_book.hpp"
#include "actors/fulfillment.hpp"
#include "actors/interfaces.hpp"
#include "actors/policy/restart_policy.hpp"
#include "actors/routes.hpp"

namespace fulfilld {

struct SupervisorConfig {
  FulfillmentConfigPtr fulfillment;
  ActionsPtr actions;                             ///< at first
  std::function<RoutesPtr()> make_routes;         ///< spawns the service actors; called by the supervisor only
  std::shared_ptr<DeliveryBook> deliveries;       ///< the one that the callback lane strikes off from
  std::map<std::string, RestartPolicy> restarts;  ///< by kind of service actor; others have the default policy
  std::function<void(std::string)> give_up;       ///< told once, why the process had better be started anew
  std::uint32_t park_after = 3;                   ///< deaths after which an execution is parked
};

struct SupervisorState {
  static inline const char* name = "supervisor";
  std::unordered_map<caf::actor_addr, ExecutionPtr> running;  ///< by FULFILLMENT
  ActionsPtr actions;  ///< for those that begin now; who runs keeps what it began with
  RoutesPtr routes;
  std::unordered_map<caf::actor_addr, ServiceActor> service_actors;  ///< of `routes`, as long as they live
  bool replacing = false;                                            ///< one has died, the others are on their way out
  std::map<std::string, RestartBudget> budgets;                      ///< by name of service actor
};

/// Owns all other actors.
///
/// Spawns one FULFILLMENT for each execution and monitors it: one that dies without an outcome, whatever the cause,
/// becomes `failed: internal_error` and touches nothing else. What an earlier process left is delivered, run again, or
/// ended by the restart rule.
///
/// Makes the service actors and monitors them. When one dies, all are replaced: running executions repeat the calls
/// that were lost with them (unsafe ones end as `outcome_unknown`), undelivered outcomes are delivered by the new
/// callback lane. An actor that dies too often is beyond that: `give_up`.
///
/// On exit it takes all of them along; the journal still holds the executions.
supervisor_actor::behavior_type supervisor(supervisor_actor::stateful_pointer<SupervisorState> self,
                                           SupervisorConfig config);

}  // namespace fulfilld
