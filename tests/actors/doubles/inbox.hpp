// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <caf/actor_system.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "actors/call.hpp"
#include "actors/interfaces.hpp"

namespace fulfilld::test {

/// What an actor that stands in for a real one was sent. Outlives that actor. One thread.
struct Inbox {
  std::vector<CallPtr> calls;     ///< `call_atom`
  std::vector<CallPtr> answered;  ///< `answered_atom`
  std::vector<TokenPtr> tokens;   ///< `token_atom`
  std::vector<TokenProblemPtr> token_problems;
  std::vector<std::uint64_t> refused;  ///< `refused_atom`
  std::vector<ExecutionPtr> accepted;  ///< `run_atom, AcceptedBatch`
  std::vector<Delivery> decided;       ///< `run_atom, DecidedBatch`
  std::vector<ProgressPtr> progress;   ///< `progress_atom`
  ActionsPtr actions;                  ///< `actions_atom`
  int renewed = 0;                     ///< `renew_atom`
};

/// Stand-ins that do nothing but fill their inbox.
requester_actor spawn_requester_double(caf::actor_system& system, Inbox& inbox);
http_pool_actor spawn_http_pool_double(caf::actor_system& system, Inbox& inbox);
rate_limiter_actor spawn_rate_limiter_double(caf::actor_system& system, Inbox& inbox);
token_actor spawn_token_double(caf::actor_system& system, Inbox& inbox);
callback_lane_actor spawn_callback_lane_double(caf::actor_system& system, Inbox& inbox);
supervisor_actor spawn_supervisor_double(caf::actor_system& system, Inbox& inbox);

}  // namespace fulfilld::test
