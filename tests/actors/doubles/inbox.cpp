// SPDX-License-Identifier: Apache-2.0
#include "tests/actors/doubles/inbox.hpp"

#include <caf/typed_event_based_actor.hpp>

namespace fulfilld::test {
namespace {

auto note_answered(Inbox* inbox) {
  return [inbox](answered_atom, CallPtr& call) { inbox->answered.push_back(call); };
}

auto note_call(Inbox* inbox) {
  return [inbox](call_atom, CallPtr& call) { inbox->calls.push_back(call); };
}

auto answer_pulse() {
  return [](pulse_atom, PulsePtr& pulse) { pulse->answer(); };
}

template <class T>
void append(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

requester_actor spawn_requester_double(caf::actor_system& system, Inbox& inbox) {
  return system.spawn([in = &inbox]() -> requester_actor::behavior_type { return {note_answered(in)}; });
}

http_pool_actor spawn_http_pool_double(caf::actor_system& system, Inbox& inbox) {
  return system.spawn([in = &inbox]() -> http_pool_actor::behavior_type {
    return {note_call(in), note_answered(in), answer_pulse()};
  });
}

rate_limiter_actor spawn_rate_limiter_double(caf::actor_system& system, Inbox& inbox) {
  return system.spawn([in = &inbox]() -> rate_limiter_actor::behavior_type {
    return {note_call(in),
            note_answered(in),
            [in](token_atom, TokenPtr& token) { in->tokens.push_back(token); },
            [in](token_atom, TokenProblemPtr& problem) { in->token_problems.push_back(problem); },
            [](wake_atom, const std::string&, const std::string&) {},
            answer_pulse()};
  });
}

token_actor spawn_token_double(caf::actor_system& system, Inbox& inbox) {
  return system.spawn([in = &inbox]() -> token_actor::behavior_type {
    return {note_answered(in),
            [](run_atom) {},
            [in](renew_atom) { ++in->renewed; },
            [](wake_atom) {},
            [in](refused_atom, std::uint64_t version) { in->refused.push_back(version); },
            [](expired_atom, std::uint64_t) {},
            answer_pulse()};
  });
}

callback_lane_actor spawn_callback_lane_double(caf::actor_system& system, Inbox& inbox) {
  return system.spawn([in = &inbox]() -> callback_lane_actor::behavior_type {
    return {note_answered(in),
            [in](run_atom, DecidedBatch& batch) { append(in->decided, batch.deliveries); },
            [in](progress_atom, ProgressPtr& progress) { in->progress.push_back(progress); },
            [](progress_atom, std::uint64_t) {},
            [](wake_atom, std::uint64_t) {},
            [](deadline_atom, std::uint64_t) {},
            answer_pulse()};
  });
}

supervisor_actor spawn_supervisor_double(caf::actor_system& system, Inbox& inbox) {
  return system.spawn([in = &inbox]() -> supervisor_actor::behavior_type {
    return {[in](run_atom, AcceptedBatch& batch) { append(in->accepted, batch.executions); },
            [in](run_atom, DecidedBatch& batch) { append(in->decided, batch.deliveries); },
            [](run_atom, RecoveredBatch&) {},
            [in](actions_atom, ActionsPtr& actions) { in->actions = actions; },
            [in](renew_atom) { ++in->renewed; },
            [](pulse_atom, const std::string&, PulsePtr& pulse) { pulse->answer(); }};
  });
}

}  // namespace fulfilld::test
