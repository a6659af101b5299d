// SPDX-License-Identifier: Apache-2.0
#include "tests/actors/fulfillment_fixture.hpp"

#include <gmock/gmock.h>

#include "actors/adapter_session.hpp"
#include "tests/actors/doubles/sample_execution.hpp"
#include "tests/actors/doubles/scripted_adapter.hpp"

namespace fulfilld::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST_F(FulfillmentTest, ARunThatCompletesAtOnceNeedsNoCall) {
  adapter_->on_start = [](AdapterHost& host) { host.complete(R"({"a":1})"); };
  start();
  expect_outcome(Reason::none, R"("externalResponse":{"a":1})");
}

TEST_F(FulfillmentTest, AResultThatIsLargerThanItsActionPermitsFails) {
  const auto fits = complete_body("\"1234567890\"", clock_.wall_now()).size();
  adapter_->on_start = [](AdapterHost& host) { host.complete("\"1234567890\""); };
  for (const std::size_t most : {fits, fits - 1}) {
    action_.max_result = most;
    start();
    if (most == fits)
      expect_outcome(Reason::none, "1234567890");
    else
      expect_outcome(Reason::result_too_large,
                     "The result has " + std::to_string(fits) + " bytes, and max_result is " + std::to_string(most));
    journal_.forget();
  }
}

TEST_F(FulfillmentTest, MakesACallAndCompletesWithItsAnswer) {
  action_.credential = "backend";
  start_with_one_call();
  ASSERT_EQ(attempts(), 1u);
  EXPECT_EQ(last_call().lane, "") << "its origin's own";
  EXPECT_EQ(last_call().credential, "backend");
  EXPECT_EQ(last_call().request.time_limit, 5s);
  answer(status(200, "[1,2]"));
  expect_outcome(Reason::none, R"("externalResponse":[1,2])");
}

TEST_F(FulfillmentTest, RetriesWithBackoffAndGivesUpAfterThree) {
  start_with_one_call();
  answer(status(500));
  EXPECT_EQ(attempts(), 1u);
  advance(1s);
  ASSERT_EQ(attempts(), 2u);
  EXPECT_EQ(last_call().answer.status, 0) << "the engine wants a fresh answer";
  answer(broken(HttpFailure::reset));
  EXPECT_EQ(attempts(), 2u);
  advance(2s);
  ASSERT_EQ(attempts(), 3u);
  answer(broken(HttpFailure::timeout));
  expect_outcome(Reason::backend_timeout, R"("errorCode":"backend_timeout")");
  EXPECT_EQ(attempts(), 3u);
}

TEST_F(FulfillmentTest, ARetryThatSucceedsCompletes) {
  start_with_one_call();
  answer(status(503));
  advance(2s);
  answer(status(200, "true"));
  expect_outcome(Reason::none, R"("externalResponse":true)");
}

TEST_F(FulfillmentTest, WhatTheBackendRefusesIsNotRepeated) {
  start_with_one_call();
  answer(status(400));
  expect_outcome(Reason::backend_status, "status 400");
  EXPECT_EQ(attempts(), 1u);
}

TEST_F(FulfillmentTest, AnUnsafeCallThatMayHaveBeenCarriedOutIsNotRepeated) {
  start_with_one_call(60s, OperationClass::unsafe);
  write_notes();
  answer(broken(HttpFailure::timeout, true));
  expect_outcome(Reason::outcome_unknown, "outcome_unknown");
}

TEST_F(FulfillmentTest, AnUnsafeCallIsSentOnceTheJournalKnowsOfIt) {
  start_with_one_call(60s, OperationClass::unsafe);
  EXPECT_EQ(attempts(), 0u);
  EXPECT_EQ(journal_.waiting_to_send(), 1u);
  advance(2s);
  EXPECT_EQ(attempts(), 0u);
  write_notes();
  ASSERT_EQ(attempts(), 1u);
  answer(status(200, "1"));
  expect_outcome(Reason::none, "externalResponse");
}

