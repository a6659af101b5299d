// SPDX-License-Identifier: Apache-2.0
#include "actors/rate_limiter.hpp"

#include <algorithm>
#include <array>
#include <caf/send.hpp>
#include <memory>
#include <string>
#include <utility>

#include "actors/call.hpp"
#include "actors/last_words.hpp"

namespace fulfilld {
namespace {

using Self = rate_limiter_actor::stateful_pointer<RateLimiterState>;
using Target = RateLimiterState::Target;
using SharedRate = RateLimiterState::SharedRate;
using Line = std::deque<CallPtr>;

/// The state together with what it works on: one object for the lifetime of a message.
class Limiter {
 public:
  Limiter(Self self, const RateLimiterConfig& config, const http_pool_actor& pool)
      : self_(self), state_(self->state), config_(config), pool_(pool), now_(config.clock->now()) {}

  void take(CallPtr call) {
    call->limiter = self_;
    if (authorize(call)) queue_up(std::move(call));
  }

  void take_back(CallPtr call) {
    auto& target = target_of(*call);
    const auto reopened_before = target.gate.reopens(now_);
    target.gate.leave(call->pass, call->answer, now_, config_.clock->wall_now(), call->cut_short);
    hear_quota(*call);
    if (call->answer.failure == HttpFailure::no_socket) tell_of_lack(call->answer);
    give_back(std::move(call));
    if (const auto reopens = target.gate.reopens(now_); reopens > reopened_before) refuse_the_hurried(target, reopens);
    serve(target);
    report_change(target);
  }

  void put_token(TokenPtr token) {
    auto& credential = state_.credentials[token->credential];
    const bool is_new = credential.token == nullptr || token->version > credential.token->version;
    credential.token = std::move(token);
    if (is_new) credential.outlook = {};
    if (credential.outlook.problem.empty())
      credential.wait->because("the one before was refused or is too old, and the next is still being fetched");
    if (credential.token->authorization.empty()) return;
    for (auto& call : std::exchange(credential.waiting, {})) take(std::move(call));
  }

  void put_problem(const TokenProblem& problem) {
    auto& credential = state_.credentials[problem.credential];
    credential.outlook = problem.outlook;
    credential.wait->because(problem.outlook.problem);
    for (auto& call : std::exchange(credential.waiting, {})) wait_for_token(credential, std::move(call));
  }

  void wake(const std::string& lane, const std::string& origin) {
    auto& origins = state_.targets[lane];
    const auto found = origins.find(origin);
    if (found == origins.end()) return;
    auto& target = found->second;
    // The alarm may just have fired when another took its place.
    if (target.alarm == 0 || now_ < target.alarm_at) return;
    target.alarm = 0;
    serve(target);
    report_change(target);
  }

  /// About once a second.
  void report_all() {
    for (auto& [lane, origins] : state_.targets) {
      for (auto& [origin, target] : origins) report(target, target.gate.state(now_));
      if (origins.size() > config_.max_targets)
        std::erase_if(origins, [this](const auto& entry) {
          return entry.second.waiting() == 0 && entry.second.alarm == 0 && entry.second.gate.idle(now_);
        });
    }
  }

 private:
  /// The rates that a call shares with calls to other targets: that of its lane, and that of its credential.
  using Rates = std::array<SharedRate*, 2>;

  Target& target_of(const Call& call) {
    auto& origins = state_.targets[call.lane];
    const auto& origin = call.request.url.origin;
    if (const auto known = origins.find(origin); known != origins.end()) return known->second;
    return origins.try_emplace(origin, call.lane, origin, policy_of(call.lane, origin), now_).first->second;
  }

  [[nodiscard]] const TargetPolicy& policy_of(const std::string& lane, const std::string& origin) const {
    if (const auto named = config_.lanes.find(lane); named != config_.lanes.end()) return named->second.policy;
    const auto named = config_.targets.find(origin);
    return named == config_.targets.end() ? config_.default_target : named->second;
  }

  Rates rates_of(const Call& call) {
    Rates rates{};
    if (!call.lane.empty())
      if (const auto lane = config_.lanes.find(call.lane); lane != config_.lanes.end())
        rates[0] = &shared_rate(state_.lane_rates, call.lane, lane->second.rate);
    if (!call.credential.empty()) {
      const auto named = config_.credentials.find(call.credential);
      rates[1] = &shared_rate(state_.credential_rates, call.credential,
                              named == config_.credentials.end() ? Rate{} : named->second);
    }
    return rates;
  }

