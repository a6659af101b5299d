// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>

#include "actors/interfaces.hpp"
#include "actors/policy/line_limit.hpp"
#include "actors/policy/server_quota.hpp"
#include "actors/policy/target_gate.hpp"
#include "actors/policy/token_bucket.hpp"
#include "actors/policy/token_outlook.hpp"
#include "actors/ports/clock.hpp"
#include "actors/ports/observer.hpp"
#include "actors/token_wait.hpp"

namespace fulfilld {

/// What it points to outlives the actor.
struct RateLimiterConfig {
  /// Calls that name a lane have targets, and a rate, of their own.
  struct Lane {
    TargetPolicy policy;  ///< of each origin, in place of that origin's
    Rate rate;            ///< of all origins together
  };

  Clock* clock = nullptr;
  Observer* observer = nullptr;
  std::map<std::string, TargetPolicy> targets;  ///< by origin
  TargetPolicy default_target;                  ///< of every origin that is not named
  std::map<std::string, Lane> lanes;            ///< by `Call::lane`
  std::map<std::string, Rate> credentials;      ///< of all calls that use it, by credential; others have no limit
  std::size_t max_waiting_for_token = 20000;    ///< calls that may wait for a token of one credential
  std::size_t max_targets = 10000;              ///< beyond that the idle ones are forgotten
};

struct RateLimiterState {
  static inline const char* name = "rate_limiter";

  /// One origin, as the calls of one lane meet it.
  struct Target {
    Target(std::string its_lane, std::string its_origin, const TargetPolicy& its_policy, MonotonicTime now)
        : lane(std::move(its_lane)), origin(std::move(its_origin)), policy(its_policy), gate(its_policy, now) {}

    [[nodiscard]] std::size_t waiting() const noexcept { return retries.size() + calls.size() + background.size(); }

    const std::string lane;
    const std::string origin;
    const TargetPolicy& policy;
    TargetGate gate;
    std::deque<CallPtr> retries;  ///< may have to wait for the retry budget, so they have a queue of their own
    std::deque<CallPtr> calls;
    std::deque<CallPtr> background;  ///< go when the other two are empty
    Clock::AlarmId alarm = 0;        ///< when the next of them may go
    MonotonicTime alarm_at{};
    TargetState reported;
  };

  /// A rate that calls to several targets share.
  struct SharedRate {
    TokenBucket bucket;
    ServerQuota quota;
  };

  struct Credential {
    TokenPtr token;               ///< null: none yet
    std::deque<CallPtr> waiting;  ///< for a token
    TokenOutlook outlook;
    std::shared_ptr<TokenWait> wait = std::make_shared<TokenWait>("the first one is still being fetched");
  };

  std::unordered_map<std::string, std::unordered_map<std::string, Target>> targets;  ///< by lane, by origin
  std::unordered_map<std::string, SharedRate> lane_rates;
  std::unordered_map<std::string, SharedRate> credential_rates;
  std::unordered_map<std::string, Credential> credentials;
  LineLimit lack_lines{std::chrono::seconds{10}};  ///< of the log, about sockets that could not be had
};

/// Decides when a call may go, and hands it on then.
///
/// First it needs the token of its credential: calls wait for that before they take anything else, unless it cannot
/// come in time, or its endpoint refuses for good (`worth_waiting`). Then it queues for its target until the target's
/// gate, and the rates that it shares with other targets, let it through: first attempts in order of arrival,
/// repetitions as the retry budget permits. So a slow, closed or broken target never delays another. What cannot go in
/// time, or at all, is turned away at once with its reason.
///
/// Each answer comes back this way, and teaches the gate.
rate_limiter_actor::behavior_type rate_limiter(rate_limiter_actor::stateful_pointer<RateLimiterState> self,
                                               RateLimiterConfig config, http_pool_actor pool);

}  // namespace fulfilld