TEST_F(FulfillmentTest, TheJournalIsAskedOnceForAllUnsafeCallsThatFollow) {
  start_with_one_call(60s, OperationClass::unsafe);
  write_notes();
  answer(broken(HttpFailure::connect, false));
  advance(2s);
  EXPECT_EQ(attempts(), 2u);
  EXPECT_EQ(journal_.waiting_to_send(), 0u);
}

TEST_F(FulfillmentTest, AnUnsafeCallThatWasNeverNotedIsNeverSent) {
  start_with_one_call(10s, OperationClass::unsafe);
  advance(10s);
  expect_outcome(Reason::deadline, "deadline");
  write_notes();
  EXPECT_EQ(attempts(), 0u);
}

TEST_F(FulfillmentTest, SafeAndIdempotentCallsWaitForNoNote) {
  start_with_one_call(60s, OperationClass::safe);
  EXPECT_EQ(attempts(), 1u);
  EXPECT_EQ(journal_.waiting_to_send(), 0u);
}

TEST_F(FulfillmentTest, AFailedAttemptThatIsFollowedByAnotherIsOnRecord) {
  start_with_one_call();
  answer(status(503));
  advance(2s);
  answer(broken(HttpFailure::reset));
  advance(4s);
  answer(status(200, "1"));
  EXPECT_THAT(journal_.failed_attempts(), ElementsAre(Reason::backend_status, Reason::backend_reset));
}

TEST_F(FulfillmentTest, ACallLostWithItsRouteIsMadeAgainThroughTheNewOne) {
  start_with_one_call();
  Inbox new_inbox;
  send(fulfillment_, routes_atom_v, routes_through(new_inbox));
  EXPECT_TRUE(last_call().abandoned());
  ASSERT_EQ(new_inbox.calls.size(), 1u);
  EXPECT_NE(new_inbox.calls[0], limiter_inbox_.calls[0]);
  EXPECT_EQ(new_inbox.calls[0]->request.url.host, "backend.test");
  answer(status(500));  // from the grave
  EXPECT_EQ(clock_.pending(), 1u) << "only the deadline";
  answer(new_inbox.calls[0], status(200, "1"));
  expect_outcome(Reason::none, "externalResponse");
}

TEST_F(FulfillmentTest, AnUnsafeCallLostWithItsRouteIsNotMadeAgain) {
  start_with_one_call(60s, OperationClass::unsafe);
  write_notes();
  last_call().start();
  Inbox new_inbox;
  send(fulfillment_, routes_atom_v, routes_through(new_inbox));
  EXPECT_TRUE(new_inbox.calls.empty());
  expect_outcome(Reason::outcome_unknown, "outcome_unknown");
}

TEST_F(FulfillmentTest, AnUnsafeCallThatStillWaitedForItsTurnIsMadeThroughTheNewRoute) {
  start_with_one_call(60s, OperationClass::unsafe);
  write_notes();
  Inbox new_inbox;
  send(fulfillment_, routes_atom_v, routes_through(new_inbox));
  ASSERT_EQ(new_inbox.calls.size(), 1u);
  answer(new_inbox.calls[0], status(200, "1"));
  expect_outcome(Reason::none, "externalResponse");
}

TEST_F(FulfillmentTest, ACallThatWaitsForItsRetryTakesTheNewRouteThen) {
  start_with_one_call();
  answer(status(503));
  Inbox new_inbox;
  send(fulfillment_, routes_atom_v, routes_through(new_inbox));
  EXPECT_TRUE(new_inbox.calls.empty());
  advance(2s);
  EXPECT_EQ(new_inbox.calls.size(), 1u);
  EXPECT_EQ(attempts(), 1u);
}