  SharedRate& shared_rate(std::unordered_map<std::string, SharedRate>& rates, const std::string& name,
                          const Rate& rate) {
    if (const auto known = rates.find(name); known != rates.end()) return known->second;
    return rates.try_emplace(name, SharedRate{TokenBucket{rate, now_}, {}}).first->second;
  }

  /// Genesys Cloud counts the calls of a token; of a token that is not ours, those of the lane stand in for it.
  void hear_quota(const Call& call) {
    const auto [of_lane, of_credential] = rates_of(call);
    auto* const counted = of_credential != nullptr ? of_credential : of_lane;
    if (counted == nullptr) return;
    counted->quota.leave(read_quota(call.answer), now_);
    if (of_lane != nullptr && of_lane != counted) of_lane->quota.leave(std::nullopt, now_);
  }

  /// Of a lack of our own, which no target is to blame for. All calls meet it at once: one line stands for many.
  void tell_of_lack(const HttpAnswer& answer) {
    const auto untold = state_.lack_lines.next(now_);
    if (!untold) return;
    std::string text = answer.detail + ": this machine's own lack, the call is tried again as its retries permit";
    if (*untold > 0) text += "; " + std::to_string(*untold) + " more since this was last said";
    config_.observer->event(LogLevel::error, "egress", text + ". See LimitNOFILE, egress.max_calls and connections");
  }

  /// True if the call needs no token or has one; otherwise it has been put aside to wait for one.
  bool authorize(CallPtr& call) {
    if (call->credential.empty()) return true;
    auto& credential = state_.credentials[call->credential];
    const auto& token = credential.token;
    if (token != nullptr && !token->authorization.empty() && token->version > call->refused_token) {
      call->request.authorization = token->authorization;
      call->token_version = token->version;
      call->end_token_wait();
      return true;
    }
    wait_for_token(credential, std::move(call));
    return false;
  }

  void wait_for_token(RateLimiterState::Credential& credential, CallPtr call) {
    // Nothing moves this queue while there is no token: calls that nobody waits for must not fill it.
    while (!credential.waiting.empty() && credential.waiting.front()->abandoned()) credential.waiting.pop_front();
    if (call->abandoned()) return;
    if (!worth_waiting(credential.outlook, call->last_end, call->patient))
      return turn_away(std::move(call), Reason::no_token, credential.outlook.problem);
    if (credential.waiting.size() >= config_.max_waiting_for_token)
      return turn_away(std::move(call), Reason::no_token, "too many calls wait for it");
    call->begin_token_wait(credential.wait);
    credential.waiting.push_back(std::move(call));
  }

  void queue_up(CallPtr call) {
    auto& target = target_of(*call);
    if (target.gate.reopens(now_) >= call->last_end)
      return turn_away(std::move(call), Reason::retry_after_exceeds_deadline);
    auto& line = call->background ? target.background : call->retry ? target.retries : target.calls;
    line.push_back(std::move(call));
    serve(target);
    if (target.waiting() <= target.policy.max_waiting) return;
    auto last = std::move(line.back());
    line.pop_back();
    turn_away(std::move(last), Reason::queue_full);
  }

  void serve(Target& target) {
    auto again = serve_line(target, target.retries);
    again = std::min(again, serve_line(target, target.calls));
    if (target.retries.empty() && target.calls.empty()) again = std::min(again, serve_line(target, target.background));
    wake_at(target, again);
  }

  /// Hands on the calls that may go. Returns when the next one is to be asked for again; `max()`: when an answer has
  /// come, or never.
  MonotonicTime serve_line(Target& target, Line& line) {
    for (; !line.empty(); line.pop_front()) {
      auto& call = line.front();
      if (call->abandoned()) continue;
      const auto permit = target.gate.ask(call->retry, now_);
      if (permit.kind == Permit::Kind::refuse) {
        turn_away(std::move(call), permit.reason);
        continue;
      }
      if (permit.kind == Permit::Kind::wait) return permit.not_before;
      const auto rates = rates_of(*call);
      if (const auto when = permitted_by(rates, call->background); when > now_) return when;
      // The token may have been dropped or renewed while the call stood here.
      if (authorize(call)) hand_on(target, std::move(call), rates);
    }
    return MonotonicTime::max();
  }

