// SPDX-License-Identifier: Apache-2.0
#include "actors/callback_lane.hpp"

#include <algorithm>
#include <caf/send.hpp>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "actors/call.hpp"
#include "actors/callback_call.hpp"
#include "actors/fault_point.hpp"
#include "actors/last_words.hpp"
#include "actors/policy/callback_body.hpp"
#include "actors/policy/callback_verdict.hpp"
#include "actors/policy/time_left.hpp"

namespace fulfilld {
namespace {

using Self = callback_lane_actor::stateful_pointer<CallbackLaneState>;
using Pending = CallbackLaneState::Pending;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

/// Full jitter up to this, while somebody waits: of every ten attempts three may fail, and all arrive within 15 s.
constexpr milliseconds hurried_backoff = 2s;
constexpr milliseconds longest_wait_for_report = 1s;
/// What the flight recorder has for the name of an action.
constexpr std::string_view where = "callback_lane";

class Lane {
 public:
  Lane(Self self, const CallbackLaneConfig& config, const rate_limiter_actor& limiter)
      : self_(self), state_(self->state), config_(config), limiter_(limiter) {}

  void deliver(Delivery delivery) {
    const auto sequence = delivery.execution->sequence;
    auto report = progress().end(sequence);
    const auto [entry, is_new] = state_.pending.try_emplace(sequence);
    if (!is_new) return;
    const FlightRecorder::AtWork at_work(*config_.recorder, {.sequence = sequence, .execution = {}, .action = where});
    auto& pending = entry->second;
    const auto now = config_.clock->now();
    const auto last_end = now + config_.lifetime;
    const auto left = time_until_deadline(*delivery.execution, now);
    pending.hurry = {.until = now + left, .backoff_max = hurried_backoff};
    pending.plan = RetryPlan{config_.retry, last_end, pending.hurry};
    pending.turned_away = endless(last_end, pending.hurry);
    pending.delivery = std::move(delivery);
    pending.call = make_call(pending, last_end, pending.delivery.execution->id);
    pending.lifetime_alarm = config_.clock->schedule(
        last_end, [lane = callback_lane_actor{self_}, sequence] { caf::anon_send(lane, deadline_atom_v, sequence); });
    if (report == nullptr || left == 0ms) return send_attempt(pending);
    pending.report = std::move(report);
    wake_at(pending, now + std::min(longest_wait_for_report, left / 2));
  }

  void report(ProgressPtr progress_of) {
    if (!state_.pending.contains(progress_of->execution->sequence)) progress().take(std::move(progress_of));
  }

  void report_again(std::uint64_t sequence) { progress().wake(sequence); }

  void judge(const CallPtr& call) {
    if (call->background) return report_is_back(call);
    const auto found = state_.pending.find(call->tag);
    if (found == state_.pending.end() || call->answer.failure == HttpFailure::cancelled) return;
    const FlightRecorder::AtWork at_work(*config_.recorder, {.sequence = call->tag, .execution = {}, .action = where});
    auto& pending = found->second;
    FULFILLD_FAULT_POINT("callback.after_call");
    if (call->turned_away()) return wait_in_turn(pending);
    pending.made = true;
    pending.turned_away = endless(pending.call->last_end, pending.hurry);
    config_.observer->attempt_ended(*pending.delivery.execution, Direction::callback, pending.attempts, call->request,
                                    call->answer);
    switch (judge_callback(call->answer)) {
      case CallbackVerdict::taken:
        return end(call->tag, Reason::none);
      case CallbackVerdict::too_large:
        return replace(pending);
      case CallbackVerdict::refused:
        return end(call->tag, Reason::callback_refused);
      case CallbackVerdict::try_again:
        pending.tried_new_token = false;
        return try_later(pending);
      case CallbackVerdict::token_refused:
        return try_new_token(pending);
    }
  }

  void retry(std::uint64_t sequence) {
    const auto found = state_.pending.find(sequence);
    if (found == state_.pending.end()) return;
    const FlightRecorder::AtWork at_work(*config_.recorder, {.sequence = sequence, .execution = {}, .action = where});
    found->second.retry_alarm = 0;
    found->second.report = nullptr;
    send_attempt(found->second);
  }

  void give_up(std::uint64_t sequence) {
    if (state_.pending.contains(sequence)) end(sequence, Reason::undeliverable);
  }

 private:
  CallPtr make_call(const Pending& pending, MonotonicTime last_end, const std::string& key) {
    const auto& [execution, outcome] = pending.delivery;
    auto call = make_callback_call(config_, *execution, std::shared_ptr<const std::string>(outcome, &outcome->body));
    call->requester = self_;
    call->last_end = last_end;
    // However wrong the secret is: somebody may mend it while the result lives.
    call->patient = true;
    // Every repeat is the same result: says so to the platform, and to the engine.
    call->request.header_lines += "Idempotency-Key: " + key + "\r\n";
    return call;
  }

  [[nodiscard]] milliseconds time_until_deadline(const Execution& execution, MonotonicTime now) const {
    const auto limit = config_.deadlines.find(execution.action);
    if (limit == config_.deadlines.end()) return 0ms;
    return time_left(execution, limit->second, now, config_.clock->wall_now());
  }

  void report_is_back(const CallPtr& call) {
    progress().answered(call);
    const auto found = state_.pending.find(call->tag);
    if (found == state_.pending.end() || found->second.report != call) return;
    config_.clock->cancel(found->second.retry_alarm);
    retry(call->tag);
  }

