// SPDX-License-Identifier: Apache-2.0
#include "actors/http_pool.hpp"

#include <algorithm>
#include <caf/send.hpp>
#include <utility>

#include "actors/call.hpp"
#include "actors/last_words.hpp"

namespace fulfilld {
namespace {

using Self = http_pool_actor::stateful_pointer<HttpPoolState>;
using std::chrono::milliseconds;

/// An attempt that gets less of its usual time could do nothing but harm: it may be carried out, and not be heard of.
constexpr milliseconds shortest_attempt{10};

/// The state together with what it works on: one object for the lifetime of a message.
class Pool {
 public:
  Pool(Self self, const HttpPoolConfig& config) : self_(self), state_(self->state), config_(config) {}

  void take(CallPtr call) {
    state_.waiting.push_back(std::move(call));
    start_waiting();
  }

  void release(CallPtr call) {
    --state_.in_flight;
    send_back(std::move(call));
    start_waiting();
  }

 private:
  void start_waiting() {
    for (; !state_.waiting.empty() && state_.in_flight < config_.max_in_flight; state_.waiting.pop_front())
      start(std::move(state_.waiting.front()));
  }

  void start(CallPtr call) {
    // Each goes back to the limiter, also one that nobody waits for: it has a pass to hand in.
    const auto left = std::chrono::floor<milliseconds>(call->last_end - config_.clock->now());
    if (left < std::min(call->request.time_limit, shortest_attempt)) {
      call->turn_away(Reason::deadline);
      return send_back(std::move(call));
    }
    call->start();
    if (call->abandoned()) {
      call->answer.failure = HttpFailure::cancelled;
      return send_back(std::move(call));
    }
    call->cut_short = left < call->request.time_limit;
    call->request.time_limit = std::min(call->request.time_limit, left);
    call->pool = self_;
    ++state_.in_flight;
    config_.engine->start(std::move(call));
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
          [](pulse_atom, PulsePtr& pulse) { pulse->answer(); }};
}

}  // namespace fulfilld
