// SPDX-License-Identifier: Apache-2.0
#include "actors/supervisor.hpp"

#include <algorithm>
#include <caf/send.hpp>
#include <utility>

#include "actors/policy/callback_body.hpp"

namespace fulfilld {
namespace {

using Self = supervisor_actor::stateful_pointer<SupervisorState>;

std::chrono::milliseconds deadline_of(const FulfillmentConfig& config, const Execution& execution) {
  const auto action = config.actions->find(execution.action);
  return action == config.actions->end() ? std::chrono::milliseconds{0} : action->second.deadline;
}

void spawn_fulfillment(Self self, const FulfillmentConfigPtr& config, ExecutionPtr execution, MonotonicTime deadline) {
  const auto child = self->spawn<caf::monitored>(fulfillment, config, execution, deadline);
  self->state.running.emplace(child.address(), std::move(execution));
}

}  // namespace

supervisor_actor::behavior_type supervisor(Self self, FulfillmentConfigPtr config, callback_lane_actor callbacks) {
  self->set_down_handler([=](caf::down_msg& down) {
    const auto ended = self->state.running.extract(down.source);
    if (!ended || !down.reason || down.reason == caf::exit_reason::user_shutdown) return;
    const auto& execution = ended.mapped();
    config->observer->event(LogLevel::error, "supervisor",
                            "fulfillment of execution '" + execution->id + "' crashed: " + to_string(down.reason));
    const auto body =
        failed_body(code(Reason::internal_error), text(Reason::internal_error), config->clock->wall_now());
    config->journal->decide(execution, Outcome{Reason::internal_error, body});
  });
  self->set_exit_handler([=](caf::exit_msg& exit) {
    for (const auto& [child, execution] : self->state.running) self->send_exit(child, exit.reason);
    self->quit(exit.reason);
  });
  return {[=](run_atom, AcceptedBatch& batch) {
            const auto now = config->clock->now();
            for (auto& execution : batch.executions) {
              config->observer->accepted(*execution);
              const auto deadline = now + deadline_of(*config, *execution);
              spawn_fulfillment(self, config, std::move(execution), deadline);
            }
          },
          [=](run_atom, RecoveredBatch& batch) {
            // What an earlier process accepted can only be timed by the wall clock.
            const auto now = config->clock->now();
            const auto wall_now = config->clock->wall_now();
            DecidedBatch decided;
            for (auto& [execution, outcome] : batch.unfinished) {
              config->observer->resumed(*execution, outcome != nullptr);
              if (outcome != nullptr) {
                decided.deliveries.push_back({std::move(execution), std::move(outcome)});
                continue;
              }
              const auto limit = deadline_of(*config, *execution);
              const auto left = std::clamp<std::chrono::milliseconds>(execution->accepted_at + limit - wall_now,
                                                                      std::chrono::milliseconds{0}, limit);
              spawn_fulfillment(self, config, std::move(execution), now + left);
            }
            if (!decided.deliveries.empty()) self->send(callbacks, run_atom_v, std::move(decided));
          }};
}

}  // namespace fulfilld
