// SPDX-License-Identifier: Apache-2.0
// What the callback lane tells the platform before there is an outcome.
#include "actors/progress_reports.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "actors/call.hpp"
#include "actors/callback_lane.hpp"
#include "tests/actors/actor_test.hpp"
#include "tests/actors/doubles/answers.hpp"
#include "tests/actors/doubles/inbox.hpp"
#include "tests/actors/doubles/sample_execution.hpp"

namespace fulfilld::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

class ProgressTest : public ActorTest {
 protected:
  ProgressTest() {
    config_.clock = &clock_;
    config_.journal = &journal_;
    config_.observer = &observer_;
    config_.recorder = &recorder_;
    config_.credential = "genesys";
    config_.retry = {.attempts = 1000000, .attempt_timeout = 8s, .backoff = 2s, .backoff_max = 30s};
    config_.progress_interval = 5s;
    config_.tokens["genesys"] = token_;
    config_.deliveries = std::make_shared<DeliveryBook>();
  }

  void start() { lane_ = keep(system_.spawn(callback_lane, config_, limiter_)); }

  void report(std::uint64_t sequence, const std::string& body) {
    send(lane_, progress_atom_v, std::make_shared<const Progress>(Progress{make_execution(sequence), body}));
  }

  void deliver(std::uint64_t sequence) {
    const auto outcome = std::make_shared<const Outcome>(Outcome{Reason::none, "outcome"});
    send(lane_, run_atom_v, DecidedBatch{{{make_execution(sequence), outcome}}});
  }

  /// Bodies of all that was posted so far.
  [[nodiscard]] std::vector<std::string> posted() const {
    std::vector<std::string> bodies;
    for (const auto& call : limiter_inbox_.calls) bodies.push_back(*call->request.body);
    return bodies;
  }

  void answer(const CallPtr& call, HttpAnswer answer) {
    call->answer = std::move(answer);
    send(lane_, answered_atom_v, call);
  }
  void answer(HttpAnswer given) { answer(limiter_inbox_.calls.back(), std::move(given)); }

  CallbackLaneConfig config_;
  Inbox limiter_inbox_;
  Inbox token_inbox_;
  rate_limiter_actor limiter_ = keep(spawn_rate_limiter_double(system_, limiter_inbox_));
  token_actor token_ = keep(spawn_token_double(system_, token_inbox_));
  callback_lane_actor lane_;
};

TEST_F(ProgressTest, IsPostedInTheBackgroundAsItIs) {
  start();
  report(7, R"({"status":"in-progress"})");
  ASSERT_EQ(limiter_inbox_.calls.size(), 1u);
  const auto& call = *limiter_inbox_.calls[0];
  EXPECT_EQ(call.request.method, "POST");
  EXPECT_EQ(call.request.url.host, "genesys.test");
  EXPECT_EQ(*call.request.body, R"({"status":"in-progress"})");
  EXPECT_EQ(call.request.header_lines, "Content-Type: application/json\r\nAccept: application/json\r\n")
      << "no key: the outcome is not a repeat of it";
  EXPECT_EQ(call.lane, "callback");
  EXPECT_EQ(call.credential, "genesys");
  EXPECT_TRUE(call.background);
  EXPECT_FALSE(call.retry);
  EXPECT_EQ(call.request.time_limit, 8s);
  EXPECT_EQ(call.last_end, clock_.now() + 8s);
  EXPECT_THAT(observer_.lines(), ElementsAre("execution-7 progress_sent"));
}

TEST_F(ProgressTest, OfThoseWithinAnIntervalTheNewestIsPosted) {
  start();
  report(1, "a");
  answer(status(200));
  for (const auto* body : {"b", "c", "d"}) report(1, body);
  advance(5s - 1ms);
  EXPECT_THAT(posted(), ElementsAre("a"));
  advance(1ms);
  EXPECT_THAT(posted(), ElementsAre("a", "d"));
  answer(status(200));
  advance(1h);
  EXPECT_THAT(posted(), ElementsAre("a", "d"));
}

TEST_F(ProgressTest, IsPostedAtOnceAfterAPause) {
  start();
  report(1, "a");
  answer(status(200));
  advance(5s);
  report(1, "b");
  EXPECT_THAT(posted(), ElementsAre("a", "b"));
}

TEST_F(ProgressTest, OneAtATime) {
  start();
  report(1, "a");
  advance(6s);
  report(1, "b");
  advance(1s);
  report(1, "c");
  EXPECT_THAT(posted(), ElementsAre("a"));
  auto late = status(200);
  late.elapsed = 7s;
  answer(late);
  EXPECT_THAT(posted(), ElementsAre("a", "c")) << "the interval is over long ago";
  EXPECT_EQ(clock_.pending(), 1u);
}

