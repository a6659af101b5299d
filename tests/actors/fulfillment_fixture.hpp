// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gmock/gmock.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "actors/adapter_session.hpp"
#include "actors/fulfillment.hpp"
#include "actors/routes.hpp"
#include "tests/actors/actor_test.hpp"
#include "tests/actors/doubles/answers.hpp"
#include "tests/actors/doubles/inbox.hpp"
#include "tests/actors/doubles/queued_threads.hpp"
#include "tests/actors/doubles/sample_execution.hpp"
#include "tests/actors/doubles/scripted_adapter.hpp"

namespace fulfilld::test {

using namespace std::chrono_literals;

inline AdapterCall call_to(const std::string& host, OperationClass operation = OperationClass::idempotent) {
  AdapterCall call;
  call.request.url = url_on(host);
  call.operation = operation;
  return call;
}

/// A fulfillment between stand-ins: what it calls lies in `limiter_inbox_`.
class FulfillmentTest : public ActorTest {
 protected:
  FulfillmentTest() {
    adapter_->on_http = [](AdapterHost& host, OperationId, const HttpAnswer& answer) {
      const auto reason = answer.doubt == Doubt::none ? classify(answer) : Reason::outcome_unknown;
      if (reason == Reason::none) return host.complete(answer.body);
      host.fail(reason, std::string(code(reason)), "status " + std::to_string(answer.status));
    };
  }

  RoutesPtr routes_through(Inbox& limiter) {
    Routes routes;
    routes.limiter = keep(spawn_rate_limiter_double(system_, limiter));
    return std::make_shared<const Routes>(std::move(routes));
  }

  /// Runs execution 1 with `action_` as it is now.
  void start(std::chrono::milliseconds deadline = 60s) {
    action_.adapter = adapter_;
    config_.clock = &clock_;
    config_.journal = &journal_;
    config_.observer = &observer_;
    config_.recorder = &recorder_;
    config_.blocking = &blocking_;
    fulfillment_ = keep(system_.spawn(fulfillment, std::make_shared<const FulfillmentConfig>(config_),
                                      std::make_shared<const Action>(action_), routes_, ExecutionPtr{execution_},
                                      clock_.now() + deadline));
  }

  void write_notes() {
    journal_.write_notes();
    settle();
  }

  void start_with_one_call(std::chrono::milliseconds deadline = 60s,
                           OperationClass operation = OperationClass::idempotent) {
    adapter_->on_start = [operation](AdapterHost& host) { host.http(call_to("backend.test", operation)); };
    start(deadline);
  }

  [[nodiscard]] std::size_t attempts() const { return limiter_inbox_.calls.size(); }
  [[nodiscard]] Call& last_call() const { return *limiter_inbox_.calls.back(); }

  void answer(const CallPtr& call, HttpAnswer answer) {
    call->answer = std::move(answer);
    send(fulfillment_, answered_atom_v, call);
  }

  /// Answers the newest attempt.
  void answer(HttpAnswer answer) { this->answer(limiter_inbox_.calls.back(), std::move(answer)); }

  void expect_outcome(Reason reason, const std::string& part_of_body) {
    ASSERT_EQ(journal_.decided().size(), 1u);
    EXPECT_EQ(journal_.decided()[0].outcome->reason, reason) << code(journal_.decided()[0].outcome->reason);
    EXPECT_THAT(journal_.decided()[0].outcome->body, testing::HasSubstr(part_of_body));
    EXPECT_EQ(adapter_->alive(), 0) << "the run was left behind";
    EXPECT_EQ(clock_.pending(), 0u) << "an alarm was left behind";
  }

  std::shared_ptr<ScriptedAdapter> adapter_ = std::make_shared<ScriptedAdapter>();
  Action action_;
  std::shared_ptr<Execution> execution_ = make_execution(1);
  QueuedThreads blocking_;
  FulfillmentConfig config_;
  Inbox limiter_inbox_;
  RoutesPtr routes_ = routes_through(limiter_inbox_);
  fulfillment_actor fulfillment_;
};

}  // namespace fulfilld::test
