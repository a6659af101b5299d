// SPDX-License-Identifier: Apache-2.0
#include "runtime/routes_factory.hpp"

#include <algorithm>
#include <caf/send.hpp>
#include <chrono>
#include <cstdint>
#include <utility>

#include "actors/callback_lane.hpp"
#include "actors/http_pool.hpp"
#include "actors/policy/token_pace.hpp"
#include "actors/rate_limiter.hpp"
#include "actors/token.hpp"
#include "runtime/credential_secrets.hpp"
#include "runtime/token_request.hpp"

namespace fulfilld {
namespace {

constexpr std::uint32_t unlimited_retries = 1000000;

/// A result is never given up because the platform is ill: it is posted again, no faster than the lane's rate permits,
/// until it is too old. So there is no breaker, and no limit but that rate, to keep it waiting.
TargetPolicy callback_policy(const Config& config) {
  TargetPolicy policy = config.targets.at("default");
  policy.rate = {};
  policy.max_waiting = config.limits.max_in_flight;
  policy.breaker.enabled = false;
  policy.retry_budget.per_second = unlimited_retries;
  return policy;
}

/// Much waits for a token: an endpoint without a table of its own is asked again as soon as its keeper wants to.
TargetPolicy token_policy(const Config& config) {
  TargetPolicy policy = config.targets.at("default");
  policy.retry_after_max = std::min<std::chrono::milliseconds>(policy.retry_after_max, TokenPace::longest_wait);
  return policy;
}

RateLimiterConfig limiter_config(const Config& config, Clock& clock, Observer& observer) {
  RateLimiterConfig limiter;
  limiter.clock = &clock;
  limiter.observer = &observer;
  limiter.targets = config.targets;
  limiter.default_target = config.targets.at("default");
  for (const auto& [name, credential] : config.credentials)
    if (credential.kind == CredentialSettings::Kind::client_credentials)
      limiter.targets.try_emplace(credential.token_url.origin, token_policy(config));
  limiter.lanes[CallbackLaneConfig::lane] = {.policy = callback_policy(config), .rate = config.callback.rate};
  for (const auto& [name, credential] : config.credentials) limiter.credentials[name] = credential.rate;
  limiter.max_waiting_for_token = config.limits.max_in_flight;
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

/// Of that kind: tokens of one are fetched, those of the other are pushed as they are.
std::vector<std::string> credentials_in_use(const Config& config, CredentialSettings::Kind kind) {
  std::vector<std::string> names;
  for (const auto& [name, credential] : config.credentials)
    if (credential.kind == kind && in_use(config, name)) names.push_back(name);
  return names;
}

}  // namespace

RoutesPtr RoutesFactory::make() const {
  auto routes = std::make_shared<Routes>();
  routes->pool = actors_.spawn(
      http_pool, HttpPoolConfig{.engine = &engine_, .clock = &clock_, .max_in_flight = config_.egress.max_calls});
  routes->limiter = actors_.spawn(rate_limiter, limiter_config(config_, clock_, observer_), routes->pool);
  routes->tokens = spawn_tokens(routes->limiter);
  routes->push_fixed_tokens = [this, limiter = routes->limiter] { push_fixed_tokens(limiter); };
  routes->push_fixed_tokens();
  routes->callbacks = spawn_callback_lane(*routes);
  return routes;
}

std::vector<std::string> RoutesFactory::names() const {
  Routes blank;
  for (const auto& name : credentials_in_use(config_, CredentialSettings::Kind::client_credentials))
    blank.tokens.try_emplace(name);
  return blank.names();
}

std::map<std::string, token_actor> RoutesFactory::spawn_tokens(const rate_limiter_actor& limiter) const {
  std::map<std::string, token_actor> tokens;
  for (const auto& name : credentials_in_use(config_, CredentialSettings::Kind::client_credentials)) {
    const auto& credential = config_.credentials.at(name);
    TokenConfig keeper;
    keeper.credential = name;
    keeper.make_request = [name, &credential, &observer = observer_] {
      follow_client_secret(name, credential, observer);
      return token_request(credential);
    };
    keeper.retry = credential.retry;
    keeper.redaction = redaction_;
    keeper.clock = &clock_;
    keeper.observer = &observer_;
    tokens[name] = actors_.spawn(token, std::move(keeper), limiter);
  }
  return tokens;
}

void RoutesFactory::push_fixed_tokens(const rate_limiter_actor& limiter) const {
  for (const auto& name : credentials_in_use(config_, CredentialSettings::Kind::bearer)) {
    const auto [secret, version] = config_.credentials.at(name).token.current_and_version();
    const Token fixed{name, "Bearer " + secret.reveal(), version};
    caf::anon_send(limiter, token_atom_v, std::make_shared<const Token>(fixed));
  }
}

callback_lane_actor RoutesFactory::spawn_callback_lane(const Routes& routes) const {
  CallbackLaneConfig lane;
  lane.clock = &clock_;
  lane.journal = &journal_;
  lane.observer = &observer_;
  lane.recorder = &recorder_;
  lane.authorization = config_.callback.authorization;
  lane.credential = config_.callback.credential;
  lane.retry = config_.callback.retry;
  for (const auto& [name, action] : config_.actions) lane.deadlines[name] = action.deadline.limit;
  lane.lifetime = config_.callback.lifetime;
  lane.progress_interval = config_.callback.progress_interval;
  lane.tokens = routes.tokens;
  lane.deliveries = deliveries_;
  return actors_.spawn(callback_lane, std::move(lane), routes.limiter);
}

}  // namespace fulfilld