// There may be no token for as long as the endpoint is down.
TEST_F(ProgressTest, OneThatGetsNoTurnIsGivenUpForTheNewest) {
  start();
  report(1, "a");
  const auto stuck = limiter_inbox_.calls.back();
  report(1, "b");
  report(1, "c");
  advance(8s - 1ms);
  EXPECT_FALSE(stuck->abandoned());
  advance(1ms);
  EXPECT_TRUE(stuck->abandoned());
  EXPECT_THAT(posted(), ElementsAre("a", "c"));
  answer(stuck, broken(HttpFailure::turned_away));
  EXPECT_THAT(posted(), ElementsAre("a", "c")) << "it has no say any more";
  advance(8s);
  EXPECT_EQ(clock_.pending(), 0u);
}

// A report that waited for its turn is heard later: the next one keeps its distance from that.
TEST_F(ProgressTest, TheIntervalCountsFromWhenThePlatformHeardOfIt) {
  start();
  report(1, "a");
  report(1, "b");
  advance(4s);
  auto waited = status(200);
  waited.elapsed = 1s;
  answer(waited);
  advance(4s - 1ms);
  EXPECT_THAT(posted(), ElementsAre("a"));
  advance(1ms);
  EXPECT_THAT(posted(), ElementsAre("a", "b"));
}

TEST_F(ProgressTest, EachExecutionHasItsOwnInterval) {
  start();
  for (std::uint64_t sequence = 1; sequence <= 100; ++sequence) report(sequence, "x");
  EXPECT_EQ(limiter_inbox_.calls.size(), 100u);
}

TEST_F(ProgressTest, IsNeverRepeatedWhateverTheAnswer) {
  start();
  std::uint64_t sequence = 0;
  for (const auto& failed :
       {status(500), status(503, {}, "1"), status(429, {}, "1"), status(404), status(302), status(400),
        broken(HttpFailure::connect, false), broken(HttpFailure::timeout), broken(HttpFailure::reset),
        broken(HttpFailure::cancelled), broken(HttpFailure::turned_away)}) {
    report(++sequence, "x");
    answer(failed);
    advance(1min);
    EXPECT_EQ(limiter_inbox_.calls.size(), sequence);
  }
  EXPECT_TRUE(journal_.ended().empty()) << "it decides nothing";
  EXPECT_TRUE(token_inbox_.refused.empty());
}

TEST_F(ProgressTest, ARefusedTokenIsReported) {
  start();
  report(1, "a");
  limiter_inbox_.calls.back()->token_version = 3;
  answer(status(401));
  EXPECT_THAT(token_inbox_.refused, ElementsAre(3u));
  EXPECT_THAT(posted(), ElementsAre("a"));
  report(1, "b");
  advance(5s);
  ASSERT_THAT(posted(), ElementsAre("a", "b"));
  EXPECT_EQ(limiter_inbox_.calls.back()->refused_token, 3u) << "the same token is not tried again";
}

TEST_F(ProgressTest, NoneIsPostedOnceTheOutcomeIsKnown) {
  start();
  report(1, "a");
  answer(status(200));
  report(1, "b");
  deliver(1);
  report(1, "too late");
  EXPECT_THAT(posted(), ElementsAre("a", "outcome"));
  answer(status(200));
  ASSERT_EQ(journal_.ended().size(), 1u);
  EXPECT_EQ(clock_.pending(), 0u) << "an alarm was left behind";
  advance(1h);
  EXPECT_THAT(posted(), ElementsAre("a", "outcome"));
}

TEST_F(ProgressTest, OneThatIsOnItsWayDelaysNoOutcomeAndIsAbandoned) {
  start();
  report(1, "a");
  report(1, "b");
  const auto report_call = limiter_inbox_.calls.back();
  deliver(1);
  EXPECT_THAT(posted(), ElementsAre("a", "outcome"));
  EXPECT_TRUE(report_call->abandoned());
  const auto outcome_call = limiter_inbox_.calls.back();
  EXPECT_FALSE(outcome_call->background);
  answer(report_call, status(404));
  advance(1s);
  EXPECT_TRUE(journal_.ended().empty()) << "the answer to the report is none to the outcome";
  answer(outcome_call, status(200));
  ASSERT_EQ(journal_.ended().size(), 1u);
  EXPECT_EQ(journal_.ended()[0].second.reason, Reason::none);
  EXPECT_THAT(posted(), ElementsAre("a", "outcome"));
}

