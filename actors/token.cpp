// SPDX-License-Identifier: Apache-2.0
#include "actors/token.hpp"

#include <caf/send.hpp>
#include <limits>
#include <utility>

#include "actors/call.hpp"
#include "actors/last_words.hpp"
#include "actors/policy/token_answer.hpp"

namespace fulfilld {
namespace {

using Self = token_actor::stateful_pointer<TokenState>;

double jitter(std::minstd_rand& random) { return std::uniform_real_distribution<>{0, 1}(random); }

class TokenKeeper {
 public:
  TokenKeeper(Self self, const TokenConfig& config, const rate_limiter_actor& limiter, const http_pool_actor& pool)
      : self_(self), state_(self->state), config_(config), limiter_(limiter), pool_(pool) {}

  void fetch() {
    if (state_.fetching) return;
    state_.fetching = true;
    // There is no last attempt: calls wait for the token, and it is up to them for how long.
    RetryPolicy policy = config_.retry;
    policy.attempts = std::numeric_limits<std::uint32_t>::max();
    state_.plan = RetryPlan{policy, MonotonicTime::max()};
    send_attempt();
  }

  void send_attempt() {
    auto call = std::make_shared<Call>();
    call->request = config_.make_request();
    call->request.time_limit = state_.plan.attempt_limit(config_.clock->now());
    call->lane = call->request.url.origin;
    call->requester = self_;
    self_->send(limiter_, call_atom_v, std::move(call));
  }

  void read(const CallPtr& call) {
    if (call->answer.failure == HttpFailure::cancelled) return;
    const TokenAnswer answer = read_token_answer(call->answer);
    if (answer.access_token.empty()) return try_later(call->answer, answer.problem);
    state_.fetching = false;
    state_.valid = true;
    push("Bearer " + answer.access_token, ++state_.version);
    config_.observer->event(LogLevel::info, "token",
                            "token of credential '" + config_.credential + "' fetched, valid for " +
                                std::to_string(answer.lifetime.count()) + " s");
    // The alarms of the token before must not outlive it: each would start a chain of refreshes of its own.
    const auto now = config_.clock->now();
    config_.clock->cancel(state_.refresh_alarm);
    config_.clock->cancel(state_.expiry_alarm);
    state_.refresh_alarm = config_.clock->schedule(
        now + refresh_after(answer.lifetime), [keeper = token_actor{self_}] { caf::anon_send(keeper, run_atom_v); });
    state_.expiry_alarm = config_.clock->schedule(
        now + answer.lifetime,
        [keeper = token_actor{self_}, version = state_.version] { caf::anon_send(keeper, expired_atom_v, version); });
  }

  void drop(std::uint64_t version, std::string_view why) {
    if (version != state_.version || !state_.valid) return;
    state_.valid = false;
    config_.observer->event(LogLevel::warning, "token",
                            "token of credential '" + config_.credential + "' dropped: " + std::string(why));
    push("", version);
    fetch();
  }

 private:
  void try_later(const HttpAnswer& answer, const std::string& problem) {
    const auto step = state_.plan.after(answer, config_.clock->now(), config_.clock->wall_now(), jitter(state_.random));
    config_.observer->event(LogLevel::warning, "token",
                            "no token for credential '" + config_.credential + "': " + problem + "; next attempt in " +
                                std::to_string(step.delay.count()) + " ms");
    config_.clock->schedule(config_.clock->now() + step.delay,
                            [keeper = token_actor{self_}] { caf::anon_send(keeper, wake_atom_v); });
  }

  void push(std::string authorization, std::uint64_t version) {
    self_->send(pool_, token_atom_v,
                std::make_shared<const Token>(Token{config_.credential, std::move(authorization), version}));
  }

  Self self_;
  TokenState& state_;
  const TokenConfig& config_;
  const rate_limiter_actor& limiter_;
  const http_pool_actor& pool_;
};

}  // namespace

token_actor::behavior_type token(Self self, TokenConfig config, rate_limiter_actor limiter, http_pool_actor pool) {
  end_with_last_words(self);
  self->state.random.seed(std::random_device{}());
  self->send(token_actor{self}, run_atom_v);
  const auto keeper = [=] { return TokenKeeper{self, config, limiter, pool}; };
  return {[=](answered_atom, CallPtr& call) { keeper().read(call); },
          [=](run_atom) { keeper().fetch(); },
          [=](wake_atom) { keeper().send_attempt(); },
          [=](refused_atom, std::uint64_t version) { keeper().drop(version, "the platform refused it"); },
          [=](expired_atom, std::uint64_t version) { keeper().drop(version, "it expired before a new one came"); },
          [](pulse_atom, PulsePtr& pulse) { pulse->answer(); }};
}

}  // namespace fulfilld
