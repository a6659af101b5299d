// SPDX-License-Identifier: Apache-2.0
#include "actors/http_pool.hpp"

#include <caf/send.hpp>
#include <utility>

#include "actors/call.hpp"
#include "actors/last_words.hpp"

namespace fulfilld {
namespace {

using Self = http_pool_actor::stateful_pointer<HttpPoolState>;

/// The state together with what it works on: one object for the lifetime of a message.
class Pool {
 public:
  Pool(Self self, const HttpPoolConfig& config) : self_(self), state_(self->state), config_(config) {}

  void take(CallPtr call) {
    if (call->abandoned()) return;
    if (!call->credential.empty() && !authorize(call)) return;
    auto& origin = origin_of(call->request.url.origin);
    if (origin.in_flight < origin.limits.in_flight && origin.waiting.empty() &&
        state_.in_flight < config_.max_in_flight)
      return start(origin, std::move(call));
    if (origin.waiting.size() >= origin.limits.max_waiting) return turn_away(std::move(call));
    origin.waiting.push_back(std::move(call));
    queue_up(origin);
    serve_queue();
  }

  void release(CallPtr call) {
    auto& origin = origin_of(call->request.url.origin);
    --origin.in_flight;
    --state_.in_flight;
    send_back(std::move(call));
    queue_up(origin);
    serve_queue();
  }

  void put_token(TokenPtr token) {
    auto& credential = state_.credentials[token->credential];
    credential.token = std::move(token);
    if (credential.token->authorization.empty()) return;
    for (auto& call : std::exchange(credential.waiting, {})) take(std::move(call));
  }

 private:
  HttpPoolState::Origin& origin_of(const std::string& name) {
    if (const auto known = state_.origins.find(name); known != state_.origins.end()) return known->second;
    auto& origin = state_.origins[name];
    const auto named = config_.limits.find(name);
    origin.limits = named == config_.limits.end() ? config_.default_limits : named->second;
    return origin;
  }

  /// True if the call has its token; otherwise it has been put aside to wait for one.
  bool authorize(CallPtr& call) {
    auto& credential = state_.credentials[call->credential];
    const auto& token = credential.token;
    if (token != nullptr && !token->authorization.empty() && token->version > call->refused_token) {
      call->request.authorization = token->authorization;
      call->token_version = token->version;
      return true;
    }
    // Nothing moves this queue while there is no token: calls that nobody waits for must not fill it.
    while (!credential.waiting.empty() && credential.waiting.front()->abandoned()) credential.waiting.pop_front();
    if (credential.waiting.size() >= config_.default_limits.max_waiting)
      turn_away(std::move(call));
    else
      credential.waiting.push_back(std::move(call));
    return false;
  }

  void start(HttpPoolState::Origin& origin, CallPtr call) {
    ++origin.in_flight;
    ++state_.in_flight;
    call->pool = self_;
    call->request.answer_limit = origin.limits.answer_limit;
    config_.engine->start(std::move(call));
  }

  /// An origin stands in the queue while it has calls that its own bound would permit.
  void queue_up(HttpPoolState::Origin& origin) {
    if (origin.queued || origin.waiting.empty() || origin.in_flight >= origin.limits.in_flight) return;
    origin.queued = true;
    state_.queue.push_back(&origin);
  }

  /// One call for each origin in turn, so that none starves while the bound of all is reached.
  void serve_queue() {
    while (!state_.queue.empty() && state_.in_flight < config_.max_in_flight) {
      auto& origin = *state_.queue.front();
      state_.queue.pop_front();
      origin.queued = false;
      auto call = std::move(origin.waiting.front());
      origin.waiting.pop_front();
      // Its token may have been dropped or renewed while it stood here.
      if (!call->abandoned() && (call->credential.empty() || authorize(call))) start(origin, std::move(call));
      queue_up(origin);
    }
  }

  void turn_away(CallPtr call) {
    call->turn_away();
    send_back(std::move(call));
  }

  void send_back(CallPtr call) {
    const auto limiter = call->limiter;
    self_->send(limiter, answered_atom_v, std::move(call));
  }

  Self self_;
  HttpPoolState& state_;
  const HttpPoolConfig& config_;
};

}  // namespace

http_pool_actor::behavior_type http_pool(Self self, HttpPoolConfig config) {
  end_with_last_words(self);
  return {[=](call_atom, CallPtr& call) {
            Pool{self, config}.take(std::move(call));
          },
          [=](answered_atom, CallPtr& call) {
            Pool{self, config}.release(std::move(call));
          },
          [=](token_atom, TokenPtr& token) {
            Pool{self, config}.put_token(std::move(token));
          },
          [](pulse_atom, PulsePtr& pulse) { pulse->answer(); }};
}

}  // namespace fulfilld