TEST_F(FulfillmentTest, TheFlightRecorderKnowsWhenTheAdapterRuns) {
  std::vector<std::vector<std::uint64_t>> inside;
  adapter_->on_start = [&](AdapterHost& host) {
    inside.push_back(recorder_.inside());
    host.http(call_to("backend.test"));
  };
  adapter_->on_http = [&](AdapterHost& host, OperationId, const HttpAnswer&) {
    inside.push_back(recorder_.inside());
    host.complete("1");
  };
  start();
  EXPECT_TRUE(recorder_.inside().empty());
  answer(status(200, "1"));
  EXPECT_THAT(inside, ElementsAre(ElementsAre(1u), ElementsAre(1u)));
  EXPECT_TRUE(recorder_.inside().empty());
}

TEST_F(FulfillmentTest, WaitsForAsLongAsTheBackendAsksTo) {
  start_with_one_call();
  answer(status(429, {}, "17"));
  advance(17s - 1ms);
  EXPECT_EQ(attempts(), 1u);
  advance(1ms);
  EXPECT_EQ(attempts(), 2u);
}

TEST_F(FulfillmentTest, ARetryAfterPastTheDeadlineDecidesAtOnce) {
  start_with_one_call(10s);
  answer(status(503, {}, "11"));
  expect_outcome(Reason::retry_after_exceeds_deadline, "retry_after_exceeds_deadline");
}

TEST_F(FulfillmentTest, AtTheDeadlineTheRunIsDestroyedAndTheCallAbandoned) {
  start_with_one_call(10s);
  const auto call = limiter_inbox_.calls.back();
  advance(10s - 1ms);
  EXPECT_EQ(adapter_->alive(), 1);
  advance(1ms);
  expect_outcome(Reason::deadline, R"("errorCode":"deadline")");
  EXPECT_TRUE(call->abandoned());
}

TEST_F(FulfillmentTest, AnAnswerAfterTheOutcomeChangesNothing) {
  start_with_one_call(10s);
  advance(10s);
  answer(status(200, "1"));
  expect_outcome(Reason::deadline, "deadline");
}

// Both lie in the mailbox when the first of them ends the actor.
TEST_F(FulfillmentTest, AnAnswerAndTheDeadlineAtOnceAreOneOutcome) {
  start_with_one_call(10s);
  const auto call = limiter_inbox_.calls.back();
  call->answer = status(200, "1");
  caf::anon_send(fulfillment_, answered_atom_v, call);
  caf::anon_send(fulfillment_, deadline_atom_v);
  caf::anon_send(fulfillment_, wake_atom_v, std::uint64_t{1});
  settle();
  expect_outcome(Reason::none, "externalResponse");
}

TEST_F(FulfillmentTest, AnAttemptIsCutAtTheDeadline) {
  start_with_one_call(4s);
  EXPECT_EQ(last_call().request.time_limit, 4s);
  answer(status(500));
  advance(1s);
  ASSERT_EQ(attempts(), 2u);
  EXPECT_LE(last_call().request.time_limit, 4s);
  EXPECT_GE(last_call().request.time_limit, 3s);
  advance(3s);
  expect_outcome(Reason::deadline, "deadline");
}

TEST_F(FulfillmentTest, NoAttemptStartsWhenItIsTooLateForOne) {
  adapter_->on_start = [](AdapterHost& host) { host.http(call_to("backend.test")); };
  start(0s);
  EXPECT_EQ(attempts(), 0u);
  expect_outcome(Reason::deadline, "deadline");
}

TEST_F(FulfillmentTest, ACallMayHaveAShorterLimitButNoLongerOne) {
  adapter_->on_start = [](AdapterHost& host) {
    for (const auto limit : {2s, 9s, 0s}) {
      auto call = call_to("backend.test");
      call.time_limit = limit;
      host.http(std::move(call));
    }
  };
  start();
  ASSERT_EQ(attempts(), 3u);
  EXPECT_EQ(limiter_inbox_.calls[0]->request.time_limit, 2s);
  EXPECT_EQ(limiter_inbox_.calls[1]->request.time_limit, 5s);
  EXPECT_EQ(limiter_inbox_.calls[2]->request.time_limit, 5s);
}

