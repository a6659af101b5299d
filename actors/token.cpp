// SPDX-License-Identifier: Apache-2.0
#include "actors/token.hpp"

#include <caf/send.hpp>
#include <chrono>
#include <memory>
#include <string_view>
#include <utility>

#include "actors/call.hpp"
#include "actors/last_words.hpp"
#include "actors/policy/reason.hpp"
#include "actors/policy/token_answer.hpp"
#include "actors/policy/token_outlook.hpp"

namespace fulfilld {
namespace {

using Self = token_actor::stateful_pointer<TokenState>;
using Fetch = TokenState::Fetch;
using std::chrono::milliseconds;

class TokenKeeper {
 public:
  TokenKeeper(Self self, const TokenConfig& config, const rate_limiter_actor& limiter)
      : self_(self), state_(self->state), config_(config), limiter_(limiter) {}

  void fetch() {
    if (state_.fetch == Fetch::none) send_attempt();
  }

  void end_wait() {
    if (state_.fetch == Fetch::waiting) send_attempt();
  }

  void renew() {
    state_.pace.hope();
    if (!state_.problem.empty()) tell(state_.problem, config_.clock->now());
    if (state_.fetch == Fetch::calling) {
      state_.fetch_again = true;
      return;
    }
    config_.clock->cancel(state_.wait_alarm);
    send_attempt();
  }

  void read(const CallPtr& call) {
    if (call->answer.failure == HttpFailure::cancelled) return;
    const TokenAnswer answer = read_token_answer(call->answer);
    if (answer.access_token.empty())
      try_later(call->answer, answer);
    else
      take(answer);
    if (std::exchange(state_.fetch_again, false)) renew();
  }

  void expire(std::uint64_t version) {
    if (version != state_.version || !state_.valid) return;
    drop("it expired before a new one came");
    fetch();
  }

  void refuse(std::uint64_t version) {
    if (version != state_.version || state_.refused) return;
    state_.refused = true;
    const auto now = config_.clock->now();
    const auto next = state_.pace.after_refusal(now);
    if (state_.fetch == Fetch::none && next > now) {
      // Perhaps it is not the token but who may do what: it stays in use for everyone else.
      const auto wait = std::chrono::ceil<milliseconds>(next - now);
      const auto why = "is refused like the one before: the next is fetched in " + in_ms(wait);
      report(LogLevel::warning, why);
      tell("it " + why, next);
      return wait_for(wait);
    }
    if (state_.valid) drop("the platform refused it");
    fetch();
  }

 private:
  void send_attempt() {
    state_.fetch = Fetch::calling;
    auto call = std::make_shared<Call>();
    call->request = config_.make_request();
    call->request.time_limit = state_.pace.attempt_limit();
    call->last_end = config_.clock->now() + TokenPace::longest_wait + state_.pace.attempt_limit();
    call->retry = state_.pace.failing();
    call->requester = self_;
    self_->send(limiter_, call_atom_v, std::move(call));
  }

  void take(const TokenAnswer& answer) {
    const auto now = config_.clock->now();
    state_.pace.granted(now);
    state_.problem.clear();
    state_.endpoint_said.clear();
    state_.fetch = Fetch::none;
    state_.valid = true;
    state_.refused = false;
    config_.redaction.learn("token of credential " + config_.credential, answer.access_token);
    push("Bearer " + answer.access_token, ++state_.version);
    report(LogLevel::info, "fetched, valid for " + std::to_string(answer.lifetime.count()) + " s");
    // The alarms of the token before must not outlive it: each would start a chain of refreshes of its own.
    config_.clock->cancel(state_.refresh_alarm);
    config_.clock->cancel(state_.expiry_alarm);
    state_.refresh_alarm = config_.clock->schedule(
        now + refresh_after(answer.lifetime), [keeper = token_actor{self_}] { caf::anon_send(keeper, run_atom_v); });
    state_.expiry_alarm = config_.clock->schedule(
        now + answer.lifetime,
        [keeper = token_actor{self_}, version = state_.version] { caf::anon_send(keeper, expired_atom_v, version); });
  }

  void drop(std::string_view why) {
    state_.valid = false;
    report(LogLevel::warning, "dropped: " + std::string(why));
    push("", state_.version);
  }

  void try_later(const HttpAnswer& answer, const TokenAnswer& said) {
    const auto now = config_.clock->now();
    const double jitter = std::uniform_real_distribution<>{0, 1}(state_.random);
    const auto wait = state_.pace.after_failure(answer, said.lasting, now, config_.clock->wall_now(), jitter);
    note_problem(answer, said.problem);
    report(LogLevel::warning, "not to be had: " + state_.problem + "; next attempt in " + in_ms(wait));
    tell(state_.problem, now + wait);
    wait_for(wait);
  }

  void note_problem(const HttpAnswer& answer, const std::string& said) {
    // It goes to those who wait, and an endpoint may quote what it was sent.
    auto problem = config_.redaction.clean(said);
    if (answer.failure != HttpFailure::turned_away) {
      state_.endpoint_said = problem;
    } else if (!state_.endpoint_said.empty()) {
      // That our own side keeps from calling it says less than what it did.
      problem = "its endpoint is not called for now (" + std::string(code(answer.refusal)) +
                "), before that: " + state_.endpoint_said;
    }
    state_.problem = std::move(problem);
  }

  void wait_for(milliseconds time) {
    state_.fetch = Fetch::waiting;
    state_.wait_alarm = config_.clock->schedule(config_.clock->now() + time,
                                                [keeper = token_actor{self_}] { caf::anon_send(keeper, wake_atom_v); });
  }

  void push(std::string authorization, std::uint64_t version) {
    self_->send(limiter_, token_atom_v,
                std::make_shared<const Token>(Token{config_.credential, std::move(authorization), version}));
  }

  /// Those who wait for a token, and those who come for one.
  void tell(const std::string& problem, MonotonicTime next_fetch) {
    const TokenOutlook outlook{.problem = "credential '" + config_.credential + "': " + problem,
                               .hopeless = state_.pace.hopeless(),
                               .next_fetch = next_fetch};
    self_->send(limiter_, token_atom_v,
                std::make_shared<const TokenProblem>(TokenProblem{config_.credential, outlook}));
  }

  void report(LogLevel level, const std::string& what) {
    config_.observer->event(level, "token", "token of credential '" + config_.credential + "' " + what);
  }

  static std::string in_ms(milliseconds time) { return std::to_string(time.count()) + " ms"; }

  Self self_;
  TokenState& state_;
  const TokenConfig& config_;
  const rate_limiter_actor& limiter_;
};

}  // namespace

token_actor::behavior_type token(Self self, TokenConfig config, rate_limiter_actor limiter) {
  end_with_last_words(self);
  self->state.random.seed(std::random_device{}());
  self->state.pace = TokenPace{config.retry};
  self->send(token_actor{self}, run_atom_v);
  const auto keeper = [=] { return TokenKeeper{self, config, limiter}; };
  return {[=](answered_atom, CallPtr& call) { keeper().read(call); },
          [=](run_atom) { keeper().fetch(); },
          [=](renew_atom) { keeper().renew(); },
          [=](wake_atom) { keeper().end_wait(); },
          [=](refused_atom, std::uint64_t version) { keeper().refuse(version); },
          [=](expired_atom, std::uint64_t version) { keeper().expire(version); },
          [](pulse_atom, PulsePtr& pulse) { pulse->answer(); }};
}

}  // namespace fulfilld
