// SPDX-License-Identifier: Apache-2.0
#include "actors/supervisor.hpp"

#include <gmock/gmock.h>

#include "tests/actors/actor_test.hpp"
#include "tests/actors/doubles/answers.hpp"
#include "tests/actors/doubles/inbox.hpp"
#include "tests/actors/doubles/sample_execution.hpp"
#include "tests/actors/doubles/scripted_adapter.hpp"

namespace fulfilld::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

class SupervisorTest : public ActorTest {
 protected:
  SupervisorTest() {
    adapter_->on_start = [](AdapterHost& host) {
      AdapterCall call;
      call.request.url = url_on("backend.test");
      host.http(std::move(call));
    };
    adapter_->on_http = [](AdapterHost& host, OperationId, const HttpAnswer& answer) { host.complete(answer.body); };
  }

  void start(std::chrono::milliseconds deadline = 60s) {
    Action action;
    action.adapter = adapter_;
    action.deadline = {.limit = deadline, .reserve = 0s};
    FulfillmentConfig config;
    config.clock = &clock_;
    config.journal = &journal_;
    config.observer = &observer_;
    config.recorder = &recorder_;
    SupervisorConfig root;
    root.actions = actions_with(action);
    root.fulfillment = std::make_shared<const FulfillmentConfig>(std::move(config));
    root.make_routes = [this] { return make_routes(); };
    root.deliveries = deliveries_;
    root.restarts["rate_limiter"] = {.restarts = 2, .period = 60s};
    root.give_up = [this](const std::string& why) { given_up_.push_back(why); };
    supervisor_ = keep(system_.spawn(supervisor, std::move(root)));
  }

  void accept(std::vector<ExecutionPtr> executions) {
    send(supervisor_, run_atom_v, AcceptedBatch{std::move(executions)});
  }

  /// Stand-ins for those that are looked at.
  RoutesPtr make_routes() {
    auto routes = std::make_shared<Routes>();
    routes->limiter = spawn_rate_limiter_double(system_, limiter_inbox_);
    routes->callbacks = spawn_callback_lane_double(system_, callbacks_inbox_);
    routes_.push_back(routes);
    return routes;
  }

  void kill_limiter() { send_exit(routes_.back()->limiter, caf::exit_reason::kill); }

  void recover(std::shared_ptr<Execution> execution, std::shared_ptr<const Outcome> outcome = nullptr,
               History history = {}) {
    execution->accepted = {};  // nobody knows it any more
    RecoveredBatch batch;
    batch.unfinished.push_back({std::move(execution), std::move(outcome), history});
    send(supervisor_, run_atom_v, std::move(batch));
  }

  void answer_call(std::size_t index, HttpAnswer answer) {
    const auto call = limiter_inbox_.calls.at(index);
    call->answer = std::move(answer);
    send(call->requester, answered_atom_v, call);
  }

  std::shared_ptr<ScriptedAdapter> adapter_ = std::make_shared<ScriptedAdapter>();
  Inbox limiter_inbox_;
  Inbox callbacks_inbox_;
  std::shared_ptr<DeliveryBook> deliveries_ = std::make_shared<DeliveryBook>();
  std::vector<RoutesPtr> routes_;  ///< all that were made
  std::vector<std::string> given_up_;
  supervisor_actor supervisor_;
};

TEST_F(SupervisorTest, RunsOneFulfillmentForEachAcceptedExecution) {
  start();
  accept({make_execution(1), make_execution(2), make_execution(3)});
  EXPECT_EQ(adapter_->alive(), 3);
  ASSERT_EQ(limiter_inbox_.calls.size(), 3u);
  for (const auto index : {2u, 0u, 1u}) answer_call(index, status(200, std::to_string(index)));
  ASSERT_EQ(journal_.decided().size(), 3u);
  EXPECT_EQ(journal_.decided()[0].execution->sequence, 3u);
  EXPECT_EQ(adapter_->alive(), 0);
  EXPECT_EQ(observer_.lines_with(" accepted").size(), 3u);
}

