// SPDX-License-Identifier: Apache-2.0
#include "runtime/routes_factory.hpp"

#include <caf/send.hpp>
#include <utility>

#include "actors/callback_lane.hpp"
#include "actors/http_pool.hpp"
#include "actors/rate_limiter.hpp"
#include "actors/token.hpp"
#include "runtime/token_request.hpp"

namespace fulfilld {
namespace {

PoolLimits pool_limits(const TargetSettings& target) {
  return {.in_flight = target.connections, .max_waiting = target.max_waiting, .answer_limit = target.answer_limit};
}

HttpPoolConfig pool_config(const Config& config, HttpEngine& engine) {
  HttpPoolConfig pool;
  pool.engine = &engine;
  pool.default_limits = pool_limits(config.targets.at("default"));
  for (const auto& [origin, target] : config.targets) pool.limits[origin] = pool_limits(target);
  return pool;
}

RateLimiterConfig limiter_config(const Config& config, Clock& clock) {
  const auto& fallback = config.targets.at("default");
  RateLimiterConfig limiter;
  limiter.clock = &clock;
  limiter.default_rate = fallback.rate;
  limiter.max_waiting = fallback.max_waiting;
  for (const auto& [origin, target] : config.targets) limiter.rates[origin] = target.rate;
  limiter.rates[CallbackLaneConfig::lane] = config.callback.rate;
  return limiter;
}

/// True if something is authorized with that credential: tokens of others are not fetched.
bool in_use(const Config& config, const std::string& credential) {
  if (config.callback.authorization != CallbackAuthorization::fulfillment_token &&
      config.callback.credential == credential)
    return true;
  for (const auto& [name, action] : config.actions)
    if (action.credential == credential) return true;
  return false;
}

}  // namespace

RoutesPtr RoutesFactory::make() const {
  auto routes = std::make_shared<Routes>();
  routes->pool = actors_.spawn(http_pool, pool_config(config_, engine_));
  routes->limiter = actors_.spawn(rate_limiter, limiter_config(config_, clock_), routes->pool);
  routes->tokens = spawn_tokens(routes->limiter, routes->pool);
  routes->callbacks = spawn_callback_lane(*routes);
  return routes;
}

std::vector<std::string> RoutesFactory::names() const {
  std::vector<std::string> names{CallbackLaneState::name, RateLimiterState::name, HttpPoolState::name};
  for (const auto& [name, credential] : config_.credentials)
    if (in_use(config_, name) && credential.kind == CredentialSettings::Kind::client_credentials)
      names.push_back(Routes::token_name(name));
  return names;
}

std::map<std::string, token_actor> RoutesFactory::spawn_tokens(const rate_limiter_actor& limiter,
                                                               const http_pool_actor& pool) const {
  std::map<std::string, token_actor> tokens;
  for (const auto& [name, credential] : config_.credentials) {
    if (!in_use(config_, name)) continue;
    if (credential.kind == CredentialSettings::Kind::bearer) {
      const Token fixed{name, "Bearer " + credential.token.reveal(), 1};
      caf::anon_send(pool, token_atom_v, std::make_shared<const Token>(fixed));
      continue;
    }
    TokenConfig keeper;
    keeper.credential = name;
    keeper.make_request = [&credential = credential] { return token_request(credential); };
    keeper.retry = credential.retry;
    keeper.clock = &clock_;
    keeper.observer = &observer_;
    tokens[name] = actors_.spawn(token, std::move(keeper), limiter, pool);
  }
  return tokens;
}

callback_lane_actor RoutesFactory::spawn_callback_lane(const Routes& routes) const {
  CallbackLaneConfig lane;
  lane.clock = &clock_;
  lane.journal = &journal_;
  lane.observer = &observer_;
  lane.authorization = config_.callback.authorization;
  lane.credential = config_.callback.credential;
  lane.retry = config_.callback.retry;
  lane.lifetime = config_.callback.lifetime;
  lane.tokens = routes.tokens;
  lane.deliveries = deliveries_;
  return actors_.spawn(callback_lane, std::move(lane), routes.limiter);
}

}  // namespace fulfilld
