// SPDX-License-Identifier: Apache-2.0
#include "actors/supervisor.hpp"

#include <algorithm>
#include <caf/send.hpp>
#include <utility>

#include "actors/last_words.hpp"
#include "actors/policy/callback_body.hpp"
#include "actors/policy/restart_rule.hpp"
#include "actors/policy/time_left.hpp"

namespace fulfilld {
namespace {

using Self = supervisor_actor::stateful_pointer<SupervisorState>;
using std::chrono::milliseconds;

/// The state together with what it works on: one object for the lifetime of a message.
class Supervision {
 public:
  Supervision(Self self, const SupervisorConfig& config)
      : self_(self), state_(self->state), config_(config), shared_(*config.fulfillment) {}

  void run(std::vector<ExecutionPtr>& executions) {
    for (auto& execution : executions) {
      shared_.observer->accepted(*execution);
      const auto deadline = execution->accepted + time_to_decide(*execution);
      spawn_fulfillment(std::move(execution), deadline);
    }
  }

  void deliver(std::vector<Delivery> deliveries) {
    config_.deliveries->enter(deliveries);
    self_->send(state_.routes->callbacks, run_atom_v, DecidedBatch{std::move(deliveries)});
  }

  void take_up(std::vector<Unfinished>& left) {
    std::vector<Delivery> known;
    for (auto& unfinished : left) {
      if (unfinished.outcome == nullptr) {
        run_again(unfinished);
        continue;
      }
      const auto reason = reason_not_to_deliver(unfinished.history, config_.park_after);
      shared_.observer->resumed(unfinished, reason);
      if (reason == Reason::none)
        known.push_back({std::move(unfinished.execution), std::move(unfinished.outcome)});
      else
        set_aside(std::move(unfinished.execution), reason);
    }
    if (!known.empty()) deliver(std::move(known));
  }

  void connect() {
    state_.routes = config_.make_routes();
    for (auto& service_actor : state_.routes->all()) {
      self_->monitor(service_actor.actor);
      state_.service_actors.emplace(service_actor.actor->address(), std::move(service_actor));
    }
  }

  void ended(const caf::down_msg& down) {
    if (const auto fulfillment = state_.running.extract(down.source)) {
      if (down.reason && down.reason != caf::exit_reason::user_shutdown) crashed(fulfillment.mapped(), down.reason);
    } else if (const auto service_actor = state_.service_actors.extract(down.source)) {
      if (!state_.replacing) begin_to_replace(service_actor.mapped(), down.reason);
      if (state_.replacing && state_.service_actors.empty()) replace();
    }
  }

  void exit(const caf::error& reason) {
    for (const auto& [child, execution] : state_.running) self_->send_exit(child, reason);
    stop_service_actors();
    self_->quit(reason);
  }

  void ask(const std::string& name, PulsePtr& pulse) {
    if (name == SupervisorState::name) return pulse->answer();
    state_.routes->ask(name, pulse);
  }

 private:
  [[nodiscard]] ActionPtr action_of(const Execution& execution) const {
    const auto found = state_.actions->find(execution.action);
    return found == state_.actions->end() ? nullptr : found->second;
  }

  [[nodiscard]] milliseconds time_to_decide(const Execution& execution) const {
    const auto action = action_of(execution);
    return action == nullptr ? milliseconds{0} : action->deadline.to_decide();
  }

  void spawn_fulfillment(ExecutionPtr execution, MonotonicTime deadline) {
    const auto child = self_->spawn<caf::monitored>(fulfillment, config_.fulfillment, action_of(*execution),
                                                    state_.routes, execution, deadline);
    state_.running.emplace(child.address(), std::move(execution));
  }