TEST_F(FulfillmentTest, TwoCallsAtOnceAreAnsweredInAnyOrder) {
  std::vector<std::pair<OperationId, std::string>> heard;
  std::vector<OperationId> asked;
  adapter_->on_start = [&](AdapterHost& host) {
    asked = {host.http(call_to("first.test")), host.http(call_to("second.test"))};
  };
  adapter_->on_http = [&](AdapterHost& host, OperationId id, const HttpAnswer& answer) {
    heard.emplace_back(id, answer.body);
    if (heard.size() == 2) host.complete("2");
  };
  start();
  ASSERT_EQ(attempts(), 2u);
  answer(limiter_inbox_.calls[1], status(200, "second"));
  EXPECT_TRUE(journal_.decided().empty());
  answer(limiter_inbox_.calls[0], status(200, "first"));
  EXPECT_THAT(heard, ElementsAre(std::pair{asked[1], "second"}, std::pair{asked[0], "first"}));
  expect_outcome(Reason::none, "2");
}

TEST_F(FulfillmentTest, EachOfTwoCallsHasItsOwnRetries) {
  int done = 0;
  adapter_->on_start = [](AdapterHost& host) {
    host.http(call_to("first.test"));
    host.http(call_to("second.test"));
  };
  adapter_->on_http = [&](AdapterHost& host, OperationId, const HttpAnswer&) {
    if (++done == 2) host.complete("2");
  };
  start();
  answer(limiter_inbox_.calls[0], status(500));
  answer(limiter_inbox_.calls[1], status(200));
  advance(2s);
  ASSERT_EQ(attempts(), 3u);
  EXPECT_EQ(last_call().request.url.host, "first.test");
  answer(status(200));
  expect_outcome(Reason::none, "2");
}

TEST_F(FulfillmentTest, AnAnswerMayLeadToTheNextCall) {
  adapter_->on_start = [](AdapterHost& host) { host.http(call_to("a.test")); };
  adapter_->on_http = [](AdapterHost& host, OperationId, const HttpAnswer& answer) {
    // The answer must outlive the asking: a map that grows may move what it holds.
    for (int n = 0; n < 100 && answer.body == "first"; ++n) host.http(call_to("b.test"));
    EXPECT_FALSE(answer.body.empty());
    if (answer.body == "last") host.complete("0");
  };
  start();
  answer(status(200, "first"));
  ASSERT_EQ(attempts(), 101u);
  answer(status(200, "last"));
  expect_outcome(Reason::none, "0");
  for (const auto& call : limiter_inbox_.calls)
    EXPECT_EQ(call->abandoned(), call != limiter_inbox_.calls.front() && call != limiter_inbox_.calls.back());
}

TEST_F(FulfillmentTest, SleepsForAsLongAsTheAdapterAsks) {
  adapter_->on_start = [](AdapterHost& host) { host.sleep(3s); };
  adapter_->on_done = [](AdapterHost& host, OperationId) { host.complete("1"); };
  start();
  advance(3s - 1ms);
  EXPECT_TRUE(journal_.decided().empty());
  advance(1ms);
  expect_outcome(Reason::none, "1");
}

TEST_F(FulfillmentTest, ASleepOfAnyLengthEndsAtTheDeadline) {
  for (const auto length : {std::chrono::milliseconds::max(), std::chrono::milliseconds{61s}}) {
    journal_.forget();
    adapter_->on_start = [length](AdapterHost& host) { host.sleep(length); };
    adapter_->on_done = [](AdapterHost&, OperationId) { ADD_FAILURE() << "nobody slept that long"; };
    start();
    advance(60s);
    expect_outcome(Reason::deadline, "deadline");
  }
}

TEST_F(FulfillmentTest, ASleepOfLessThanNothingIsOver) {
  adapter_->on_start = [](AdapterHost& host) { host.sleep(std::chrono::milliseconds::min()); };
  adapter_->on_done = [](AdapterHost& host, OperationId) { host.complete("1"); };
  start();
  expect_outcome(Reason::none, "1");
}

