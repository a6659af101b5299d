// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <cstddef>
#include <deque>

#include "actors/interfaces.hpp"
#include "actors/ports/clock.hpp"
#include "actors/ports/http_engine.hpp"

namespace fulfilld {

/// What it points to outlives the actor.
struct HttpPoolConfig {
  HttpEngine* engine = nullptr;
  Clock* clock = nullptr;
  std::size_t max_in_flight = 2000;  ///< calls at a time to all origins together
};

struct HttpPoolState {
  static inline const char* name = "http_pool";

  std::deque<CallPtr> waiting;  ///< no more of them than the RATE LIMITER lets through at a time
  std::size_t in_flight = 0;
};

/// Stands before the engine: bounds what is in flight in all, and keeps the rest in order of arrival. An attempt is
/// given what is left of its time when it really starts: none goes on after the call's `last_end`, and none starts just
/// before it.
http_pool_actor::behavior_type http_pool(http_pool_actor::stateful_pointer<HttpPoolState> self, HttpPoolConfig config);

}  // namespace fulfilld