  /// The platform will never take that body: whoever waits is to hear of it, and not nothing at all. What the journal
  /// holds stays as it is; after a restart the same is made of it again.
  void replace(Pending& pending) {
    const auto& call = *pending.call;
    if (pending.replaced) return end(call.tag, Reason::callback_refused);
    pending.replaced = true;
    auto& [execution, outcome] = pending.delivery;
    config_.observer->event(LogLevel::warning, CallbackLaneState::name,
                            "the platform refuses the result of execution '" + execution->id + "' for its " +
                                std::to_string(outcome->body.size()) + " bytes: a failed one goes in its place");
    outcome = std::make_shared<const Outcome>(Outcome{Reason::result_too_large, too_large_body(outcome->body)});
    pending.call = make_call(pending, call.last_end, execution->id + ":too_large");
    send_attempt(pending);
  }

  void send_attempt(Pending& pending) {
    const auto limit = pending.plan.attempt_limit(config_.clock->now());
    if (limit <= 0ms) return end(pending.call->tag, Reason::undeliverable);
    pending.call->rewind();
    pending.call->request.time_limit = limit;
    pending.call->retry = pending.made;
    ++pending.attempts;
    config_.observer->attempt_sent(*pending.delivery.execution, Direction::callback, pending.attempts);
    FULFILLD_FAULT_POINT("callback.before_call");
    self_->send(limiter_, call_atom_v, pending.call);
  }

  void try_later(Pending& pending) {
    const auto step =
        pending.plan.after(pending.call->answer, config_.clock->now(), config_.clock->wall_now(), jitter());
    if (!step.retry) return end(pending.call->tag, Reason::undeliverable);
    wait(pending, step.delay);
  }

  /// It was not made: no attempt is used up, and it is not given up while it lives.
  void wait_in_turn(Pending& pending) {
    const auto step =
        pending.turned_away.after(pending.call->answer, config_.clock->now(), config_.clock->wall_now(), jitter());
    if (step.retry) wait(pending, step.delay);
  }

  void wait(Pending& pending, milliseconds delay) {
    config_.observer->retry_planned(*pending.delivery.execution, Direction::callback, pending.attempts + 1, delay);
    wake_at(pending, config_.clock->now() + delay);
  }

  void wake_at(Pending& pending, MonotonicTime when) {
    pending.retry_alarm =
        config_.clock->schedule(when, [lane = callback_lane_actor{self_}, sequence = pending.call->tag] {
          caf::anon_send(lane, wake_atom_v, sequence);
        });
  }

  void try_new_token(Pending& pending) {
    auto& call = *pending.call;
    const auto keeper = config_.tokens.find(call.credential);
    if (keeper == config_.tokens.end()) return end(call.tag, Reason::callback_refused);
    // A second refusal, of a token fetched since, is about permissions (403), or about an endpoint and a platform
    // that disagree (401): only the latter may mend itself.
    if (pending.tried_new_token)
      return call.answer.status == 403 ? end(call.tag, Reason::callback_refused) : try_later(pending);
    pending.tried_new_token = true;
    call.refused_token = call.token_version;
    self_->send(keeper->second, refused_atom_v, call.token_version);
    send_attempt(pending);
  }

  void end(std::uint64_t sequence, Reason reason) {
    const auto done = state_.pending.extract(sequence);
    const auto& pending = done.mapped();
    pending.call->abandon();
    config_.clock->cancel(pending.lifetime_alarm);
    if (pending.retry_alarm != 0) config_.clock->cancel(pending.retry_alarm);
    const Ending ending{reason, pending.attempts};
    config_.observer->ended(*pending.delivery.execution, ending);
    config_.journal->end(pending.delivery.execution, ending);
    config_.deliveries->strike_off(sequence);
  }

  [[nodiscard]] RetryPlan endless(MonotonicTime last_end, const Hurry& hurry) const {
    auto policy = config_.retry;
    policy.attempts = std::numeric_limits<std::uint32_t>::max();
    return RetryPlan{policy, last_end, hurry};
  }

  [[nodiscard]] double jitter() { return std::uniform_real_distribution<>{0, 1}(state_.random); }

  [[nodiscard]] ProgressReports progress() { return {self_, state_.reports, config_, limiter_}; }

  Self self_;
  CallbackLaneState& state_;
  const CallbackLaneConfig& config_;
  const rate_limiter_actor& limiter_;
};

}  // namespace

callback_lane_actor::behavior_type callback_lane(Self self, CallbackLaneConfig config, rate_limiter_actor limiter) {
  end_with_last_words(self);
  self->state.random.seed(std::random_device{}());
  const auto lane = [=] { return Lane{self, config, limiter}; };
  return {[=](answered_atom, CallPtr& call) { lane().judge(call); },
          [=](run_atom, DecidedBatch& batch) {
            for (auto& delivery : batch.deliveries) lane().deliver(std::move(delivery));
          },
          [=](progress_atom, ProgressPtr& progress) { lane().report(std::move(progress)); },
          [=](progress_atom, std::uint64_t sequence) { lane().report_again(sequence); },
          [=](wake_atom, std::uint64_t sequence) { lane().retry(sequence); },
          [=](deadline_atom, std::uint64_t sequence) { lane().give_up(sequence); },
          [](pulse_atom, PulsePtr& pulse) { pulse->answer(); }};
}

}  // namespace fulfilld