TEST_F(FulfillmentTest, BlockingWorkRunsElsewhereAndItsEndComesBack) {
  adapter_->on_start = [](AdapterHost& host) { host.blocking(std::make_unique<NoWork>(), OperationClass::safe); };
  adapter_->on_done = [](AdapterHost& host, OperationId) { host.complete("1"); };
  start();
  ASSERT_EQ(blocking_.waiting(), 1u);
  EXPECT_EQ(blocking_.lane(), "default");
  EXPECT_TRUE(journal_.decided().empty());
  blocking_.run_next();
  settle();
  expect_outcome(Reason::none, "1");
}

TEST_F(FulfillmentTest, BlockingWorkThatEndsAfterTheDeadlineIsHeardByNobody) {
  adapter_->on_start = [](AdapterHost& host) { host.blocking(std::make_unique<NoWork>(), OperationClass::safe); };
  adapter_->on_done = [](AdapterHost&, OperationId) { ADD_FAILURE() << "the run has ended"; };
  start();
  advance(60s);
  expect_outcome(Reason::deadline, "deadline");
  blocking_.run_next();
  settle();
  EXPECT_EQ(journal_.decided().size(), 1u);
}

TEST_F(FulfillmentTest, BlockingWorkThatHasNoRoomIsToldAtOnce) {
  blocking_.refuse();
  OperationId operation = 1;
  adapter_->on_start = [&](AdapterHost& host) {
    operation = host.blocking(std::make_unique<NoWork>(), OperationClass::safe);
    host.complete("1");
  };
  start();
  EXPECT_EQ(operation, 0u);
}

TEST_F(FulfillmentTest, UnsafeBlockingWorkBeginsOnceTheJournalKnowsOfIt) {
  adapter_->on_start = [](AdapterHost& host) { host.blocking(std::make_unique<NoWork>(), OperationClass::unsafe); };
  adapter_->on_done = [](AdapterHost& host, OperationId) { host.complete("1"); };
  start();
  EXPECT_EQ(blocking_.waiting(), 0u);
  EXPECT_EQ(journal_.waiting_to_send(), 1u);
  write_notes();
  ASSERT_EQ(blocking_.waiting(), 1u);
  blocking_.run_next();
  settle();
  expect_outcome(Reason::none, "1");
}

TEST_F(FulfillmentTest, UnsafeBlockingWorkThatWasNeverNotedNeverBegins) {
  adapter_->on_start = [](AdapterHost& host) { host.blocking(std::make_unique<NoWork>(), OperationClass::unsafe); };
  start();
  advance(60s);
  expect_outcome(Reason::deadline, "deadline");
  write_notes();
  EXPECT_EQ(blocking_.waiting(), 0u);
}

TEST_F(FulfillmentTest, UnsafeBlockingWorkThatFindsNoRoomAfterItsNoteEndsTheExecution) {
  adapter_->on_start = [](AdapterHost& host) { host.blocking(std::make_unique<NoWork>(), OperationClass::unsafe); };
  start();
  blocking_.refuse();
  write_notes();
  settle();
  expect_outcome(Reason::queue_full, "queue_full");
}

/// Blocking work that succeeds after so many refusals, of that class, and what the adapter then ends with.
class StubbornWorkTest : public FulfillmentTest {
 protected:
  void start_work(int refusals, std::chrono::milliseconds after = 0ms,
                  OperationClass operation = OperationClass::unsafe) {
    adapter_->on_start = [this, refusals, after, operation](AdapterHost& host) {
      host.blocking(std::make_unique<StubbornWork>(refusals, after, alive_), operation);
    };
    adapter_->on_done = [this](AdapterHost& host, OperationId) {
      EXPECT_EQ(alive_, 0) << "the adapter goes on once the work is over";
      host.complete("1");
    };
    start();
    write_notes();
  }
  void attempt() {
    ASSERT_EQ(blocking_.waiting(), 1u);
    blocking_.run_next();
    settle();
  }

