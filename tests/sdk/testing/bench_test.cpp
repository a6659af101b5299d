// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest-spi.h>

#include <chrono>
#include <fulfill/testing.hpp>
#include <string>

namespace {

using namespace std::chrono_literals;
using fulfill::Json;
using fulfill::testing::Bench;

std::string doing(const std::string& what) { return Json{{"do", what}}.dump(); }

TEST(Bench, GivesTheResultOfAnExecution) {
  Bench bench;
  bench.on("GET", "http://b/x").answer(200, R"({"a":1})");
  const auto outcome = bench.run(doing("get"));
  EXPECT_TRUE(outcome.complete());
  EXPECT_EQ(outcome.text(), R"({"a":1})");
  EXPECT_EQ(outcome.json(), Json({{"a", 1}}));
  EXPECT_EQ(outcome.code(), "");
}

TEST(Bench, GivesTheCodeAndTheMessageOfAFailure) {
  Bench bench;
  const auto outcome = bench.run(doing("dance"));
  EXPECT_FALSE(outcome.complete());
  EXPECT_EQ(outcome.code(), "what_now");
  EXPECT_EQ(outcome.message(), "nothing is known of dance");
  EXPECT_THROW((void)outcome.json(), std::runtime_error);
}

TEST(Bench, UsesAnswersOneAfterTheOtherAndRepeatsTheLast) {
  Bench bench;
  bench.on("GET", "http://b/x").answer(200, "1").answer(200, "2");
  EXPECT_EQ(bench.run(doing("get")).text(), "1");
  EXPECT_EQ(bench.run(doing("get")).text(), "2");
  EXPECT_EQ(bench.run(doing("get")).text(), "2");
  bench.on("GET", "http://b/x").answer(200, "3");
  EXPECT_EQ(bench.run(doing("get")).text(), "3");
}

TEST(Bench, ACallWithoutAnAnswerFailsTheTest) {
  Bench bench;
  bench.on("GET", "http://b/y").answer(200);
  EXPECT_NONFATAL_FAILURE((void)bench.run(doing("get")),
                          "no answer is scripted for GET http://b/x; scripted is:\n  GET http://b/y");
}

TEST(Bench, OtherwiseAnswersWhatIsNotScripted) {
  Bench bench;
  bench.otherwise().answer(200, "7");
  EXPECT_EQ(bench.run(doing("get")).text(), "7");
}

TEST(Bench, RecordsWhatIsAskedFor) {
  Bench bench;
  bench.on("POST", "http://b/x").answer(204);
  EXPECT_EQ(bench.run(doing("post")).text(), "null");
  ASSERT_EQ(bench.calls().size(), 1U);
  const auto& call = bench.calls().front();
  EXPECT_EQ(call.method(), "POST");
  EXPECT_EQ(call.url(), "http://b/x");
  EXPECT_EQ(call.body(), "a=1");
  EXPECT_TRUE(call.has_body());
  EXPECT_EQ(call.header("x-one"), "1");
  EXPECT_EQ(call.header("x-two"), "");
  EXPECT_EQ(call.timeout(), 3s);
  EXPECT_EQ(call.operation(), fulfill::Operation::by_method);
  EXPECT_TRUE(call.is_unsafe());
}

TEST(Bench, RecordsOnlyTheLatestExecution) {
  Bench bench;
  bench.on("GET", "http://b/x").answer(200, "1");
  bench.run(doing("get"));
  bench.run(doing("get"));
  EXPECT_EQ(bench.calls().size(), 1U);
}

TEST(Bench, FaultsEndAsTheHostWouldEndThem) {
  Bench bench;
  bench.on("GET", "http://b/x").timeout().reset().unreachable().status(503).status(302).failure("circuit_open");
  EXPECT_EQ(bench.run(doing("get")).code(), "backend_timeout");
  EXPECT_EQ(bench.run(doing("get")).code(), "backend_reset");
  EXPECT_EQ(bench.run(doing("get")).code(), "backend_unreachable");
  EXPECT_EQ(bench.run(doing("get")).code(), "backend_status");
  EXPECT_EQ(bench.run(doing("get")).code(), "backend_redirect");
  EXPECT_EQ(bench.run(doing("get")).code(), "circuit_open");
}

TEST(Bench, UnsafeCallsEndAsUnknownOnceTheyMayHaveBeenCarriedOut) {
  Bench bench;
  bench.on("POST", "http://b/x").timeout().reset().unreachable().status(500).status(502).status(503).status(422);
  EXPECT_EQ(bench.run(doing("post")).code(), "outcome_unknown");
  EXPECT_EQ(bench.run(doing("post")).code(), "outcome_unknown");
  EXPECT_EQ(bench.run(doing("post")).code(), "backend_unreachable");
  EXPECT_EQ(bench.run(doing("post")).code(), "backend_status");
  EXPECT_EQ(bench.run(doing("post")).code(), "outcome_unknown");
  EXPECT_EQ(bench.run(doing("post")).code(), "outcome_unknown");
  EXPECT_EQ(bench.run(doing("post")).code(), "backend_status");
}

TEST(Bench, UnsafeCallsWhoseAnswerCannotBeReadEndAsUnknownToo) {
  Bench bench;
  bench.on("POST", "http://b/x").answer(200, "<html>");
  bench.on("GET", "http://b/x").answer(200, "<html>");
  const auto outcome = bench.run(doing("post"));
  EXPECT_EQ(outcome.code(), "outcome_unknown");
  EXPECT_EQ(outcome.message(),
            "the backend answered 200, so it may have been carried out, but the backend's answer is not JSON");
  EXPECT_EQ(bench.run(doing("get")).code(), "backend_bad_answer");
}

TEST(Bench, TakesNumbersOfWhateverSizeAndHalvesOfCharacters) {
  Bench bench;
  bench.on("GET", "http://b/x").answer(200, R"([1e400,"\ud83d"])");
  const auto outcome = bench.run(R"({"do":"get","big":1e400,"half":"\ude00"})");
  EXPECT_EQ(outcome.code(), "bad_input") << "the adapter reads its input by nlohmann";
  EXPECT_EQ(bench.run(R"({"do":"get","big":89014103211118510720})").document().dump(), "[1e400,\"\xEF\xBF\xBD\"]");
}

TEST(Bench, AnswersOfAnyStatusReachAnAdapterThatWantsThem) {
  Bench bench;
  bench.on("GET", "http://b/x").answer(404, "", {{"X-Kind", "none"}}).timeout();
  EXPECT_EQ(bench.run(doing("any_status")).json(), Json({{"status", 404}, {"kind", "none"}}));
  EXPECT_EQ(bench.run(doing("any_status")).code(), "backend_timeout");
}

TEST(Bench, TimePassesOnlyWhenItIsTold) {
  Bench bench;
  bench.start(doing("sleep"));
  EXPECT_EQ(bench.waiting(), 1U);
  bench.advance(4999ms);
  EXPECT_FALSE(bench.outcome());
  bench.advance(1ms);
  ASSERT_TRUE(bench.outcome());
  EXPECT_EQ(bench.outcome()->text(), "\"slept\"");
  EXPECT_EQ(bench.waiting(), 0U);
}

TEST(Bench, AnswersComeAfterTheirDelay) {
  Bench bench;
  bench.on("GET", "http://b/x").after(200ms).answer(200, "1");
  bench.start(doing("get"));
  bench.advance(199ms);
  EXPECT_FALSE(bench.outcome());
  bench.advance(1ms);
  EXPECT_TRUE(bench.outcome());
}

TEST(Bench, ATimeoutTakesTheLimitThatTheCallAskedFor) {
  Bench bench;
  bench.on("POST", "http://b/x").timeout();
  bench.start(doing("post"));
  bench.advance(2999ms);
  EXPECT_FALSE(bench.outcome());
  bench.advance(1ms);
  EXPECT_TRUE(bench.outcome());
}

TEST(Bench, TheDeadlineEndsWhatStillWaits) {
  Bench bench;
  bench.deadline(4s);
  EXPECT_EQ(bench.run(doing("sleep")).code(), "deadline");
  ASSERT_EQ(bench.logs().size(), 1U) << "the coroutine was destroyed";
  EXPECT_EQ(bench.logs()[0].text(), "gone");
  bench.on("GET", "http://b/x").never();
  EXPECT_EQ(bench.run(doing("get")).code(), "deadline");
}

TEST(Bench, CancelDestroysTheCoroutineWhereItWaits) {
  Bench bench;
  bench.start(doing("sleep"));
  EXPECT_TRUE(bench.logs().empty());
  bench.cancel();
  EXPECT_EQ(bench.logs().size(), 1U);
  EXPECT_EQ(bench.outcome()->code(), "cancelled");
}

TEST(Bench, BlockingWorkRunsAtOnceUnlessItIsHeld) {
  Bench bench;
  EXPECT_EQ(bench.run(doing("block")).json(), 42);
  EXPECT_EQ(bench.works(), std::vector{fulfill::Operation::safe});
  bench.hold_blocking();
  bench.start(doing("block"));
  EXPECT_EQ(bench.waiting(), 1U);
  bench.advance(1h);
  EXPECT_EQ(bench.outcome()->code(), "deadline");
}

TEST(Bench, BlockingWorkIsDoneAgainAsItAsksFor) {
  Bench bench;
  EXPECT_EQ(bench.run(R"({"do":"insist","attempts":3})").json(), 3);
  EXPECT_EQ(bench.work_attempts(), 3U);
  EXPECT_EQ(bench.works(), std::vector{fulfill::Operation::by_method}) << "one piece of work";

  const auto given_up = bench.run(R"({"do":"insist","attempts":4})");
  EXPECT_EQ(given_up.code(), "backend_unreachable");
  EXPECT_EQ(given_up.message(), "attempt 3");
  EXPECT_TRUE(bench.attempts(4).run(R"({"do":"insist","attempts":4})").complete());
}

TEST(Bench, BlockingWorkIsDoneAgainAfterABackOffAndNotBeyondTheDeadline) {
  Bench bench;
  bench.start(R"({"do":"insist","attempts":3})");
  EXPECT_EQ(bench.work_attempts(), 1U);
  bench.advance(1s);
  EXPECT_EQ(bench.work_attempts(), 2U);
  bench.advance(2s);
  EXPECT_EQ(bench.outcome()->text(), "3");
  EXPECT_EQ(bench.deadline(2s).run(R"({"do":"insist","attempts":3})").message(), "attempt 2");
}

TEST(Bench, RecordsProgressLogAndSecrets) {
  Bench bench;
  bench.secret("token", "s3cret");
  EXPECT_EQ(bench.run(doing("report")).json(), "s3cret");
  EXPECT_EQ(bench.progress(), std::vector<std::string>{R"({"step":1})"});
  ASSERT_EQ(bench.logs().size(), 1U);
  EXPECT_EQ(bench.logs()[0].level(), fulfill::LogLevel::warning);
  EXPECT_EQ(bench.logs()[0].text(), "about to end");
}

TEST(Bench, WhatIsNotJsonIsAFaultOfWhoMadeIt) {
  Bench bench;
  EXPECT_EQ(bench.run(doing("garbage")).code(), "adapter_fault");
  bench.on("GET", "http://b/x").answer(200, "{");
  EXPECT_EQ(bench.run(doing("get")).code(), "backend_bad_answer");
}

TEST(Bench, RefusesCallsThatTheHostWouldRefuse) {
  Bench bench;
  EXPECT_EQ(bench.run(doing("relative")).code(), "request_not_allowed");
  EXPECT_EQ(bench.run(doing("inject")).code(), "request_not_allowed");
}

TEST(Bench, ALoopThatLetsNoTimePassFailsTheTest) {
  Bench bench;
  EXPECT_NONFATAL_FAILURE((void)bench.run(doing("spin")), "has waited 100000 times and goes on");
}

TEST(Bench, SettingsMakeTheAdapterAnew) {
  Bench bench;
  bench.setting("base_url", "http://c");
  bench.on("GET", "http://c/x").answer(200, "1");
  bench.on("GET", "http://d/x").answer(200, "2");
  EXPECT_EQ(bench.run(doing("get")).text(), "1");
  bench.setting("base_url", "http://d");
  EXPECT_EQ(bench.run(doing("get")).text(), "2");
}

TEST(Bench, SaysHowTheAdapterRefusesItsSettings) {
  Bench bench;
  EXPECT_EQ(bench.refusal(), "");
  bench.setting("colour", "red");
  EXPECT_EQ(bench.refusal(), "unknown setting \"colour\"; known: base_url");
  EXPECT_NONFATAL_FAILURE((void)bench.run(doing("get")), "refuses its settings: unknown setting \"colour\"");
}

TEST(Bench, AnInputThatIsNotJsonFailsTheTest) {
  Bench bench;
  EXPECT_NONFATAL_FAILURE((void)bench.run("{"), "is always JSON");
}

}  // namespace
