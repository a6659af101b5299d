// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>

#include "actors/interfaces.hpp"
#include "actors/ports/http_engine.hpp"

namespace fulfilld {

/// Bounds of the calls to one origin.
struct PoolLimits {
  std::size_t in_flight = 100;         ///< calls at a time, so also connections
  std::size_t max_waiting = 10000;     ///< calls that may wait for a connection
  std::size_t answer_limit = 1 << 20;  ///< bytes of an answer's body above which the attempt ends
};

struct HttpPoolConfig {
  HttpEngine* engine = nullptr;              ///< outlives the actor
  std::map<std::string, PoolLimits> limits;  ///< by origin
  PoolLimits default_limits;                 ///< of every origin that is not named
  std::size_t max_in_flight = 2000;          ///< calls at a time to all origins together
};

struct HttpPoolState {
  static inline const char* name = "http_pool";

  struct Origin {
    PoolLimits limits;
    std::size_t in_flight = 0;
    std::deque<CallPtr> waiting;
    bool queued = false;  ///< stands in `queue`
  };
  struct Credential {
    TokenPtr token;               ///< null: none yet
    std::deque<CallPtr> waiting;  ///< for a token
  };

  std::unordered_map<std::string, Origin> origins;
  std::unordered_map<std::string, Credential> credentials;
  std::deque<Origin*> queue;  ///< origins with waiting calls that their own bound permits, in turn
  std::size_t in_flight = 0;
};

/// Stands before the engine: adds the token of the call's credential (or lets the call wait for one), bounds what is
/// in flight for each origin and in all, and keeps the rest in order of arrival. The time a call waits here does not
/// count against its attempt's limit.
http_pool_actor::behavior_type http_pool(http_pool_actor::stateful_pointer<HttpPoolState> self, HttpPoolConfig config);

}  // namespace fulfilld
