// SPDX-License-Identifier: Apache-2.0
#include "runtime/metrics/metrics_observer.hpp"

#include <prometheus/text_serializer.h>

#include <iterator>
#include <utility>

#include "actors/policy/reason.hpp"
#include "runtime/telemetry/event_names.hpp"

namespace fulfilld {
namespace {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Histogram;
using prometheus::Labels;
using prometheus::Registry;
using Seconds = std::chrono::duration<double>;

const Histogram::BucketBoundaries attempt_buckets{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};
const Histogram::BucketBoundaries execution_buckets{0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900};
const Histogram::BucketBoundaries lag_buckets{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5};

Family<Counter>& counters(Registry& registry, const std::string& name, const std::string& help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}

Counter& counter(Registry& registry, const std::string& name, const std::string& help) {
  return counters(registry, name, help).Add({});
}

Histogram& histogram(Registry& registry, const std::string& name, const std::string& help,
                     const Histogram::BucketBoundaries& buckets) {
  return prometheus::BuildHistogram().Name(name).Help(help).Register(registry).Add({}, buckets);
}

// How an attempt may end: by class of status, 429 apart, then by failure.
constexpr std::size_t status_classes = 7;
constexpr std::array<std::string_view, status_classes> status_names{"other_status", "1xx", "2xx", "3xx",
                                                                    "4xx",          "5xx", "429"};
constexpr auto failures = static_cast<std::size_t>(HttpFailure::turned_away);

std::size_t outcome_of(const HttpAnswer& answer) noexcept {
  if (answer.failure != HttpFailure::none) return status_classes + static_cast<std::size_t>(answer.failure) - 1;
  if (answer.status == 429) return 6;
  return answer.status >= 100 && answer.status <= 599 ? static_cast<std::size_t>(answer.status / 100) : 0;
}

std::string_view outcome_name(std::size_t outcome) noexcept {
  if (outcome < status_classes) return status_names[outcome];
  return name(static_cast<HttpFailure>(outcome - status_classes + 1));
}

/// False for a call that was not made, also for want of a socket, or was broken off by us.
bool measures_its_target(const HttpAnswer& answer) noexcept {
  return answer.failure != HttpFailure::turned_away && answer.failure != HttpFailure::cancelled &&
         answer.failure != HttpFailure::no_socket;
}

/// One that an execution may end with: the values between those of the door and those of callbacks.
bool is_outcome(Reason reason) noexcept {
  return reason >= Reason::deadline && reason < Reason::callback_refused && reason_from_code(code(reason)) == reason;
}

constexpr std::size_t index(Reason reason) noexcept { return static_cast<std::size_t>(reason); }

void add(Family<Counter>& family, std::array<Counter*, 256>& by_reason, Reason reason, std::string_view result) {
  by_reason[index(reason)] = &family.Add({{"result", std::string(result)}});
}

}  // namespace

MetricsObserver::MetricsObserver(std::function<MonotonicTime()> now)
    : now_(std::move(now)),
      targets_(now_),
      accepted_(counter(registry_, "fulfilld_executions_accepted_total", "Executions accepted")),
      resumed_(
          counter(registry_, "fulfilld_executions_resumed_total", "Executions taken over from an earlier process")),
      turned_away_(counter(registry_, "fulfilld_connections_turned_away_total",
                           "Connections answered 503 because all places were taken")),
      in_flight_(prometheus::BuildGauge()
                     .Name("fulfilld_executions_in_flight")
                     .Help("Executions accepted and not yet ended")
                     .Register(registry_)
                     .Add({})),
      execution_duration_(histogram(registry_, "fulfilld_execution_duration_seconds",
                                    "From accepting an execution to the end of its callback", execution_buckets)),
      progress_(counter(registry_, "fulfilld_progress_sent_total", "Reports of progress to the platform")),
      actor_lag_(histogram(registry_, "fulfilld_actor_lag_seconds",
                           "How late an actor ran that was ready, the latest each second", lag_buckets)),
      alarm_lag_(
          histogram(registry_, "fulfilld_alarm_lag_seconds", "How late an alarm fired, one each second", lag_buckets)),
      slow_handlers_(
          counters(registry_, "fulfilld_slow_handlers_total", "Times that an actor kept its thread too long")),
      adapters_kept_thread_(counters(registry_, "fulfilld_adapter_kept_thread_total",
                                     "Times that an adapter kept its actor's thread too long")) {
  auto& decided = counters(registry_, "fulfilld_executions_decided_total", "Executions with an outcome, by outcome");
  add(decided, decided_, Reason::none, "complete");
  for (std::size_t value = 1; value < reasons; ++value)
    if (const auto reason = static_cast<Reason>(value); is_outcome(reason))
      add(decided, decided_, reason, code(reason));

  auto& ended =
      counters(registry_, "fulfilld_executions_ended_total", "Executions ended, by what became of the callback");
  add(ended, ended_, Reason::none, "delivered");
  add(ended, ended_, Reason::callback_refused, code(Reason::callback_refused));
  add(ended, ended_, Reason::undeliverable, code(Reason::undeliverable));
  add(ended, ended_, Reason::parked, code(Reason::parked));

  auto& handshakes =
      counters(registry_, "fulfilld_tls_handshake_failures_total", "TLS handshakes with clients that failed, by why");
  for (std::size_t why = 0; why < handshake_failures; ++why)
    handshakes_failed_[why] = &handshakes.Add({{"why", std::string(name(static_cast<HandshakeFailure>(why)))}});

  auto& attempts_ended = counters(registry_, "fulfilld_attempts_total", "Attempts of calls, by how they ended");
  auto& durations = prometheus::BuildHistogram()
                        .Name("fulfilld_attempt_duration_seconds")
                        .Help("Duration of an attempt, connecting included")
                        .Register(registry_);
  auto& retries = counters(registry_, "fulfilld_retries_total", "Attempts that are to be repeated");
  for (const auto direction : {Direction::backend, Direction::callback}) {
    const std::string direction_name(name(direction));
    auto& of_direction = attempts(direction);
    for (std::size_t outcome = 0; outcome < status_classes + failures; ++outcome)
      of_direction.ended.push_back(
          &attempts_ended.Add({{"direction", direction_name}, {"outcome", std::string(outcome_name(outcome))}}));
    of_direction.duration = &durations.Add({{"direction", direction_name}}, attempt_buckets);
    of_direction.retries = &retries.Add({{"direction", direction_name}});
  }
}

MetricsObserver::Attempts& MetricsObserver::attempts(Direction direction) noexcept {
  return attempts_[static_cast<std::size_t>(direction)];
}

std::string MetricsObserver::text() const {
  auto families = registry_.Collect();
  auto targets = targets_.Collect();
  families.insert(families.end(), std::make_move_iterator(targets.begin()), std::make_move_iterator(targets.end()));
  return prometheus::TextSerializer().Serialize(families);
}

void MetricsObserver::accepted(const Execution& /*execution*/) {
  accepted_.Increment();
  in_flight_.Increment();
}

void MetricsObserver::resumed(const Unfinished& /*unfinished*/, Reason /*not_run*/) {
  resumed_.Increment();
  in_flight_.Increment();
}

void MetricsObserver::attempt_sent(const Execution& /*execution*/, Direction /*direction*/, std::uint32_t /*attempt*/) {
}

void MetricsObserver::attempt_ended(const Execution& /*execution*/, Direction direction, std::uint32_t /*attempt*/,
                                    const HttpRequest& /*request*/, const HttpAnswer& answer) {
  const auto& counted = attempts(direction);
  counted.ended[outcome_of(answer)]->Increment();
  if (measures_its_target(answer)) counted.duration->Observe(Seconds(answer.elapsed).count());
}

void MetricsObserver::retry_planned(const Execution& /*execution*/, Direction direction, std::uint32_t /*next_attempt*/,
                                    std::chrono::milliseconds /*delay*/) {
  attempts(direction).retries->Increment();
}

void MetricsObserver::decided(const Execution& /*execution*/, const Outcome& outcome) {
  if (auto* const counter = decided_[index(outcome.reason)]) counter->Increment();
}

void MetricsObserver::ended(const Execution& execution, const Ending& ending) {
  if (auto* const counter = ended_[index(ending.reason)]) counter->Increment();
  in_flight_.Decrement();
  // Of an execution of an earlier process the date is known only.
  if (execution.accepted != MonotonicTime{}) execution_duration_.Observe(Seconds(now_() - execution.accepted).count());
}

void MetricsObserver::adapter_said(const Execution& /*execution*/, LogLevel /*level*/, std::string_view /*text*/) {}

void MetricsObserver::adapter_kept_thread(const Execution& /*execution*/, std::string_view adapter,
                                          std::chrono::milliseconds /*lasted*/) {
  adapters_kept_thread_.Add({{"adapter", std::string(adapter)}}).Increment();
}

void MetricsObserver::listening(std::uint16_t /*port*/) {}

void MetricsObserver::progress_sent(const Execution& /*execution*/) { progress_.Increment(); }

void MetricsObserver::target_changed(std::string_view target, const TargetState& state, MonotonicTime /*now*/) {
  targets_.put(target, state);
}

void MetricsObserver::lag_measured(std::chrono::microseconds ready_actor, std::chrono::microseconds alarm) {
  actor_lag_.Observe(Seconds(ready_actor).count());
  alarm_lag_.Observe(Seconds(alarm).count());
}

void MetricsObserver::slow_handler(std::string_view actor, std::chrono::milliseconds /*lasted*/) {
  slow_handlers_.Add({{"actor", std::string(actor)}}).Increment();
}

void MetricsObserver::handshake_failed(HandshakeFailure why) {
  handshakes_failed_[static_cast<std::size_t>(why)]->Increment();
}

void MetricsObserver::turned_away() { turned_away_.Increment(); }

void MetricsObserver::event(LogLevel /*level*/, std::string_view /*component*/, std::string_view /*text*/) {}

}  // namespace fulfilld
