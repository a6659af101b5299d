// SPDX-License-Identifier: Apache-2.0
#include "runtime/service.hpp"

#include <caf/exit_reason.hpp>
#include <caf/send.hpp>
#include <map>
#include <set>
#include <utility>

#include "actors/callback_lane.hpp"
#include "actors/fulfillment.hpp"
#include "actors/http_pool.hpp"
#include "actors/rate_limiter.hpp"
#include "actors/supervisor.hpp"
#include "actors/token.hpp"
#include "runtime/token_request.hpp"

namespace fulfilld {
namespace {

SqliteJournalOptions journal_options(const JournalSettings& settings, Observer& observer) {
  SqliteJournalOptions options;
  options.directory = settings.directory;
  options.full_sync = settings.full_sync;
  options.accept_timeout = settings.accept_timeout;
  options.notice = [&observer](LogLevel level, const std::string& text) { observer.event(level, "journal", text); };
  return options;
}

IngressOptions ingress_options(const Config& config) {
  IngressOptions options{.server = config.server, .actions = {}};
  for (const auto& [name, action] : config.actions) options.actions.insert(name);
  return options;
}

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

/// Names of the credentials that something is authorized with: tokens of others are not fetched.
std::set<std::string> credentials_in_use(const Config& config) {
  std::set<std::string> names;
  if (config.callback.authorization != CallbackAuthorization::fulfillment_token)
    names.insert(config.callback.credential);
  for (const auto& [name, action] : config.actions) names.insert(action.credential);
  return names;
}

}  // namespace

Service::Service(Config config, Observer& observer)
    : config_(std::move(config)),
      observer_(observer),
      actor_settings_(config_.workers),
      actors_(actor_settings_),
      admission_(config_.limits.max_in_flight),
      allowed_hosts_(config_.callback.allowed_hosts),
      clock_(loop_),
      engine_(loop_),
      journal_(journal_options(config_.journal, observer), relay_),
      ingress_(ingress_options(config_), journal_, admission_, allowed_hosts_, [this] { return readiness(); }) {
  spawn_actors(load_actions());
}

Service::~Service() {
  ingress_.stop();
  for (const auto& root : roots_) caf::anon_send_exit(root, caf::exit_reason::user_shutdown);
  supervisor_ = nullptr;
  roots_.clear();
  actors_.await_all_actors_done();
  engine_.stop();
}

void Service::start() {
  recover();
  journal_.start();
  try {
    ingress_.start();
  } catch (const std::runtime_error& problem) {
    throw StartError(problem.what());
  }
}

void Service::close_the_door() {
  admission_.close();
  ingress_.stop_accepting();
}

Actions Service::load_actions() {
  const auto complain = [this](const std::string& problem) {
    observer_.event(LogLevel::error, "plugins", problem);
    adapter_problems_.push_back(problem);
  };
  for (const auto& directory : config_.adapter_directories) plugins_.load_directory(directory);
  for (const auto& refusal : plugins_.refusals()) complain(refusal.sentence);
  Actions actions;
  for (const auto& [name, settings] : config_.actions) {
    auto made = plugins_.make_adapter(name, settings);
    if (made.adapter == nullptr) {
      complain(made.problem);
      continue;
    }
    actions[name] = {.adapter = std::move(made.adapter),
                     .deadline = settings.deadline,
                     .retry = settings.retry,
                     .credential = settings.credential};
  }
  if (actions.empty()) throw StartError("No action can run: " + adapter_problems_.front());
  return actions;
}

void Service::spawn_actors(Actions actions) {
  const auto pool = actors_.spawn(http_pool, pool_config(config_, engine_));
  const auto limiter = actors_.spawn(rate_limiter, limiter_config(config_, clock_), pool);

  std::map<std::string, token_actor> tokens;
  const auto in_use = credentials_in_use(config_);
  for (const auto& [name, credential] : config_.credentials) {
    if (!in_use.contains(name)) continue;
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

  CallbackLaneConfig lane;
  lane.clock = &clock_;
  lane.journal = &journal_;
  lane.observer = &observer_;
  lane.authorization = config_.callback.authorization;
  lane.credential = config_.callback.credential;
  lane.retry = config_.callback.retry;
  lane.lifetime = config_.callback.lifetime;
  lane.tokens = tokens;
  const auto callbacks = actors_.spawn(callback_lane, std::move(lane), limiter);

  auto shared = std::make_shared<FulfillmentConfig>();
  shared->clock = &clock_;
  shared->journal = &journal_;
  shared->observer = &observer_;
  shared->actions = std::make_shared<const Actions>(std::move(actions));
  shared->limiter = limiter;
  shared->report_attempts = config_.callback.report_attempts;
  supervisor_ = actors_.spawn(supervisor, std::move(shared), callbacks);

  relay_.connect(supervisor_, callbacks);
  const auto add_root = [this](const auto& actor) { roots_.push_back(caf::actor_cast<caf::strong_actor_ptr>(actor)); };
  add_root(supervisor_);
  add_root(callbacks);
  for (const auto& [name, keeper] : tokens) add_root(keeper);
  add_root(limiter);
  add_root(pool);
}

void Service::recover() {
  std::size_t count = 0;
  journal_.recover([&](std::vector<Unfinished> unfinished) {
    for (auto& entry : unfinished) entry.execution->place = admission_.enter();
    count += unfinished.size();
    caf::anon_send(supervisor_, run_atom_v, RecoveredBatch{std::move(unfinished)});
  });
  if (count > 0) observer_.event(LogLevel::info, "journal", std::to_string(count) + " unfinished executions go on");
}

std::vector<ReadinessCheck> Service::readiness() const {
  std::string problems;
  for (const auto& problem : adapter_problems_) problems += (problems.empty() ? "" : "; ") + problem;
  return {{"journal", journal_.writable(), journal_.writable() ? "" : "the journal cannot be written"},
          {"adapters", problems.empty(), problems},
          {"admission", !admission_.closed(), admission_.closed() ? "the service is shutting down" : ""}};
}

}  // namespace fulfilld