  int alive_ = 0;
};

TEST_F(StubbornWorkTest, IsTriedAgainAfterABackOffAsOftenAsACall) {
  action_.retry = {.attempts = 3, .backoff = 1s};
  start_work(2);
  attempt();
  EXPECT_EQ(blocking_.waiting(), 0u) << "it waits";
  EXPECT_EQ(alive_, 1);
  advance(1s);
  EXPECT_EQ(blocking_.turn(), BlockingThreads::Turn::repeated);
  attempt();
  advance(2s);
  attempt();
  expect_outcome(Reason::none, "1");
  EXPECT_EQ(journal_.failed_attempts(), (std::vector{Reason::backend_unreachable, Reason::backend_unreachable}));
}

TEST_F(StubbornWorkTest, EndsForTheAdapterWhenThereAreNoMoreAttempts) {
  action_.retry = {.attempts = 2, .backoff = 1s};
  start_work(100);
  attempt();
  advance(1s);
  attempt();
  expect_outcome(Reason::none, "1");
}

TEST_F(StubbornWorkTest, IsNotTriedBeforeTheTimeThatItAsksForNorBeyondTheDeadline) {
  action_.retry = {.attempts = 3, .backoff = 1s};
  start_work(1, 20s);
  attempt();
  advance(19s);
  EXPECT_EQ(blocking_.waiting(), 0u);
  advance(1s);
  attempt();
  expect_outcome(Reason::none, "1");
}

TEST_F(StubbornWorkTest, EndsAtOnceIfTheDeadlineLeavesNoTimeForAnotherAttempt) {
  start_work(1, 60s);
  attempt();
  expect_outcome(Reason::none, "1");
}

TEST_F(StubbornWorkTest, WaitsForTheRetryBudget) {
  action_.retry = {.attempts = 3, .backoff = 1s};
  blocking_.repeat_after(10s);
  start_work(1);
  attempt();
  advance(9s);
  EXPECT_EQ(blocking_.waiting(), 0u);
  advance(1s);
  attempt();
  expect_outcome(Reason::none, "1");
}

TEST_F(StubbornWorkTest, EndsAtOnceIfTheRetryBudgetGivesItNothingInTime) {
  blocking_.repeat_after(60s);
  start_work(1);
  attempt();
  expect_outcome(Reason::none, "1");
}

TEST_F(StubbornWorkTest, EndsForTheAdapterIfThereIsNoRoomForItAnyMore) {
  start_work(1);
  attempt();
  blocking_.refuse();
  advance(1s);
  expect_outcome(Reason::none, "1");
}

TEST_F(StubbornWorkTest, IsForgottenAtTheDeadline) {
  action_.retry = {.attempts = 100, .backoff = 60s, .backoff_max = 60s};
  start_work(100);
  attempt();
  advance(60s);
  EXPECT_EQ(journal_.decided().size(), 1u);
  while (blocking_.waiting() > 0) blocking_.run_next();
  settle();
  EXPECT_EQ(alive_, 0);
}

TEST_F(FulfillmentTest, AnAdapterThatKeepsTheThreadIsNamed) {
  action_.adapter_name = "crm 1.0.0";
  adapter_->on_start = [this](AdapterHost& host) {
    clock_.move_to(clock_.now() + 49ms);
    host.http(call_to("backend.test"));
  };
  adapter_->on_http = [this](AdapterHost& host, OperationId, const HttpAnswer&) {
    clock_.move_to(clock_.now() + 50ms);
    host.complete("1");
  };
  start();
  EXPECT_TRUE(observer_.lines_with("adapter_kept_thread").empty());
  answer(status(200));
  EXPECT_THAT(observer_.lines_with("adapter_kept_thread"), ElementsAre("execution-1 adapter_kept_thread crm 1.0.0 50"));
}