TEST_F(SupervisorTest, AnExecutionsDeadlineIsThatOfItsAction) {
  start(7s);
  accept({make_execution(1)});
  EXPECT_THAT(adapter_->deadlines(), ElementsAre(clock_.now() + 7s));
  advance(7s);
  ASSERT_EQ(journal_.decided().size(), 1u);
  EXPECT_EQ(journal_.decided()[0].outcome->reason, Reason::deadline);
}

TEST_F(SupervisorTest, AnExecutionWithoutActionEndsAsUnknownAction) {
  start();
  const auto execution = make_execution(1);
  execution->action = "gone";
  accept({execution});
  ASSERT_EQ(journal_.decided().size(), 1u);
  EXPECT_EQ(journal_.decided()[0].outcome->reason, Reason::unknown_action);
}

TEST_F(SupervisorTest, ExecutionsThatRunKeepTheAdapterThatTheyBeganWith) {
  start();
  accept({make_execution(1)});
  const auto newer = std::make_shared<ScriptedAdapter>();
  newer->on_start = [](AdapterHost& host) { host.complete("\"newer\""); };
  Action action;
  action.adapter = newer;
  send(supervisor_, actions_atom_v, actions_with(action));
  const std::weak_ptr<ScriptedAdapter> older = std::exchange(adapter_, nullptr);
  EXPECT_FALSE(older.expired());

  accept({make_execution(2)});
  ASSERT_EQ(journal_.decided().size(), 1u);
  EXPECT_THAT(journal_.decided()[0].outcome->body, HasSubstr("\"newer\""));
  answer_call(0, status(200, "\"older\""));
  ASSERT_EQ(journal_.decided().size(), 2u);
  EXPECT_THAT(journal_.decided()[1].outcome->body, HasSubstr("\"older\""));
  limiter_inbox_.calls.clear();
  EXPECT_TRUE(older.expired()) << "released with its last execution";
}

TEST_F(SupervisorTest, ACrashOfOneFulfillmentIsItsOutcomeAndNothingElse) {
  start();
  adapter_->on_http = [](AdapterHost& host, OperationId, const HttpAnswer& answer) {
    if (answer.body == "crash") throw std::runtime_error("a defect");
    host.complete(answer.body);
  };
  accept({make_execution(1), make_execution(2), make_execution(3)});
  answer_call(1, status(200, "crash"));
  ASSERT_EQ(journal_.decided().size(), 1u);
  EXPECT_EQ(journal_.decided()[0].execution->sequence, 2u);
  EXPECT_EQ(journal_.decided()[0].outcome->reason, Reason::internal_error);
  EXPECT_THAT(journal_.decided()[0].outcome->body, HasSubstr(R"("errorCode":"internal_error")"));
  ASSERT_EQ(observer_.lines_with("execution-2' crashed").size(), 1u);
  EXPECT_THAT(observer_.lines_with("execution-2' crashed")[0], HasSubstr("a defect"));
  EXPECT_EQ(adapter_->alive(), 2);
  answer_call(0, status(200, "1"));
  answer_call(2, status(200, "3"));
  accept({make_execution(4)});
  answer_call(3, status(200, "4"));
  ASSERT_EQ(journal_.decided().size(), 4u);
  for (const auto index : {1u, 2u, 3u}) EXPECT_TRUE(journal_.decided()[index].outcome->complete());
}

TEST_F(SupervisorTest, ACrashAtTheStartIsAnOutcomeToo) {
  start();
  adapter_->on_start = [](AdapterHost&) { throw std::runtime_error("a defect"); };
  accept({make_execution(1)});
  ASSERT_EQ(journal_.decided().size(), 1u);
  EXPECT_EQ(journal_.decided()[0].outcome->reason, Reason::internal_error);
  EXPECT_EQ(adapter_->alive(), 0);
}