class ReportOnItsWay : public ProgressTest {
 protected:
  ReportOnItsWay() { config_.deadlines["default"] = 60s; }

  /// Posts a report, which has left the house, and decides the outcome that long after accept.
  void report_and_deliver(std::chrono::nanoseconds age) {
    start();
    advance(age);
    report(1, "a");
    report_call_ = limiter_inbox_.calls.back();
    report_call_->start();
    deliver(1);
  }

  CallPtr report_call_;
};

TEST_F(ReportOnItsWay, ArrivesBeforeTheOutcome) {
  report_and_deliver(10s);
  EXPECT_THAT(posted(), ElementsAre("a"));
  advance(300ms);
  answer(report_call_, status(200));
  EXPECT_THAT(posted(), ElementsAre("a", "outcome"));
  EXPECT_FALSE(limiter_inbox_.calls.back()->retry);
  answer(status(200));
  ASSERT_EQ(journal_.ended().size(), 1u);
  EXPECT_EQ(journal_.ended()[0].second.attempts, 1u);
  EXPECT_EQ(clock_.pending(), 0u) << "an alarm was left behind";
}

TEST_F(ReportOnItsWay, IsOverHoweverItEnded) {
  for (const auto& end : {status(503), broken(HttpFailure::reset), broken(HttpFailure::cancelled)}) {
    report_and_deliver(0s);
    answer(report_call_, end);
    EXPECT_EQ(posted().back(), "outcome");
    send_exit(lane_);
  }
}

TEST_F(ReportOnItsWay, DelaysNoOutcomeByMoreThanASecond) {
  report_and_deliver(10s);
  advance(1s - 1ms);
  EXPECT_THAT(posted(), ElementsAre("a"));
  advance(1ms);
  EXPECT_THAT(posted(), ElementsAre("a", "outcome"));
  answer(report_call_, status(200));
  EXPECT_THAT(posted(), ElementsAre("a", "outcome")) << "once";
}

TEST_F(ReportOnItsWay, DelaysNoOutcomeByMoreThanHalfOfWhatIsLeftOfItsTime) {
  report_and_deliver(59s + 200ms);
  advance(400ms - 1ms);
  EXPECT_THAT(posted(), ElementsAre("a"));
  advance(1ms);
  EXPECT_THAT(posted(), ElementsAre("a", "outcome"));
}

TEST_F(ReportOnItsWay, DelaysNoOutcomeThatIsLate) {
  report_and_deliver(60s);
  EXPECT_THAT(posted(), ElementsAre("a", "outcome"));
}

TEST_F(ProgressTest, TheAnswerToAReportAfterTheOutcomeChangesNothing) {
  start();
  report(1, "a");
  const auto report_call = limiter_inbox_.calls.back();
  deliver(1);
  answer(status(200));
  answer(report_call, status(401));
  EXPECT_EQ(limiter_inbox_.calls.size(), 2u);
  EXPECT_EQ(journal_.ended().size(), 1u);
  EXPECT_EQ(clock_.pending(), 0u);
}

// Its outcome may be decided by a process that is no more, or never.
TEST_F(ProgressTest, NothingIsKeptOfAnExecutionThatFallsSilent) {
  start();
  std::vector<std::weak_ptr<const Execution>> executions;
  for (std::uint64_t sequence = 1; sequence <= 1000; ++sequence) {
    auto execution = make_execution(sequence);
    executions.emplace_back(execution);
    send(lane_, progress_atom_v, std::make_shared<const Progress>(Progress{std::move(execution), "x"}));
    answer(status(sequence % 2 == 0 ? 200 : 500));
  }
  EXPECT_EQ(clock_.pending(), 1000u);
  limiter_inbox_.calls.clear();
  advance(5s);
  EXPECT_EQ(clock_.pending(), 0u);
  for (const auto& execution : executions) EXPECT_TRUE(execution.expired());
}

TEST_F(ProgressTest, NeedsTheSameAuthorizationAsTheOutcome) {
  config_.authorization = CallbackAuthorization::fulfillment_token;
  start();
  auto execution = make_execution(1);
  execution->fulfillment_token = "abc";
  send(lane_, progress_atom_v, std::make_shared<const Progress>(Progress{execution, "a"}));
  EXPECT_EQ(limiter_inbox_.calls.back()->request.authorization, "Bearer abc");
  EXPECT_EQ(limiter_inbox_.calls.back()->credential, "");
  answer(status(401));
  EXPECT_TRUE(token_inbox_.refused.empty()) << "it is not ours to fetch";
}

}  // namespace
}  // namespace fulfilld::test