TEST_F(FulfillmentTest, AnUnknownActionIsItsOutcome) {
  start();
  journal_.forget();
  keep(system_.spawn(fulfillment, std::make_shared<const FulfillmentConfig>(config_), ActionPtr{}, routes_,
                     ExecutionPtr{make_execution(2)}, clock_.now()));
  ASSERT_EQ(journal_.decided().size(), 1u);
  EXPECT_EQ(journal_.decided()[0].outcome->reason, Reason::unknown_action);
}

TEST_F(FulfillmentTest, OnlyTheFirstWordCounts) {
  adapter_->on_start = [](AdapterHost& host) {
    host.complete("1");
    host.fail(Reason::adapter_failed, "late", "too late");
    host.complete("2");
  };
  start();
  expect_outcome(Reason::none, R"("externalResponse":1,)");
}

TEST_F(FulfillmentTest, AFailureOfTheAdaptersOwnIsPassedOn) {
  adapter_->on_start = [](AdapterHost& host) {
    host.fail(Reason::adapter_failed, "customer_unknown", "No customer 7");
    host.complete("1");
  };
  start();
  expect_outcome(Reason::adapter_failed, R"("errorCode":"customer_unknown","errorMessage":"No customer 7")");
}

TEST_F(FulfillmentTest, WhatIsStillUnderWayAtTheOutcomeIsAbandoned) {
  adapter_->on_start = [](AdapterHost& host) {
    host.http(call_to("a.test"));
    host.sleep(5s);
    host.complete("1");
  };
  start();
  expect_outcome(Reason::none, "1");
  EXPECT_TRUE(last_call().abandoned());
}

TEST_F(FulfillmentTest, ACallThatWasTurnedAwayFailsWithoutARetry) {
  adapter_->on_http = [](AdapterHost& host, OperationId, const HttpAnswer& answer) {
    EXPECT_NE(classify(answer), Reason::none);
    host.fail(Reason::adapter_failed, "x", answer.detail);
  };
  start_with_one_call();
  last_call().turn_away(Reason::circuit_open);
  answer(last_call().answer);
  expect_outcome(Reason::adapter_failed, std::string(text(Reason::circuit_open)));
  EXPECT_EQ(attempts(), 1u);
}

TEST_F(FulfillmentTest, ACallThatCannotGoInTimeDecidesTheExecution) {
  for (const auto why : {Reason::retry_after_exceeds_deadline, Reason::deadline}) {
    journal_.forget();
    start_with_one_call();
    last_call().turn_away(why);
    answer(last_call().answer);
    expect_outcome(why, std::string(code(why)));
  }
}

TEST_F(FulfillmentTest, ADeadlineThatPassesWhileThereIsNoTokenSaysSoAndWhy) {
  action_.credential = "backend";
  start_with_one_call(10s);
  const auto wait = std::make_shared<TokenWait>("credential 'backend': status 503");
  last_call().begin_token_wait(wait);
  advance(10s);
  expect_outcome(Reason::no_token,
                 R"("errorCode":"no_token","errorMessage":"No access token could be obtained: credential 'backend': )"
                 R"(status 503")");
}

TEST_F(FulfillmentTest, ADeadlineThatPassesOnceTheTokenHasComeIsADeadline) {
  action_.credential = "backend";
  start_with_one_call(10s);
  last_call().begin_token_wait(std::make_shared<TokenWait>("x"));
  last_call().end_token_wait();
  advance(10s);
  expect_outcome(Reason::deadline, "deadline");
}

TEST_F(FulfillmentTest, ACallThatGetsNoTokenTellsTheAdapterWhy) {
  adapter_->on_http = [](AdapterHost& host, OperationId, const HttpAnswer& answer) {
    host.fail(classify(answer), std::string(code(classify(answer))), answer.detail);
  };
  start_with_one_call(10s, OperationClass::unsafe);
  write_notes();
  last_call().turn_away(Reason::no_token, "status 401 (invalid_client)");
  answer(last_call().answer);
  expect_outcome(Reason::no_token, "status 401 (invalid_client)");
}