  void run_again(Unfinished& unfinished) {
    const auto limit = time_to_decide(*unfinished.execution);
    const auto now = shared_.clock->now();
    const auto left = time_left(*unfinished.execution, limit, now, shared_.clock->wall_now());
    // An action that is gone has no deadline, and an outcome of its own.
    const bool past_deadline = left == milliseconds{0} && limit > milliseconds{0};
    const auto reason = reason_not_to_run(unfinished.history, config_.park_after, past_deadline);
    shared_.observer->resumed(unfinished, reason);
    if (reason != Reason::none) return end(std::move(unfinished.execution), reason);
    unfinished.execution->resumed = true;
    spawn_fulfillment(std::move(unfinished.execution), now + left);
  }

  /// Its outcome stays in the journal, and is not posted.
  void set_aside(ExecutionPtr execution, Reason reason) {
    const Ending ending{reason, 0};
    shared_.observer->ended(*execution, ending);
    shared_.journal->end(std::move(execution), ending);
  }

  void crashed(const ExecutionPtr& execution, const caf::error& why) {
    shared_.observer->event(LogLevel::error, SupervisorState::name,
                            "fulfillment of execution '" + execution->id + "' crashed: " + to_string(why));
    end(execution, outcome_in(why));
  }

  void end(ExecutionPtr execution, Reason reason) {
    Outcome outcome{reason, failed_body(code(reason), text(reason), shared_.clock->wall_now())};
    shared_.observer->decided(*execution, outcome);
    execution->place.decided(reason, outcome.body.size());
    shared_.journal->decide(std::move(execution), std::move(outcome));
  }

  void begin_to_replace(const ServiceActor& dead, const caf::error& why) {
    shared_.observer->event(LogLevel::error, SupervisorState::name, dead.name + " died: " + to_string(why));
    if (!budget_of(dead).try_take(shared_.clock->now()))
      return config_.give_up(dead.name + " died too often, the last time of " + to_string(why));
    state_.replacing = true;
    stop_service_actors();
  }

  /// Once the old ones are gone: none of them touches a call any more.
  void replace() {
    state_.replacing = false;
    connect();
    for (const auto& [child, execution] : state_.running)
      self_->send(caf::actor_cast<fulfillment_actor>(child), routes_atom_v, state_.routes);
    self_->send(state_.routes->callbacks, run_atom_v, DecidedBatch{config_.deliveries->open()});
    shared_.observer->event(LogLevel::warning, SupervisorState::name, "the service actors have been replaced");
  }

  RestartBudget& budget_of(const ServiceActor& service_actor) {
    const auto policy = config_.restarts.find(service_actor.kind);
    return state_.budgets
        .try_emplace(service_actor.name, policy == config_.restarts.end() ? RestartPolicy{} : policy->second)
        .first->second;
  }

  void stop_service_actors() {
    for (const auto& [address, service_actor] : state_.service_actors)
      caf::anon_send_exit(service_actor.actor, caf::exit_reason::user_shutdown);
  }

  Self self_;
  SupervisorState& state_;
  const SupervisorConfig& config_;
  const FulfillmentConfig& shared_;
};

}  // namespace

supervisor_actor::behavior_type supervisor(Self self, SupervisorConfig config) {
  self->state.actions = std::move(config.actions);
  const auto held = std::make_shared<const SupervisorConfig>(std::move(config));
  const auto supervision = [=] { return Supervision{self, *held}; };
  end_with_last_words(self);
  self->set_down_handler([=](caf::down_msg& down) { supervision().ended(down); });
  self->set_exit_handler([=](caf::exit_msg& exit) { supervision().exit(exit.reason); });
  supervision().connect();
  return {[=](run_atom, AcceptedBatch& batch) { supervision().run(batch.executions); },
          [=](run_atom, DecidedBatch& batch) { supervision().deliver(std::move(batch.deliveries)); },
          [=](run_atom, RecoveredBatch& batch) { supervision().take_up(batch.unfinished); },
          [=](actions_atom, ActionsPtr& actions) { self->state.actions = std::move(actions); },
          [=](renew_atom) { self->state.routes->renew_tokens(); },
          [=](pulse_atom, const std::string& name, PulsePtr& pulse) { supervision().ask(name, pulse); }};
}

}  // namespace fulfilld