TEST_F(SupervisorTest, ACrashAfterAnUnsafeCallHasAnUnknownOutcome) {
  start();
  adapter_->on_start = [](AdapterHost& host) {
    AdapterCall call;
    call.request.url = url_on("backend.test");
    call.operation = OperationClass::unsafe;
    host.http(std::move(call));
  };
  adapter_->on_http = [](AdapterHost&, OperationId, const HttpAnswer&) { throw std::runtime_error("a defect"); };
  accept({make_execution(1)});
  journal_.write_notes();
  settle();
  answer_call(0, status(200, "done"));
  ASSERT_EQ(journal_.decided().size(), 1u);
  EXPECT_EQ(journal_.decided()[0].outcome->reason, Reason::outcome_unknown);
}

TEST_F(SupervisorTest, WhateverIsThrownIsAnOutcome) {
  start();
  adapter_->on_start = [](AdapterHost&) { throw 42; };
  accept({make_execution(1)});
  ASSERT_EQ(journal_.decided().size(), 1u);
  EXPECT_EQ(journal_.decided()[0].outcome->reason, Reason::internal_error);
}

TEST_F(SupervisorTest, ACrashHoldsNothingBack) {
  Admission admission({.executions = 1}, {}, clock_);
  start();
  adapter_->on_start = [](AdapterHost&) { throw std::runtime_error("a defect"); };
  auto execution = make_execution(1);
  execution->place = admission.enter("default", 1);
  accept({std::move(execution)});
  journal_.forget();
  EXPECT_EQ(admission.in_flight(), 0u);
}

TEST_F(SupervisorTest, AnEndedExecutionIsHeldByNobody) {
  Admission admission({.executions = 1}, {}, clock_);
  start();
  auto execution = make_execution(1);
  execution->place = admission.enter("default", 1);
  accept({std::move(execution)});
  EXPECT_EQ(admission.in_flight(), 1u);
  answer_call(0, status(200, "1"));
  journal_.forget();
  limiter_inbox_.calls.clear();
  EXPECT_EQ(admission.in_flight(), 0u);
  EXPECT_EQ(clock_.pending(), 0u);
}

TEST_F(SupervisorTest, ARecoveredOutcomeIsDeliveredAndNothingRuns) {
  start();
  const auto outcome = std::make_shared<const Outcome>(Outcome{Reason::none, "the body"});
  recover(make_execution(1), outcome);
  EXPECT_TRUE(adapter_->deadlines().empty());
  ASSERT_EQ(callbacks_inbox_.decided.size(), 1u);
  EXPECT_EQ(callbacks_inbox_.decided[0].execution->sequence, 1u);
  EXPECT_EQ(callbacks_inbox_.decided[0].outcome, outcome);
  EXPECT_THAT(observer_.lines(), ElementsAre("execution-1 resumed with outcome"));
}

TEST_F(SupervisorTest, ARecoveredExecutionWithoutOutcomeRunsAgain) {
  start();
  recover(make_execution(1));
  ASSERT_EQ(limiter_inbox_.calls.size(), 1u);
  answer_call(0, status(200, "1"));
  EXPECT_EQ(journal_.decided().size(), 1u);
  EXPECT_TRUE(callbacks_inbox_.decided.empty()) << "only once the journal has it";
}

TEST_F(SupervisorTest, ARecoveredExecutionHasWhatIsLeftOfItsDeadline) {
  start(60s);
  const auto execution = make_execution(1);
  execution->accepted_at = clock_.wall_now() - 45s;
  recover(execution);
  EXPECT_THAT(adapter_->deadlines(), ElementsAre(clock_.now() + 15s));
}

TEST_F(SupervisorTest, ARecoveredExecutionPastItsDeadlineCallsNobody) {
  start(60s);
  const auto execution = make_execution(1);
  execution->accepted_at = clock_.wall_now() - 1h;
  recover(execution);
  EXPECT_TRUE(limiter_inbox_.calls.empty());
  ASSERT_EQ(journal_.decided().size(), 1u);
  EXPECT_EQ(journal_.decided()[0].outcome->reason, Reason::deadline);
}

TEST_F(SupervisorTest, AWallClockThatWentBackGivesNoLongerDeadline) {
  start(60s);
  const auto execution = make_execution(1);
  execution->accepted_at = clock_.wall_now() + 1h;
  recover(execution);
  EXPECT_THAT(adapter_->deadlines(), ElementsAre(clock_.now() + 60s));
}

