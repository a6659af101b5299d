// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <cstdint>
#include <functional>
#include <random>
#include <string>

#include "actors/interfaces.hpp"
#include "actors/policy/retry_plan.hpp"
#include "actors/policy/token_pace.hpp"
#include "actors/ports/clock.hpp"
#include "actors/ports/http_engine.hpp"
#include "actors/ports/observer.hpp"
#include "actors/redaction.hpp"

namespace fulfilld {

struct TokenConfig {
  std::string credential;  ///< its name, under which calls ask for it
  std::function<HttpRequest()>
      make_request;              ///< made anew for each fetch: a rotated secret is picked up; must not throw
  RetryPolicy retry;             ///< without its `attempts`: there is no last one
  Redaction redaction;           ///< hears of each token before anyone can use it, and hides what an endpoint quotes
  Clock* clock = nullptr;        ///< outlives the actor
  Observer* observer = nullptr;  ///< outlives the actor
};

struct TokenState {
  static inline const char* name = "token";

  enum class Fetch : std::uint8_t {
    none,
    waiting,  ///< until `wait_alarm`
    calling,
  };

  std::uint64_t version = 0;  ///< of the newest token
  bool valid = false;         ///< that token is in use
  bool refused = false;       ///< somebody was refused with it
  Fetch fetch = Fetch::none;
  bool fetch_again = false;  ///< the secret may have changed since the call was made
  TokenPace pace;
  std::string problem;        ///< why there is no newer token; empty: nothing has gone wrong
  std::string endpoint_said;  ///< the last that its endpoint itself had to do with
  Clock::AlarmId wait_alarm = 0;
  Clock::AlarmId refresh_alarm = 0;
  Clock::AlarmId expiry_alarm = 0;
  std::minstd_rand random;
};

/// Owns the access token of one OAuth client (RFC 6749, 4.4). Fetches it at start, so that a wrong secret shows up
/// in the log at once, and again ahead of its expiry; one fetch at a time, however many wait. While the endpoint
/// fails it goes on trying, for ever: with each failure it tells the RATE LIMITER what the endpoint said, when the next
/// fetch is, and whether there is any hope, so that calls know whether to wait. A platform that refuses each new token
/// at once is asked for another one less and less often.
token_actor::behavior_type token(token_actor::stateful_pointer<TokenState> self, TokenConfig config,
                                 rate_limiter_actor limiter);

}  // namespace fulfilld
