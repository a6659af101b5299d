// SPDX-License-Identifier: Apache-2.0
#include "actors/rate_limiter.hpp"

#include <caf/send.hpp>
#include <utility>

#include "actors/call.hpp"
#include "actors/last_words.hpp"

namespace fulfilld {
namespace {

using Self = rate_limiter_actor::stateful_pointer<RateLimiterState>;

RateLimiterState::Lane& lane_of(Self self, const RateLimiterConfig& config, const std::string& name) {
  auto& lanes = self->state.lanes;
  if (const auto known = lanes.find(name); known != lanes.end()) return known->second;
  const auto named = config.rates.find(name);
  const Rate rate = named == config.rates.end() ? config.default_rate : named->second;
  return lanes.try_emplace(name, rate, config.clock->now()).first->second;
}

void wake_when_refilled(Self self, const RateLimiterConfig& config, const RateLimiterState::Lane& lane,
                        const std::string& name) {
  const auto when = lane.bucket.next_token(config.clock->now());
  config.clock->schedule(when,
                         [limiter = rate_limiter_actor{self}, name] { caf::anon_send(limiter, wake_atom_v, name); });
}

}  // namespace

rate_limiter_actor::behavior_type rate_limiter(Self self, RateLimiterConfig config, http_pool_actor pool) {
  end_with_last_words(self);
  return {[=](call_atom, CallPtr& call) {
            auto& lane = lane_of(self, config, call->lane);
            call->limiter = self;
            if (!lane.limited || (lane.waiting.empty() && lane.bucket.try_take(config.clock->now())))
              return self->send(pool, call_atom_v, std::move(call));
            if (lane.waiting.size() >= config.max_waiting) {
              call->turn_away();
              const auto requester = call->requester;
              return self->send(requester, answered_atom_v, std::move(call));
            }
            lane.waiting.push_back(std::move(call));
            if (lane.waiting.size() == 1) wake_when_refilled(self, config, lane, lane.waiting.front()->lane);
          },
          [=](answered_atom, CallPtr& call) {
            const auto requester = call->requester;
            self->send(requester, answered_atom_v, std::move(call));
          },
          [=](wake_atom, const std::string& name) {
            auto& lane = lane_of(self, config, name);
            while (!lane.waiting.empty()) {
              if (!lane.waiting.front()->abandoned()) {
                if (!lane.bucket.try_take(config.clock->now())) return wake_when_refilled(self, config, lane, name);
                self->send(pool, call_atom_v, std::move(lane.waiting.front()));
              }
              lane.waiting.pop_front();
            }
          },
          [](pulse_atom, PulsePtr& pulse) { pulse->answer(); }};
}

}  // namespace fulfilld