TEST_F(SupervisorTest, OnExitItTakesItsFulfillmentsAlongWithoutAnOutcome) {
  start();
  accept({make_execution(1), make_execution(2)});
  ASSERT_EQ(adapter_->alive(), 2);
  send_exit(supervisor_);
  EXPECT_EQ(adapter_->alive(), 0);
  EXPECT_TRUE(journal_.decided().empty()) << "the journal still holds them";
  EXPECT_TRUE(limiter_inbox_.calls[0]->abandoned());
}

TEST_F(SupervisorTest, WhatMayHaveSentAnUnsafeCallIsNotRunAgain) {
  start();
  recover(make_execution(1), nullptr, {.sent_unsafe = true});
  EXPECT_TRUE(adapter_->deadlines().empty());
  ASSERT_EQ(journal_.decided().size(), 1u);
  EXPECT_EQ(journal_.decided()[0].outcome->reason, Reason::outcome_unknown);
  EXPECT_THAT(journal_.decided()[0].outcome->body, HasSubstr(R"("errorCode":"outcome_unknown")"));
}

TEST_F(SupervisorTest, WhatHasSeenTooManyProcessesDieIsParked) {
  start();
  recover(make_execution(1), nullptr, {.deaths = 3});
  recover(make_execution(2), nullptr, {.deaths = 2});
  ASSERT_EQ(journal_.decided().size(), 1u);
  EXPECT_EQ(journal_.decided()[0].execution->sequence, 1u);
  EXPECT_EQ(journal_.decided()[0].outcome->reason, Reason::parked);
  EXPECT_EQ(adapter_->alive(), 1);
  EXPECT_EQ(observer_.lines_with("execution-1 resumed as parked").size(), 1u);
}

TEST_F(SupervisorTest, AKnownOutcomeIsDeliveredHoweverManyProcessesDied) {
  start();
  recover(make_execution(1), std::make_shared<const Outcome>(), {.deaths = 100, .sent_unsafe = true});
  EXPECT_TRUE(journal_.decided().empty());
  EXPECT_EQ(callbacks_inbox_.decided.size(), 1u);
}

TEST_F(SupervisorTest, AKnownOutcomeThatKillsProcessAfterProcessIsSetAside) {
  start();
  recover(make_execution(1), std::make_shared<const Outcome>(), {.deaths_in_delivery = 3});
  recover(make_execution(2), std::make_shared<const Outcome>(), {.deaths_in_delivery = 2});
  ASSERT_EQ(callbacks_inbox_.decided.size(), 1u);
  EXPECT_EQ(callbacks_inbox_.decided[0].execution->sequence, 2u);
  EXPECT_EQ(deliveries_->open().size(), 1u);
  ASSERT_EQ(journal_.ended().size(), 1u);
  EXPECT_EQ(journal_.ended()[0].first->sequence, 1u);
  EXPECT_EQ(journal_.ended()[0].second.reason, Reason::parked);
  EXPECT_TRUE(journal_.decided().empty()) << "its outcome stays what it is";
  EXPECT_EQ(observer_.lines_with("execution-1 ended parked").size(), 1u);
}

TEST_F(SupervisorTest, ACallThatIsRunAgainMayHaveBeenCarriedOutBefore) {
  adapter_->on_start = [](AdapterHost& host) {
    AdapterCall call;
    call.request.url = url_on("backend.test");
    call.operation = OperationClass::idempotent;
    host.http(std::move(call));
  };
  adapter_->on_http = [](AdapterHost& host, OperationId, const HttpAnswer& answer) {
    host.complete(answer.doubt == Doubt::of_an_earlier ? "1" : "0");
  };
  start();
  accept({make_execution(1)});
  recover(make_execution(2));
  answer_call(0, status(404));
  answer_call(1, status(404));
  ASSERT_EQ(journal_.decided().size(), 2u);
  EXPECT_THAT(journal_.decided()[0].outcome->body, HasSubstr(R"("externalResponse":0)"));
  EXPECT_THAT(journal_.decided()[1].outcome->body, HasSubstr(R"("externalResponse":1)"));
}

