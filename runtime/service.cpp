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

}  // namespace

Service::Service(Config config, Observer& observer)
    : config_(std::move(config)),
      observer_(observer),
      admission_(admission_limits(config_), deadlines(config_), clock_),
      actor_settings_(config_.workers, slow_handlers(config_, observer)),
      actors_(actor_settings_),
      allowed_hosts_(config_.callback.allowed_hosts),
      action_table_(config_, observer),
      blocking_({}, blocking_limits(config_)),
      clock_(loop_),
      engine_(loop_, egress_settings(config_)),
      journal_(journal_options(config_.journal, observer), relay_),
      recorder_(config_.journal.directory,
                [&observer](const std::string& text) { observer.event(LogLevel::warning, "flight_recorder", text); }),
      routes_factory_(actors_, config_, clock_, engine_, journal_, observer, deliveries_),
      ingress_(ingress_options(config_, action_table_), journal_, admission_, allowed_hosts_, observer,
               [this] { return readiness(); }),
      heartbeat_(pulse_subjects(), config_.stuck_after,
                 [&observer](LogLevel level, const std::string& text) { observer.event(level, "health", text); }),
      alarm_probe_(clock_) {
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
  auto actions = action_table_.load();
  if (actions->empty()) throw StartError("No action can run: " + action_table_.problems().front());
  auto shared = std::make_shared<FulfillmentConfig>();
  shared->clock = &clock_;
  shared->journal = &journal_;
  shared->observer = &observer_;
  shared->recorder = &recorder_;
  shared->blocking = &blocking_;
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
                  "the secrets of all credentials are read anew, and new builds of adapters are looked for");
  read_secrets_anew(config_, observer_);
  caf::anon_send(supervisor_, renew_atom_v);
  caf::anon_send(supervisor_, actions_atom_v, action_table_.load());
}

void Service::tick() {
  const bool was_alive = heartbeat_.alive();
  heartbeat_.tick(clock_.now());
  observer_.lag_measured(heartbeat_.actor_lag(), alarm_probe_.measure());
  for (const auto& work : blocking_.take_overdue(clock_.now(), config_.stuck_after))
    observer_.event(LogLevel::warning, "health",
                    "blocking work of action \"" + work.lane + "\" has held a thread for " +
                        std::to_string(work.lasts.count()) + " ms; it has one fewer for as long");
  if (!was_alive || heartbeat_.alive()) return;
  for (const auto& stay : recorder_.busy(clock_.now(), config_.stuck_after))
    observer_.event(LogLevel::error, "health",
                    "the adapter of action \"" + stay.action + "\" has held a thread for " +
                        std::to_string(stay.lasts.count()) + " ms in execution number " +
                        std::to_string(stay.sequence) + ": an adapter must not block");
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
  const auto adapter_problems = action_table_.problems();
  return {{"journal", journal_.writable(), journal_.writable() ? "" : "the journal cannot be written"},
          {"adapters", adapter_problems.empty(), joined(adapter_problems)},
          {"heartbeat", stuck.empty(), stuck.empty() ? "" : "no answer from " + joined(stuck)},
          {"admission", !admission_.closed(), admission_.closed() ? "the service is shutting down" : ""}};
}

}  // namespace fulfilld