  /// Background calls leave one half of a shared burst to what may come next.
  [[nodiscard]] MonotonicTime permitted_by(const Rates& rates, bool background) const {
    auto when = now_;
    for (const auto* rate : rates) {
      if (rate == nullptr) continue;
      const auto token = background ? rate->bucket.half_full(now_) : rate->bucket.next_token(now_);
      when = std::max({when, token, rate->quota.next(now_)});
    }
    return when;
  }

  void hand_on(Target& target, CallPtr call, const Rates& rates) {
    for (auto* rate : rates) {
      if (rate == nullptr) continue;
      static_cast<void>(rate->bucket.try_take(now_));
      rate->quota.enter();
    }
    call->pass = target.gate.enter(call->retry, now_);
    call->request.answer_limit = target.policy.answer_limit;
    call->request.idle_limit = target.policy.idle_timeout;
    self_->send(pool_, call_atom_v, std::move(call));
  }

  void wake_at(Target& target, MonotonicTime when) {
    if (target.alarm != 0 && target.alarm_at <= when && when != MonotonicTime::max()) return;
    if (target.alarm != 0) config_.clock->cancel(std::exchange(target.alarm, 0));
    if (when == MonotonicTime::max()) return;
    target.alarm_at = when;
    target.alarm =
        config_.clock->schedule(when, [limiter = rate_limiter_actor{self_}, lane = target.lane,
                                       origin = target.origin] { caf::anon_send(limiter, wake_atom_v, lane, origin); });
  }

  /// Those whose time is over before the target reopens hear so now.
  void refuse_the_hurried(Target& target, MonotonicTime reopens) {
    for (auto* line : {&target.retries, &target.calls, &target.background}) {
      const auto late = std::stable_partition(line->begin(), line->end(),
                                              [reopens](const CallPtr& call) { return call->last_end > reopens; });
      for (auto call = late; call != line->end(); ++call)
        turn_away(std::move(*call), Reason::retry_after_exceeds_deadline);
      line->erase(late, line->end());
    }
  }

  void turn_away(CallPtr call, Reason why, std::string detail = {}) {
    call->turn_away(why, std::move(detail));
    give_back(std::move(call));
  }

  void give_back(CallPtr call) {
    const auto requester = call->requester;
    self_->send(requester, answered_atom_v, std::move(call));
  }

  /// What a person would want to know at once.
  void report_change(Target& target) {
    const auto state = target.gate.state(now_);
    if (state.breaker != target.reported.breaker || state.closed_until != target.reported.closed_until ||
        state.permitted_rate.has_value() != target.reported.permitted_rate.has_value())
      report(target, state);
  }

  void report(Target& target, const TargetState& state) {
    if (state == target.reported) return;
    target.reported = state;
    config_.observer->target_changed(target.lane.empty() ? target.origin : target.lane + ' ' + target.origin, state,
                                     now_);
  }

  Self self_;
  RateLimiterState& state_;
  const RateLimiterConfig& config_;
  const http_pool_actor& pool_;
  const MonotonicTime now_;
};

}  // namespace

rate_limiter_actor::behavior_type rate_limiter(Self self, RateLimiterConfig config, http_pool_actor pool) {
  end_with_last_words(self);
  // Targets refer to their policies in here.
  const auto held = std::make_shared<const RateLimiterConfig>(std::move(config));
  const auto limiter = [=] { return Limiter{self, *held, pool}; };
  return {[=](call_atom, CallPtr& call) { limiter().take(std::move(call)); },
          [=](answered_atom, CallPtr& call) { limiter().take_back(std::move(call)); },
          [=](token_atom, TokenPtr& token) { limiter().put_token(std::move(token)); },
          [=](token_atom, TokenProblemPtr& problem) { limiter().put_problem(*problem); },
          [=](wake_atom, const std::string& lane, const std::string& origin) { limiter().wake(lane, origin); },
          [=](pulse_atom, PulsePtr& pulse) {
            limiter().report_all();
            pulse->answer();
          }};
}

}  // namespace fulfilld