TEST_F(FulfillmentTest, NoCallMayGoOnBeyondTheDeadlineAndRetriesAreMarked) {
  start_with_one_call(60s);
  EXPECT_EQ(last_call().last_end, clock_.now() + 60s);
  EXPECT_FALSE(last_call().retry);
  answer(status(500));
  advance(2s);
  ASSERT_EQ(attempts(), 2u);
  EXPECT_TRUE(last_call().retry);
}

TEST_F(FulfillmentTest, ATokenThatTheBackendRefusesIsReplacedOnce) {
  Inbox keeper;
  Routes routes;
  routes.limiter = routes_->limiter;
  routes.tokens["backend"] = keep(spawn_token_double(system_, keeper));
  routes_ = std::make_shared<const Routes>(std::move(routes));
  action_.credential = "backend";
  start_with_one_call(60s, OperationClass::unsafe);
  write_notes();
  last_call().token_version = 7;
  answer(status(401));
  EXPECT_THAT(keeper.refused, ElementsAre(7u));
  ASSERT_EQ(attempts(), 2u) << "at once: it waits for the new token at the limiter";
  EXPECT_EQ(last_call().refused_token, 7u);
  EXPECT_FALSE(last_call().retry);
  answer(status(401));
  EXPECT_EQ(attempts(), 2u);
  expect_outcome(Reason::backend_status, "status 401");
}

TEST_F(FulfillmentTest, AFixedTokenThatIsRefusedIsNotTriedAgain) {
  action_.credential = "backend";
  start_with_one_call();
  answer(status(401));
  EXPECT_EQ(attempts(), 1u);
  expect_outcome(Reason::backend_status, "status 401");
}

TEST_F(FulfillmentTest, ReportsAttemptsOnlyWhereItIsSet) {
  for (const bool report : {false, true}) {
    journal_.forget();
    config_.report_attempts = report;
    start_with_one_call();
    answer(status(503));
    advance(2s);
    answer(status(404));
    ASSERT_EQ(journal_.decided().size(), 1u);
    const auto& body = journal_.decided()[0].outcome->body;
    if (report)
      EXPECT_THAT(body, HasSubstr(R"("attempts":[{"attempt":1,"ms":0,"status":503,"reason":"backend_status"},)"
                                  R"({"attempt":2,"ms":0,"status":404,"reason":"backend_status"}])"));
    else
      EXPECT_THAT(body, Not(HasSubstr("attempts")));
  }
}

TEST_F(FulfillmentTest, TellsEachAttempt) {
  start_with_one_call();
  answer(status(503, {}, "7"));
  advance(7s);
  answer(status(200, "1"));
  EXPECT_THAT(observer_.lines(),
              ElementsAre("execution-1 attempt_sent backend 1", "execution-1 attempt_ended backend 1 503",
                          "execution-1 retry_planned backend 2 in 7000 ms", "execution-1 attempt_sent backend 2",
                          "execution-1 attempt_ended backend 2 200", "execution-1 decided none"));
}

TEST_F(FulfillmentTest, PassesOnWhatTheAdapterSays) {
  adapter_->on_start = [](AdapterHost& host) { host.log(LogLevel::warning, "careful"); };
  start();
  EXPECT_THAT(observer_.lines(), ElementsAre("execution-1 adapter warning: careful"));
}

TEST_F(FulfillmentTest, AnEngineThatStopsLeavesTheExecutionToTheJournal) {
  start_with_one_call();
  answer(broken(HttpFailure::cancelled));
  EXPECT_TRUE(journal_.decided().empty());
  EXPECT_EQ(adapter_->alive(), 1);
}

TEST_F(FulfillmentTest, AnExitDestroysTheRunAndDecidesNothing) {
  start_with_one_call();
  send_exit(fulfillment_);
  EXPECT_TRUE(journal_.decided().empty());
  EXPECT_EQ(adapter_->alive(), 0);
  EXPECT_TRUE(last_call().abandoned());
}

}  // namespace
}  // namespace fulfilld::test
