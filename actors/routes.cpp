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

template <class Visit>
void Routes::for_each(Visit visit) const {
  visit(std::string(CallbackLaneState::name), CallbackLaneState::name, callbacks);
  for (const auto& [credential, keeper] : tokens)
    visit(std::string(TokenState::name) + ' ' + credential, TokenState::name, keeper);
  visit(std::string(RateLimiterState::name), RateLimiterState::name, limiter);
  visit(std::string(HttpPoolState::name), HttpPoolState::name, pool);
}

std::vector<ServiceActor> Routes::all() const {
  std::vector<ServiceActor> actors;
  for_each([&](std::string name, const char* kind, const auto& actor) {
    if (actor) actors.push_back({std::move(name), kind, caf::actor_cast<caf::strong_actor_ptr>(actor)});
  });
  return actors;
}

std::vector<std::string> Routes::names() const {
  std::vector<std::string> names;
  for_each([&](std::string name, const char*, const auto&) { names.push_back(std::move(name)); });
  return names;
}

void Routes::renew_tokens() const {
  for (const auto& [credential, keeper] : tokens) caf::anon_send(keeper, renew_atom_v);
  if (push_fixed_tokens) push_fixed_tokens();
}

void Routes::ask(const std::string& asked, const PulsePtr& pulse) const {
  for_each([&](const std::string& name, const char*, const auto& actor) {
    if (name == asked && actor) caf::anon_send(actor, pulse_atom_v, pulse);
  });
}

}  // namespace fulfilld
