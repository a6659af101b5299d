// SPDX-License-Identifier: Apache-2.0
#include "actors/routes.hpp"

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>
#include <utility>

#include "actors/callback_lane.hpp"
#include "actors/http_pool.hpp"
#include "actors/rate_limiter.hpp"
#include "actors/token.hpp"

namespace fulfilld {

std::string Routes::token_name(const std::string& credential) {
  return std::string(TokenState::name) + ' ' + credential;
}

std::vector<ServiceActor> Routes::all() const {
  std::vector<ServiceActor> actors;
  const auto add = [&](std::string name, const char* kind, const auto& actor) {
    if (actor) actors.push_back({std::move(name), kind, caf::actor_cast<caf::strong_actor_ptr>(actor)});
  };
  add(CallbackLaneState::name, CallbackLaneState::name, callbacks);
  for (const auto& [credential, keeper] : tokens) add(token_name(credential), TokenState::name, keeper);
  add(RateLimiterState::name, RateLimiterState::name, limiter);
  add(HttpPoolState::name, HttpPoolState::name, pool);
  return actors;
}

void Routes::renew_tokens() const {
  for (const auto& [credential, keeper] : tokens) caf::anon_send(keeper, renew_atom_v);
  if (push_fixed_tokens) push_fixed_tokens();
}

void Routes::ask(const std::string& name, PulsePtr pulse) const {
  if (name == CallbackLaneState::name) return caf::anon_send(callbacks, pulse_atom_v, std::move(pulse));
  if (name == RateLimiterState::name) return caf::anon_send(limiter, pulse_atom_v, std::move(pulse));
  if (name == HttpPoolState::name) return caf::anon_send(pool, pulse_atom_v, std::move(pulse));
  for (const auto& [credential, keeper] : tokens)
    if (name == token_name(credential)) return caf::anon_send(keeper, pulse_atom_v, std::move(pulse));
}

}  // namespace fulfilld
