// SPDX-License-Identifier: Apache-2.0
#include "actors/fulfillment.hpp"

#include <caf/send.hpp>
#include <utility>

#include "actors/adapter_session.hpp"
#include "actors/last_words.hpp"
#include "actors/routes.hpp"

namespace fulfilld {
namespace {

using Self = fulfillment_actor::stateful_pointer<FulfillmentState>;

class ActorOutbox final : public AdapterSession::Outbox {
 public:
  ActorOutbox(Self self, FulfillmentConfigPtr config, ExecutionPtr execution, RoutesPtr routes)
      : self_(self), config_(std::move(config)), execution_(std::move(execution)), routes_(std::move(routes)) {}

  void send(CallPtr call) override {
    call->requester = self_;
    self_->send(routes_->limiter, call_atom_v, std::move(call));
  }

  void note_sending(OperationId operation) override {
    config_->journal->note_sending(execution_, [actor = fulfillment_actor{self_}, operation] {
      caf::anon_send(actor, recorded_atom_v, operation);
    });
  }

  bool run_blocking(std::unique_ptr<BlockingWork> work, OperationId operation, BlockingThreads::Turn turn) override {
    const auto done = [actor = fulfillment_actor{self_}, operation](WorkAttempt attempt,
                                                                    std::unique_ptr<BlockingWork> again) {
      if (again == nullptr) return caf::anon_send(actor, wake_atom_v, operation);
      auto tried = std::make_shared<TriedWork>();
      tried->operation = operation;
      tried->attempt = std::move(attempt);
      tried->work = std::move(again);
      caf::anon_send(actor, answered_atom_v, std::move(tried));
    };
    return config_->blocking->run(execution_->action, std::move(work), turn, done);
  }

  std::optional<MonotonicTime> repeat_blocking_at(MonotonicTime last) override {
    return config_->blocking->repeat_at(execution_->action, config_->clock->now(), last);
  }

  void report_progress(std::string body) override {
    self_->send(routes_->callbacks, progress_atom_v,
                std::make_shared<const Progress>(Progress{execution_, std::move(body)}));
  }

  bool refuse_token(const std::string& credential, std::uint64_t version) override {
    const auto keeper = routes_->tokens.find(credential);
    if (keeper == routes_->tokens.end()) return false;
    self_->send(keeper->second, refused_atom_v, version);
    return true;
  }

  Clock::AlarmId wake_at(MonotonicTime when, OperationId operation) override {
    return config_->clock->schedule(
        when, [actor = fulfillment_actor{self_}, operation] { caf::anon_send(actor, wake_atom_v, operation); });
  }

  void change_routes(RoutesPtr routes) override { routes_ = std::move(routes); }

 private:
  Self self_;
  FulfillmentConfigPtr config_;
  ExecutionPtr execution_;
  RoutesPtr routes_;
};

}  // namespace

FulfillmentState::FulfillmentState() = default;
FulfillmentState::~FulfillmentState() = default;

fulfillment_actor::behavior_type fulfillment(Self self, FulfillmentConfigPtr config, ActionPtr action, RoutesPtr routes,
                                             ExecutionPtr execution, MonotonicTime deadline) {
  self->state.session = std::make_unique<AdapterSession>(
      config, action, execution, deadline, std::make_unique<ActorOutbox>(self, config, execution, std::move(routes)));
  // What it has done by then is known here alone.
  self->set_exception_handler([=](std::exception_ptr& fault) {
    const auto& session = self->state.session;
    const bool acted = session != nullptr && !session->prevent_acting();
    return last_words_of(fault, acted ? Reason::outcome_unknown : Reason::internal_error);
  });
  // In this order: an execution whose deadline has passed already still gets the outcome that `start` may find.
  self->send(fulfillment_actor{self}, run_atom_v);
  const auto alarm =
      config->clock->schedule(deadline, [actor = fulfillment_actor{self}] { caf::anon_send(actor, deadline_atom_v); });

  const auto heartbeat = action == nullptr ? std::chrono::milliseconds{0} : action->heartbeat;
  const auto schedule_heartbeat = [=] {
    if (heartbeat.count() == 0) return;
    self->state.heartbeat_alarm =
        config->clock->schedule(config->clock->now() + heartbeat,
                                [actor = fulfillment_actor{self}] { caf::anon_send(actor, progress_atom_v); });
  };
  schedule_heartbeat();

  const auto conclude = [=] {
    auto outcome = self->state.session->take_outcome();
    if (!outcome) return;
    config->clock->cancel(alarm);
    if (self->state.heartbeat_alarm != 0) config->clock->cancel(self->state.heartbeat_alarm);
    self->state.session.reset();
    config->observer->decided(*execution, *outcome);
    execution->place.decided(outcome->reason, outcome->body.size());
    config->journal->decide(execution, std::move(*outcome));
    self->quit();
  };
  return {[=](answered_atom, CallPtr& call) {
            self->state.session->answered(call);
            conclude();
          },
          [=](run_atom) {
            self->state.session->start();
            conclude();
          },
          [=](wake_atom, OperationId operation) {
            self->state.session->wake(operation);
            conclude();
          },
          [=](answered_atom, TriedWorkPtr& tried) {
            self->state.session->tried(*tried);
            conclude();
          },
          [=](recorded_atom, OperationId operation) {
            self->state.session->recorded(operation);
            conclude();
          },
          [=](routes_atom, RoutesPtr& changed) {
            self->state.session->change_routes(std::move(changed));
            conclude();
          },
          [=](progress_atom) {
            self->state.session->report_progress();
            schedule_heartbeat();
          },
          [=](deadline_atom) {
            self->state.session->time_is_up();
            conclude();
          }};
}

}  // namespace fulfilld