TEST_F(SupervisorTest, DecidedOutcomesGoToTheCallbackLaneAndAreKept) {
  start();
  const Delivery delivery{make_execution(1), std::make_shared<const Outcome>()};
  send(supervisor_, run_atom_v, DecidedBatch{{delivery}});
  EXPECT_EQ(callbacks_inbox_.decided.size(), 1u);
  ASSERT_EQ(deliveries_->open().size(), 1u);
  EXPECT_EQ(deliveries_->open()[0].outcome, delivery.outcome);
}

TEST_F(SupervisorTest, ADeadServiceActorIsReplacedTogetherWithTheOthers) {
  start();
  const auto old_lane = caf::actor_cast<caf::weak_actor_ptr>(routes_[0]->callbacks);
  kill_limiter();
  ASSERT_EQ(routes_.size(), 2u);
  EXPECT_EQ(observer_.lines_with("rate_limiter died").size(), 1u);
  routes_.erase(routes_.begin());
  EXPECT_EQ(old_lane.lock(), nullptr) << "the old callback lane still lives";
  accept({make_execution(1)});
  EXPECT_EQ(limiter_inbox_.calls.size(), 1u);
}

TEST_F(SupervisorTest, UndeliveredOutcomesGoToTheNewCallbackLane) {
  start();
  send(supervisor_, run_atom_v,
       DecidedBatch{{{make_execution(1), std::make_shared<const Outcome>()},
                     {make_execution(2), std::make_shared<const Outcome>()}}});
  deliveries_->strike_off(1);
  callbacks_inbox_.decided.clear();
  kill_limiter();
  ASSERT_EQ(callbacks_inbox_.decided.size(), 1u);
  EXPECT_EQ(callbacks_inbox_.decided[0].execution->sequence, 2u);
}

TEST_F(SupervisorTest, ALostCallIsMadeAgainThroughTheNewActors) {
  start();
  accept({make_execution(1)});
  ASSERT_EQ(limiter_inbox_.calls.size(), 1u);
  kill_limiter();
  ASSERT_EQ(limiter_inbox_.calls.size(), 2u);
  EXPECT_TRUE(limiter_inbox_.calls[0]->abandoned());
  answer_call(0, status(200, R"("from the grave")"));
  EXPECT_TRUE(journal_.decided().empty());
  answer_call(1, status(200, "1"));
  ASSERT_EQ(journal_.decided().size(), 1u);
  EXPECT_THAT(journal_.decided()[0].outcome->body, HasSubstr(R"("externalResponse":1)"));
}

TEST_F(SupervisorTest, AServiceActorThatDiesTooOftenIsTheEndOfTheProcess) {
  start();
  kill_limiter();
  kill_limiter();
  EXPECT_TRUE(given_up_.empty());
  kill_limiter();
  ASSERT_EQ(given_up_.size(), 1u);
  EXPECT_THAT(given_up_[0], HasSubstr("rate_limiter died too often"));
  EXPECT_EQ(routes_.size(), 3u);
}

TEST_F(SupervisorTest, DeathsLongAgoAreForgiven) {
  start();
  for (int i = 0; i < 10; ++i) {
    kill_limiter();
    advance(30s);
  }
  EXPECT_TRUE(given_up_.empty());
  EXPECT_EQ(routes_.size(), 11u);
}

TEST_F(SupervisorTest, APulseReachesTheActorOfThatName) {
  start();
  for (const std::string name : {"supervisor", "rate_limiter", "callback_lane"}) {
    const auto pulse = std::make_shared<Pulse>();
    send(supervisor_, pulse_atom_v, name, pulse);
    EXPECT_TRUE(pulse->answered()) << name;
  }
  const auto nobody = std::make_shared<Pulse>();
  send(supervisor_, pulse_atom_v, std::string("token nobody"), nobody);
  EXPECT_FALSE(nobody->answered());
}

}  // namespace
}  // namespace fulfilld::test
