// SPDX-License-Identifier: Apache-2.0
#include "actors/callback_lane.hpp"

#include <caf/send.hpp>
#include <limits>
#include <memory>
#include <string>
#include <utility>

#include "actors/call.hpp"
#include "actors/callback_call.hpp"
#include "actors/fault_point.hpp"
#include "actors/last_words.hpp"
#include "actors/policy/callback_verdict.hpp"

namespace fulfilld {
namespace {

using Self = callback_lane_actor::stateful_pointer<CallbackLaneState>;
using Pending = CallbackLaneState::Pending;

class Lane {
 public:
  Lane(Self self, const CallbackLaneConfig& config, const rate_limiter_actor& limiter)
      : self_(self), state_(self->state), config_(config), limiter_(limiter) {}

  void deliver(Delivery delivery) {
    const auto sequence = delivery.execution->sequence;
    progress().end(sequence);
    const auto [entry, is_new] = state_.pending.try_emplace(sequence);
    if (!is_new) return;
    auto& pending = entry->second;
    const auto last_end = config_.clock->now() + config_.lifetime;
    pending.plan = RetryPlan{config_.retry, last_end};
    pending.turned_away = endless(last_end);
    pending.call = make_call(delivery, last_end);
    pending.delivery = std::move(delivery);
    pending.lifetime_alarm = config_.clock->schedule(
        last_end, [lane = callback_lane_actor{self_}, sequence] { caf::anon_send(lane, deadline_atom_v, sequence); });
    send_attempt(pending);
  }

  void report(ProgressPtr progress_of) {
    if (!state_.pending.contains(progress_of->execution->sequence)) progress().take(std::move(progress_of));
  }

  void report_again(std::uint64_t sequence) { progress().wake(sequence); }

  void judge(const CallPtr& call) {
    if (call->background) return progress().answered(call);
    const auto found = state_.pending.find(call->tag);
    if (found == state_.pending.end() || call->answer.failure == HttpFailure::cancelled) return;
    auto& pending = found->second;
    FULFILLD_FAULT_POINT("callback.after_call");
    if (call->turned_away()) return wait_in_turn(pending);
    pending.made = true;
    pending.turned_away = endless(pending.call->last_end);
    config_.observer->attempt_ended(*pending.delivery.execution, Direction::callback, pending.attempts, call->request,
                                    call->answer);
    switch (judge_callback(call->answer)) {
      case CallbackVerdict::taken:
        return end(call->tag, Reason::none);
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
    found->second.retry_alarm = 0;
    send_attempt(found->second);
  }

  void give_up(std::uint64_t sequence) {
    if (state_.pending.contains(sequence)) end(sequence, Reason::undeliverable);
  }

 private:
  CallPtr make_call(const Delivery& delivery, MonotonicTime last_end) {
    auto call = make_callback_call(config_, *delivery.execution,
                                   std::shared_ptr<const std::string>(delivery.outcome, &delivery.outcome->body));
    call->requester = self_;
    call->last_end = last_end;
    // Every repeat is the same result: says so to the platform, and to the engine.
    call->request.header_lines += "Idempotency-Key: " + delivery.execution->id + "\r\n";
    return call;
  }

  void send_attempt(Pending& pending) {
    const auto limit = pending.plan.attempt_limit(config_.clock->now());
    if (limit <= std::chrono::milliseconds{0}) return end(pending.call->tag, Reason::undeliverable);
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

  void wait(Pending& pending, std::chrono::milliseconds delay) {
    config_.observer->retry_planned(*pending.delivery.execution, Direction::callback, pending.attempts + 1, delay);
    pending.retry_alarm = config_.clock->schedule(config_.clock->now() + delay,
                                                  [lane = callback_lane_actor{self_}, sequence = pending.call->tag] {
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

  [[nodiscard]] RetryPlan endless(MonotonicTime last_end) const {
    auto policy = config_.retry;
    policy.attempts = std::numeric_limits<std::uint32_t>::max();
    return RetryPlan{policy, last_end};
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
