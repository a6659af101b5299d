// SPDX-License-Identifier: Apache-2.0
#include "actors/fulfillment.hpp"

#include <caf/sec.hpp>
#include <caf/send.hpp>
#include <exception>
#include <string>
#include <utility>

#include "actors/adapter_session.hpp"

namespace fulfilld {
namespace {

using Self = fulfillment_actor::stateful_pointer<FulfillmentState>;

class ActorOutbox final : public AdapterSession::Outbox {
 public:
  ActorOutbox(Self self, FulfillmentConfigPtr config) : self_(self), config_(std::move(config)) {}

  void send(CallPtr call) override {
    call->requester = self_;
    self_->send(config_->limiter, call_atom_v, std::move(call));
  }

  Clock::AlarmId wake_at(MonotonicTime when, OperationId operation) override {
    return config_->clock->schedule(
        when, [actor = fulfillment_actor{self_}, operation] { caf::anon_send(actor, wake_atom_v, operation); });
  }

 private:
  Self self_;
  FulfillmentConfigPtr config_;
};

/// Ends the actor with the exception's own words, for the supervisor; CAF's handler would print them.
caf::error exit_reason_of(const std::exception_ptr& fault) {
  try {
    std::rethrow_exception(fault);
  } catch (const std::exception& exception) {
    return caf::make_error(caf::sec::runtime_error, std::string(exception.what()));
  } catch (...) {
    return caf::make_error(caf::sec::runtime_error);
  }
}

}  // namespace

FulfillmentState::FulfillmentState() = default;
FulfillmentState::~FulfillmentState() = default;

fulfillment_actor::behavior_type fulfillment(Self self, FulfillmentConfigPtr config, ExecutionPtr execution,
                                             MonotonicTime deadline) {
  self->state.session =
      std::make_unique<AdapterSession>(config, execution, deadline, std::make_unique<ActorOutbox>(self, config));
  self->set_exception_handler([](std::exception_ptr& fault) { return exit_reason_of(fault); });
  // In this order: an execution whose deadline has passed already still gets the outcome that `start` may find.
  self->send(fulfillment_actor{self}, run_atom_v);
  const auto alarm =
      config->clock->schedule(deadline, [actor = fulfillment_actor{self}] { caf::anon_send(actor, deadline_atom_v); });

  const auto conclude = [=] {
    auto outcome = self->state.session->take_outcome();
    if (!outcome) return;
    config->clock->cancel(alarm);
    self->state.session.reset();
    config->observer->decided(*execution, *outcome);
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
          [=](deadline_atom) {
            self->state.session->time_is_up();
            conclude();
          }};
}

}  // namespace fulfilld
