// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <unordered_map>

#include "actors/interfaces.hpp"
#include "actors/policy/token_bucket.hpp"
#include "actors/ports/clock.hpp"

namespace fulfilld {

struct RateLimiterConfig {
  Clock* clock = nullptr;             ///< outlives the actor
  std::map<std::string, Rate> rates;  ///< by lane: an origin, or a name that requesters use
  Rate default_rate;                  ///< of every lane that is not named
  std::size_t max_waiting = 10000;    ///< calls that may wait in one lane
};

struct RateLimiterState {
  static inline const char* name = "rate_limiter";

  struct Lane {
    Lane(Rate rate, MonotonicTime now) : bucket(rate, now), limited(rate.limited()) {}
    TokenBucket bucket;
    bool limited;
    std::deque<CallPtr> waiting;
  };
  std::unordered_map<std::string, Lane> lanes;
};

/// Owns the token bucket of each lane. A call that finds its bucket empty waits in its lane's own queue, so a slow
/// lane never delays another; a full queue turns the call away as `queue_full`.
rate_limiter_actor::behavior_type rate_limiter(rate_limiter_actor::stateful_pointer<RateLimiterState> self,
                                               RateLimiterConfig config, http_pool_actor pool);

}  // namespace fulfilld
