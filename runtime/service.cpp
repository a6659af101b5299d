// SPDX-License-Identifier: Apache-2.0
#include "runtime/service.hpp"

#include <boost/asio/post.hpp>
#include <caf/actor_cast.hpp>
#include <caf/exit_reason.hpp>
#include <caf/send.hpp>
#include <utility>

#include "actors/fulfillment.hpp"
#include "actors/policy/blame.hpp"
#include "actors/policy/callback_capacity.hpp"
#include "actors/supervisor.hpp"
#include "runtime/credential_secrets.hpp"

namespace fulfilld {
namespace {

SqliteJournalOptions journal_options(const JournalSettings& settings, Observer& observer) {
  SqliteJournalOptions options;
  options.directory = settings.directory;
  options.full_sync = settings.full_sync;
  options.accept_timeout = settings.accept_timeout;
  options.retention = settings.retention;
  options.max_bytes = settings.max_size;
  options.notice = [&observer](LogLevel level, const std::string& text) { observer.event(level, "journal", text); };
  return options;
}

EgressSettings egress_settings(const Config& config) {
  EgressSettings settings;
  settings.ca_file = config.egress.ca_file;
  settings.user_agent = config.egress.user_agent;
  return settings;
}

SlowHandlers slow_handlers(const Config& config, Observer& observer) {
  return {config.slow_handler, [&observer](std::string_view actor, std::chrono::milliseconds lasted) {
            observer.slow_handler(actor, lasted);
          }};
}

IngressOptions ingress_options(const Config& config, const ActionTable& actions) {
  IngressOptions options;
  options.server = config.server;
  for (const auto& [name, action] : config.actions) options.actions.insert(name);
  options.can_run = [&actions](std::string_view action) { return actions.can_run(action); };
  return options;
}

ThreadLanes::Limits blocking_limits(const Config& config) {
  ThreadLanes::Limits limits;
  for (const auto& [name, action] : config.actions) {
    limits[name] = action.blocking;
    limits[name].retries = config.targets.at("default").retry_budget;
  }
  return limits;
}

AdmissionLimits admission_limits(const Config& config) {
  return {.executions = config.limits.max_in_flight,
          .deliverable = callback_capacity(config.callback.rate, config.callback.lifetime),
          .bytes = config.limits.max_bytes};
}

Admission::Deadlines deadlines(const Config& config) {
  Admission::Deadlines of_actions;
  for (const auto& [name, action] : config.actions) of_actions[name] = action.deadline.to_decide();
  return of_actions;
}

std::string who_keeps_it(const Stay& stay) {
  const auto who =
      stay.adapter.empty() ? stay.action : "the adapter " + stay.adapter + " of action \"" + stay.action + '"';
  return who + " has held its thread for " + std::to_string(stay.lasts.count()) + " ms in execution " + stay.execution;
}

QueueBounds queue_bounds(const TargetPolicy& target) {
  return {.at_once = target.concurrency, .waiting = target.max_waiting, .rate = target.rate};
}

BackendBounds backend_bounds(const Config& config) {
  BackendBounds bounds;
  for (const auto& [origin, target] : config.targets)
    (origin == "default" ? bounds.other_targets : bounds.targets[origin]) = queue_bounds(target);
  for (const auto& [name, action] : config.actions)
    bounds.work[name] = {.at_once = action.blocking.threads, .waiting = action.blocking.waiting};
  bounds.all_calls = config.egress.max_calls;
  return bounds;
}

}  // namespace

Service::Service(const LoadedConfig& loaded, Redaction redaction, Observer& observer)
    : config_(loaded.config),
      places_(loaded.places),
      redaction_(std::move(redaction)),
      observer_(observer),
      admission_(admission_limits(config_), deadlines(config_), clock_, backend_bounds(config_)),
      actor_settings_(config_.workers, slow_handlers(config_, observer)),
      actors_(actor_settings_),
      allowed_hosts_(config_.callback.allowed_hosts),
      action_table_(config_, places_),
      blocking_({}, blocking_limits(config_)),
      clock_(loop_),
      engine_(loop_, egress_settings(config_)),
      journal_(journal_options(config_.journal, observer), relay_),
      recorder_(config_.journal.directory,
                [&observer](const std::string& text) { observer.event(LogLevel::warning, "flight_recorder", text); }),
      routes_factory_(actors_, config_, clock_, engine_, journal_, observer, recorder_, redaction_, deliveries_),
      ingress_(ingress_options(config_, action_table_), journal_, admission_, allowed_hosts_, observer,
               [this] { return readiness(); }),
      heartbeat_(pulse_subjects(), config_.stuck_after,
                 [&observer](LogLevel level, const std::string& text) { observer.event(level, "health", text); }),
      alarm_probe_(clock_),
      adapter_watch_({.hung_after = config_.hung_adapter, .threads = config_.workers}) {
  spawn_actors();
}

Service::~Service() {
  recorder_.end_orderly();  // should the rest be cut short, no execution is to blame
  ingress_.stop();
  caf::anon_send_exit(supervisor_, caf::exit_reason::user_shutdown);
  supervisor_ = nullptr;
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

void Service::spawn_actors() {
  auto actions = load_adapters();
  if (actions->empty()) throw StartError("No action can run: " + action_table_.problems().front().text());
  auto shared = std::make_shared<FulfillmentConfig>();
  shared->clock = &clock_;
  shared->journal = &journal_;
  shared->observer = &observer_;
  shared->recorder = &recorder_;
  shared->blocking = &blocking_;
  shared->redaction = redaction_;
  shared->slow_adapter = config_.slow_handler;
  shared->report_attempts = config_.callback.report_attempts;

  SupervisorConfig root;
  root.fulfillment = std::move(shared);
  root.actions = std::move(actions);
  root.make_routes = [this] { return routes_factory_.make(); };
  root.deliveries = deliveries_;
  root.restarts = config_.supervision;
  root.give_up = [this](std::string why) { fail(std::move(why)); };
  root.park_after = config_.limits.park_after;
  supervisor_ = actors_.spawn(supervisor, std::move(root));
  caf::actor_cast<caf::strong_actor_ptr>(supervisor_)->get()->attach_functor([this](const caf::error& reason) {
    if (reason && reason != caf::exit_reason::user_shutdown) fail("the supervisor died: " + to_string(reason));
  });
  relay_.connect(supervisor_);
}

std::vector<Heartbeat::Subject> Service::pulse_subjects() {
  std::vector<Heartbeat::Subject> subjects;
  const auto add_actor = [&](const std::string& name) {
    auto ask = [this, name](PulsePtr pulse) { caf::anon_send(supervisor_, pulse_atom_v, name, std::move(pulse)); };
    subjects.push_back({.name = "the actor " + name, .ask = std::move(ask), .actor = true});
  };
  add_actor(SupervisorState::name);
  for (const auto& name : routes_factory_.names()) add_actor(name);
  subjects.push_back({"the I/O thread", [this](PulsePtr pulse) {
                        boost::asio::post(loop_.context(), [pulse = std::move(pulse)] { pulse->answer(); });
                      }});
  subjects.push_back({"the journal's writer", [this](PulsePtr pulse) { journal_.take_pulse(std::move(pulse)); }});
  return subjects;
}

void Service::reload() {
  observer_.event(LogLevel::info, "service",
                  "the secrets of all credentials are read anew, and the TLS certificate; new builds of adapters are "
                  "looked for");
  read_secrets_anew(config_, observer_);
  ingress_.renew_certificate();
  caf::anon_send(supervisor_, renew_atom_v);
  caf::anon_send(supervisor_, actions_atom_v, load_adapters());
}

void Service::tick() {
  watch_adapters();
  const bool was_alive = heartbeat_.alive();
  heartbeat_.tick(clock_.now());
  ingress_.tick(clock_.now());
  observer_.lag_measured(heartbeat_.actor_lag(), alarm_probe_.measure());
  for (const auto& work : blocking_.take_overdue(clock_.now(), config_.stuck_after))
    observer_.event(LogLevel::warning, "health",
                    "blocking work of action \"" + work.lane + "\" has held a thread for " +
                        std::to_string(work.lasts.count()) + " ms; it has one fewer for as long");
  if (!was_alive || heartbeat_.alive()) return;
  for (const auto& stay : recorder_.busy(clock_.now(), config_.stuck_after))
    observer_.event(LogLevel::error, "health", who_keeps_it(stay) + ": an adapter must not block");
}

/// Code of adapters runs here, and nobody could end it: but it is named.
ActionsPtr Service::load_adapters() {
  const auto patience = config_.stuck_after;
  const auto alarm = clock_.schedule(clock_.now() + patience, [this, patience] {
    observer_.event(LogLevel::error, "plugins",
                    "this has taken " + std::to_string(patience.count()) + " ms and goes on: " +
                        action_table_.loading() + "; until it ends nothing is started, reloaded or looked after");
  });
  const auto news = action_table_.load();
  clock_.cancel(alarm);
  for (const auto& problem : news.problems) observer_.event(LogLevel::error, "plugins", problem.text());
  for (const auto& change : news.changes) observer_.event(LogLevel::info, "plugins", change);
  return action_table_.actions();
}

void Service::watch_adapters() {
  constexpr std::chrono::milliseconds restart{5000};
  const auto verdict = adapter_watch_.look(recorder_.busy(clock_.now(), {}), clock_.now());
  if (verdict.hold && !admission_.held()) {
    const auto wait = std::chrono::ceil<std::chrono::seconds>(verdict.hung_in + restart);
    admission_.hold("An adapter holds the thread that executions run on", wait);
    observer_.event(LogLevel::error, "health",
                    who_keeps_it(*verdict.hold) + ": nothing is accepted until it lets it go");
  }
  if (!verdict.hold && admission_.held()) {
    admission_.go_on();
    observer_.event(LogLevel::info, "health", "a thread is free again: executions are accepted");
  }
  hung_ = verdict.hung;
}

void Service::blame_the_hung() noexcept {
  for (const auto& stay : hung_) recorder_.blame(stay.sequence);
}

std::optional<std::string> Service::failure() const {
  const std::lock_guard lock(failure_mutex_);
  return failure_;
}

void Service::fail(std::string why) {
  const std::lock_guard lock(failure_mutex_);
  if (!failure_) failure_ = std::move(why);
}

void Service::recover() {
  std::size_t count = 0;
  journal_.recover(blame_for(recorder_.last()), [&](std::vector<Unfinished> unfinished) {
    for (const auto& [execution, outcome, history] : unfinished)
      execution->place = outcome ? admission_.enter_decided(footprint(*execution) + outcome->body.size())
                                 : admission_.enter(execution->action, footprint(*execution));
    count += unfinished.size();
    caf::anon_send(supervisor_, run_atom_v, RecoveredBatch{std::move(unfinished)});
  });
  if (count > 0) observer_.event(LogLevel::info, "journal", std::to_string(count) + " unfinished executions go on");
}

std::vector<ReadinessCheck> Service::readiness() const {
  const auto joined = [](const std::vector<std::string>& sentences) {
    std::string text;
    for (const auto& sentence : sentences) text += (text.empty() ? "" : "; ") + sentence;
    return text;
  };
  const auto stuck = heartbeat_.stuck();
  std::vector<std::string> adapter_problems;
  for (const auto& problem : action_table_.problems()) adapter_problems.push_back(redaction_.clean(problem.text()));
  return {{"journal", journal_.writable(), journal_.writable() ? "" : "the journal cannot be written"},
          {"adapters", adapter_problems.empty(), joined(adapter_problems)},
          {"heartbeat", stuck.empty(), stuck.empty() ? "" : "no answer from " + joined(stuck)},
          {"admission", !admission_.closed() && !admission_.held(),
           admission_.closed() ? "the service is shutting down"
           : admission_.held() ? "an adapter holds the thread that executions run on"
                               : ""}};
}

}  // namespace fulfilld
