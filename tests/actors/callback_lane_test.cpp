// SPDX-License-Identifier: Apache-2.0
#include "actors/callback_lane.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <string>
#include <utility>

#include "actors/call.hpp"
#include "actors/policy/callback_body.hpp"
#include "tests/actors/actor_test.hpp"
#include "tests/actors/doubles/answers.hpp"
#include "tests/actors/doubles/inbox.hpp"
#include "tests/actors/doubles/sample_execution.hpp"

namespace fulfilld::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

class CallbackLaneTest : public ActorTest {
 protected:
  CallbackLaneTest() {
    config_.clock = &clock_;
    config_.journal = &journal_;
    config_.observer = &observer_;
    config_.recorder = &recorder_;
    config_.credential = "genesys";
    config_.retry = {.attempts = 1000000, .attempt_timeout = 8s, .backoff = 2s, .backoff_max = 30s};
    config_.tokens["genesys"] = token_;
    config_.deliveries = deliveries_;
  }

  void start() { lane_ = keep(system_.spawn(callback_lane, config_, limiter_)); }

  void deliver(const ExecutionPtr& execution, std::string body = "the body") {
    Outcome outcome{Reason::none, std::move(body)};
    const std::vector<Delivery> deliveries{{execution, std::make_shared<const Outcome>(std::move(outcome))}};
    deliveries_->enter(deliveries);
    send(lane_, run_atom_v, DecidedBatch{deliveries});
  }

  void deliver(std::uint64_t sequence) { deliver(make_execution(sequence)); }

  [[nodiscard]] std::size_t attempts() const { return limiter_inbox_.calls.size(); }
  [[nodiscard]] Call& last_call() const { return *limiter_inbox_.calls.back(); }

  /// Answers the newest attempt.
  void answer(HttpAnswer answer) {
    const auto call = limiter_inbox_.calls.back();
    call->answer = std::move(answer);
    send(lane_, answered_atom_v, call);
  }

  void expect_ended(Reason reason, std::uint32_t attempts) {
    ASSERT_EQ(journal_.ended().size(), 1u);
    EXPECT_EQ(journal_.ended()[0].second.reason, reason) << code(journal_.ended()[0].second.reason);
    EXPECT_EQ(journal_.ended()[0].second.attempts, attempts);
    EXPECT_EQ(clock_.pending(), 0u) << "an alarm was left behind";
    EXPECT_TRUE(deliveries_->open().empty()) << "it was not struck off";
  }

  std::shared_ptr<DeliveryBook> deliveries_ = std::make_shared<DeliveryBook>();
  CallbackLaneConfig config_;
  Inbox limiter_inbox_;
  Inbox token_inbox_;
  rate_limiter_actor limiter_ = keep(spawn_rate_limiter_double(system_, limiter_inbox_));
  token_actor token_ = keep(spawn_token_double(system_, token_inbox_));
  callback_lane_actor lane_;
};

TEST_F(CallbackLaneTest, PostsTheOutcomesBodyToTheFulfillmentUrl) {
  start();
  const auto execution = make_execution(7);
  deliver(execution, R"({"status":"complete"})");
  ASSERT_EQ(attempts(), 1u);
  EXPECT_EQ(last_call().request.method, "POST");
  EXPECT_EQ(last_call().request.url.host, "genesys.test");
  EXPECT_EQ(*last_call().request.body, R"({"status":"complete"})");
  EXPECT_EQ(last_call().request.header_lines,
            "Content-Type: application/json\r\nAccept: application/json\r\nIdempotency-Key: " + execution->id + "\r\n");
  EXPECT_EQ(last_call().request.time_limit, 8s);
  EXPECT_EQ(last_call().lane, "callback");
  EXPECT_EQ(last_call().last_end, clock_.now() + config_.lifetime);
  EXPECT_FALSE(last_call().retry);
  EXPECT_FALSE(last_call().background);
}

TEST_F(CallbackLaneTest, Any2xxIsTaken) {
  for (const int code : {200, 202, 204}) {
    start();
    deliver(static_cast<std::uint64_t>(code));
    answer(status(code, "<not json>"));
  }
  ASSERT_EQ(journal_.ended().size(), 3u);
  for (const auto& [execution, ending] : journal_.ended()) {
    EXPECT_EQ(ending.reason, Reason::none);
    EXPECT_EQ(ending.attempts, 1u);
  }
  EXPECT_EQ(clock_.pending(), 0u);
}

TEST_F(CallbackLaneTest, RepeatsTheVerySameBodyUntilItIsTaken) {
  start();
  deliver(1);
  const auto* body = last_call().request.body.get();
  std::size_t expected = 1;
  for (const auto& temporary :
       {status(500), status(503), status(429), status(408), broken(HttpFailure::timeout), broken(HttpFailure::reset),
        broken(HttpFailure::connect, false), broken(HttpFailure::tls, false), broken(HttpFailure::bad_answer)}) {
    answer(temporary);
    advance(33s);
    ASSERT_EQ(attempts(), ++expected);
    EXPECT_EQ(last_call().request.body.get(), body);
    EXPECT_EQ(last_call().answer.status, 0) << "the engine wants a fresh answer";
    EXPECT_TRUE(last_call().retry);
    EXPECT_EQ(last_call().last_end, FakeClock::start + config_.lifetime);
  }
  answer(status(200));
  expect_ended(Reason::none, static_cast<std::uint32_t>(expected));
}

TEST_F(CallbackLaneTest, WaitsForAsLongAsThePlatformAsksTo) {
  start();
  deliver(1);
  answer(status(429, {}, "60"));
  advance(60s - 1ms);
  EXPECT_EQ(attempts(), 1u);
  advance(1ms);
  EXPECT_EQ(attempts(), 2u);
  answer(status(503, {}, "Mon, 23 Nov 2026 22:06:24 GMT"));  // a minute from now
  advance(60s - 1ms);
  EXPECT_EQ(attempts(), 2u);
  advance(1ms);
  EXPECT_EQ(attempts(), 3u);
}

// Each pause is chance; over many deliveries none is longer than its bound, and some come near it.
TEST_F(CallbackLaneTest, BacksOffExponentially) {
  constexpr std::size_t many = 100;
  start();
  for (std::uint64_t sequence = 1; sequence <= many; ++sequence) deliver(sequence);
  for (const auto bound : {2s, 4s, 8s, 16s, 30s, 30s}) {
    const auto failed_at = clock_.now();
    auto failed = std::exchange(limiter_inbox_.calls, {});
    ASSERT_EQ(failed.size(), many);
    for (const auto& call : failed) {
      call->answer = status(500);
      send(lane_, answered_atom_v, call);
    }
    while (attempts() < many) advance(100ms);
    EXPECT_LE(clock_.now() - failed_at, bound + 2s + 100ms);
    EXPECT_GE(clock_.now() - failed_at, bound / 2);
  }
}

TEST_F(CallbackLaneTest, BacksOffForLessThanThreeSecondsWhileTheDeadlineRuns) {
  config_.deadlines["default"] = 60s;
  config_.lifetime = 1h;
  start();
  deliver(1);
  while (clock_.now() < FakeClock::start + 60s) {
    const auto before = attempts();
    const auto failed_at = clock_.now();
    answer(status(503));
    while (attempts() == before) advance(100ms);
    EXPECT_LT(clock_.now() - failed_at, 3s);
  }
  std::chrono::nanoseconds longest{0};
  for (int n = 0; n < 30; ++n) {
    const auto before = attempts();
    const auto failed_at = clock_.now();
    answer(status(503));
    while (attempts() == before) advance(100ms);
    longest = std::max(longest, clock_.now() - failed_at);
  }
  EXPECT_GT(longest, 15s) << "nobody waits any more";
}

TEST_F(CallbackLaneTest, KeepsToARetryAfterWhileTheDeadlineRuns) {
  config_.deadlines["default"] = 60s;
  start();
  deliver(1);
  answer(status(429, {}, "20"));
  advance(20s - 1ms);
  EXPECT_EQ(attempts(), 1u);
  advance(1ms);
  EXPECT_EQ(attempts(), 2u);
}

TEST_F(CallbackLaneTest, OfWhatAnEarlierProcessAcceptedTheDeadlineRunsByTheWallClock) {
  config_.deadlines["default"] = 60s;
  config_.lifetime = 1h;
  start();
  std::chrono::nanoseconds longest{0};
  for (std::uint64_t sequence = 1; sequence <= 30; ++sequence) {
    auto execution = make_execution(sequence);
    execution->accepted = {};
    execution->accepted_at -= 59s;
    deliver(execution);
    advance(1s);
    for (int n = 0; n < 5; ++n) {
      const auto before = attempts();
      const auto failed_at = clock_.now();
      answer(status(503));
      while (attempts() == before) advance(100ms);
      longest = std::max(longest, clock_.now() - failed_at);
    }
    answer(status(200));
  }
  EXPECT_GT(longest, 15s);
}

TEST_F(CallbackLaneTest, ALastingRefusalEndsItAtOnce) {
  std::uint64_t sequence = 0;
  start();
  for (const int code : {400, 404, 410, 415, 301, 302, 307}) {
    deliver(++sequence);
    answer(status(code));
    ASSERT_EQ(journal_.ended().size(), sequence);
    EXPECT_EQ(journal_.ended().back().second.reason, Reason::callback_refused) << code;
    EXPECT_EQ(journal_.ended().back().second.attempts, 1u);
  }
  EXPECT_EQ(clock_.pending(), 0u);
}

TEST_F(CallbackLaneTest, InPlaceOfAResultThatIsTooLargeAFailedOneIsPosted) {
  start();
  const auto execution = make_execution(1);
  const auto body = complete_body("\"" + std::string(700000, 'x') + "\"", execution->accepted_at);
  deliver(execution, body);
  answer(status(413));
  ASSERT_EQ(attempts(), 2u) << "at once";
  EXPECT_EQ(*last_call().request.body, too_large_body(body));
  EXPECT_THAT(last_call().request.header_lines, HasSubstr("Idempotency-Key: execution-1:too_large\r\n"))
      << "another body is no repeat";
  EXPECT_EQ(last_call().last_end, FakeClock::start + config_.lifetime);
  EXPECT_EQ(observer_.lines_with("700110 bytes").size(), 1u);
  answer(status(200));
  expect_ended(Reason::none, 2);
}

TEST_F(CallbackLaneTest, TheOneInItsPlaceIsRepeatedAsAnyOther) {
  start();
  deliver(1);
  answer(status(400, R"({"message":"request too large"})"));
  const auto body = *last_call().request.body;
  answer(status(503));
  advance(5s);
  last_call().token_version = 1;
  answer(status(401));
  ASSERT_EQ(attempts(), 4u);
  EXPECT_EQ(*last_call().request.body, body);
  answer(status(200));
  expect_ended(Reason::none, 4);
}

TEST_F(CallbackLaneTest, ThereIsNothingInPlaceOfTheOneInItsPlace) {
  start();
  deliver(1);
  answer(status(413));
  answer(status(413));
  expect_ended(Reason::callback_refused, 2);
}

TEST_F(CallbackLaneTest, AnotherLaneMakesTheSameInPlaceOfIt) {
  start();
  const auto execution = make_execution(1);
  deliver(execution, complete_body("1", execution->accepted_at));
  answer(status(413));
  const auto body = *last_call().request.body;
  send_exit(lane_);
  start();
  send(lane_, run_atom_v, DecidedBatch{deliveries_->open()});
  answer(status(413));
  EXPECT_EQ(*last_call().request.body, body);
}

TEST_F(CallbackLaneTest, TheFlightRecorderKnowsWhoseResultItHasInHand) {
  start();
  deliver(7);
  EXPECT_THAT(recorder_.entered(), ElementsAre(std::pair{7u, "callback_lane"}));
  answer(status(500));
  EXPECT_EQ(recorder_.entered().size(), 2u);
  advance(5s);
  EXPECT_EQ(recorder_.entered().size(), 3u);
  EXPECT_TRUE(recorder_.inside().empty());
}

TEST_F(CallbackLaneTest, ARefusedTokenIsReportedAndTheCallRepeatedOnceWithANewerOne) {
  start();
  deliver(1);
  last_call().token_version = 3;
  answer(status(401));
  EXPECT_THAT(token_inbox_.refused, ElementsAre(3u));
  ASSERT_EQ(attempts(), 2u) << "at once: the pool holds it until there is a newer token";
  EXPECT_EQ(last_call().refused_token, 3u);
  last_call().token_version = 4;
  answer(status(200));
  expect_ended(Reason::none, 2);
}

TEST_F(CallbackLaneTest, ForbiddenTwiceIsALastingRefusal) {
  start();
  deliver(1);
  last_call().token_version = 1;
  answer(status(403));
  ASSERT_EQ(attempts(), 2u);
  last_call().token_version = 2;
  answer(status(403));
  EXPECT_THAT(token_inbox_.refused, ElementsAre(1u));
  expect_ended(Reason::callback_refused, 2);
}

TEST_F(CallbackLaneTest, UnauthorizedTwiceBacksOffAndGoesOn) {
  start();
  deliver(1);
  last_call().token_version = 1;
  answer(status(401));
  last_call().token_version = 2;
  answer(status(401));
  EXPECT_EQ(observer_.lines_with("retry_planned").size(), 1u) << "no loop as fast as the network permits";
  advance(5s);
  ASSERT_EQ(attempts(), 3u);
  answer(status(200));
  expect_ended(Reason::none, 3);
}

TEST_F(CallbackLaneTest, AnAnswerInBetweenAllowsAnotherTokenToBeRefused) {
  start();
  deliver(1);
  last_call().token_version = 1;
  answer(status(403));
  last_call().token_version = 2;
  answer(status(503));
  advance(5s);
  last_call().token_version = 2;
  answer(status(403));
  EXPECT_THAT(token_inbox_.refused, ElementsAre(1u, 2u));
  EXPECT_EQ(attempts(), 4u);
  EXPECT_TRUE(journal_.ended().empty());
}

TEST_F(CallbackLaneTest, IsUndeliverableWhenItsLifetimeIsOver) {
  config_.lifetime = 60s;
  start();
  deliver(1);
  while (clock_.pending() > 0 && journal_.ended().empty()) {
    const auto before = attempts();
    answer(status(500));
    while (attempts() == before && journal_.ended().empty()) advance(1s);
  }
  expect_ended(Reason::undeliverable, static_cast<std::uint32_t>(attempts()));
}

TEST_F(CallbackLaneTest, NoAttemptOutlivesTheLifetime) {
  config_.lifetime = 60s;
  start();
  deliver(1);
  const auto end = clock_.now() + 60s;
  while (journal_.ended().empty()) {
    EXPECT_GT(last_call().request.time_limit, 0ms);
    EXPECT_LE(clock_.now() + last_call().request.time_limit, end);
    const auto before = attempts();
    answer(broken(HttpFailure::timeout));
    while (attempts() == before && journal_.ended().empty()) advance(1ms);
  }
  EXPECT_LE(clock_.now(), end);
}

TEST_F(CallbackLaneTest, NoAttemptStartsWhenItIsTooLateForOne) {
  config_.lifetime = 60s;
  start();
  deliver(1);
  last_call().token_version = 1;
  clock_.move_to(clock_.now() + 60s);
  const auto call = limiter_inbox_.calls.back();
  call->answer = status(401);
  caf::anon_send(lane_, answered_atom_v, call);
  settle();
  EXPECT_EQ(attempts(), 1u);
  expect_ended(Reason::undeliverable, 1);
}

TEST_F(CallbackLaneTest, ARetryAfterBeyondTheLifetimeEndsItAtOnce) {
  config_.lifetime = 60s;
  start();
  deliver(1);
  answer(status(429, {}, "61"));
  expect_ended(Reason::undeliverable, 1);
}

TEST_F(CallbackLaneTest, AttemptsUsedUpEndIt) {
  config_.retry.attempts = 2;
  start();
  deliver(1);
  answer(status(500));
  advance(5s);
  answer(status(500));
  expect_ended(Reason::undeliverable, 2);
}

TEST_F(CallbackLaneTest, ACallThatWaitsWhenTheLifetimeEndsIsAbandoned) {
  config_.lifetime = 60s;
  start();
  deliver(1);
  const auto call = limiter_inbox_.calls.back();
  advance(60s);
  expect_ended(Reason::undeliverable, 1);
  EXPECT_TRUE(call->abandoned());
  answer(status(200));
  EXPECT_EQ(journal_.ended().size(), 1u) << "a late answer changes nothing";
}

class TurnedAway : public CallbackLaneTest, public testing::WithParamInterface<Reason> {
 protected:
  void turn_away() {
    const auto call = limiter_inbox_.calls.back();
    call->turn_away(GetParam());
    send(lane_, answered_atom_v, call);
  }
};

TEST_P(TurnedAway, IsTriedLaterAsTheFirstAttempt) {
  start();
  deliver(1);
  turn_away();
  advance(5s);
  ASSERT_EQ(attempts(), 2u);
  EXPECT_FALSE(last_call().turned_away());
  EXPECT_FALSE(last_call().retry) << "the platform has not seen it";
  answer(status(200));
  expect_ended(Reason::none, 2);
}

TEST_P(TurnedAway, UsesUpNoAttempt) {
  config_.retry.attempts = 2;
  start();
  deliver(1);
  const auto fail_later = [this](const auto& fail) {
    const auto before = attempts();
    fail();
    while (attempts() == before && journal_.ended().empty()) advance(1s);
  };
  for (int n = 0; n < 10; ++n) fail_later([this] { turn_away(); });
  fail_later([this] { answer(status(500)); });
  EXPECT_TRUE(last_call().retry);
  for (int n = 0; n < 10; ++n) fail_later([this] { turn_away(); });
  EXPECT_TRUE(journal_.ended().empty());
  answer(status(500));
  expect_ended(Reason::undeliverable, 22);
}

TEST_P(TurnedAway, IsNotGivenUpBeforeTheLifetimeEnds) {
  config_.lifetime = 60s;
  start();
  deliver(1);
  for (int second = 0; second < 60; ++second) {
    ASSERT_TRUE(journal_.ended().empty());
    if (clock_.pending() == 1) turn_away();
    advance(1s);
  }
  EXPECT_GE(attempts(), 3u);
  expect_ended(Reason::undeliverable, static_cast<std::uint32_t>(attempts()));
}

INSTANTIATE_TEST_SUITE_P(Reasons, TurnedAway,
                         testing::Values(Reason::queue_full, Reason::circuit_open, Reason::no_token,
                                         Reason::retry_after_exceeds_deadline, Reason::deadline),
                         [](const auto& reason) { return std::string(code(reason.param)); });

TEST_F(CallbackLaneTest, ASecondDeliveryOfTheSameExecutionIsIgnored) {
  start();
  deliver(1);
  deliver(1);
  EXPECT_EQ(attempts(), 1u);
  answer(status(200));
  expect_ended(Reason::none, 1);
}

TEST_F(CallbackLaneTest, DeliveriesDoNotWaitForEachOther) {
  start();
  for (std::uint64_t sequence = 1; sequence <= 100; ++sequence) deliver(sequence);
  EXPECT_EQ(attempts(), 100u);
  for (std::size_t n = 0; n < 100; ++n) {
    const auto call = limiter_inbox_.calls[n];
    call->answer = status(n % 2 == 0 ? 200 : 404);
    send(lane_, answered_atom_v, call);
  }
  ASSERT_EQ(journal_.ended().size(), 100u);
  for (const auto& [execution, ending] : journal_.ended())
    EXPECT_EQ(ending.reason, execution->sequence % 2 == 1 ? Reason::none : Reason::callback_refused);
  EXPECT_EQ(clock_.pending(), 0u);
}

TEST_F(CallbackLaneTest, AnExecutionsPlaceIsFreeOnceItHasEnded) {
  Admission admission({.executions = 1}, {}, clock_);
  start();
  auto execution = make_execution(1);
  execution->place = admission.enter("default", 1);
  deliver(std::move(execution));
  answer(status(500));
  EXPECT_EQ(admission.in_flight(), 1u);
  advance(5s);
  answer(status(200));
  limiter_inbox_.calls.clear();
  journal_.forget();
  EXPECT_EQ(admission.in_flight(), 0u);
}

TEST_F(CallbackLaneTest, AnEngineThatStopsLeavesTheRestToTheJournal) {
  start();
  deliver(1);
  answer(broken(HttpFailure::cancelled));
  EXPECT_TRUE(journal_.ended().empty());
  EXPECT_EQ(attempts(), 1u);
}

TEST_F(CallbackLaneTest, TellsEachAttempt) {
  start();
  deliver(1);
  answer(status(503, {}, "7"));
  advance(7s);
  answer(status(200));
  EXPECT_THAT(observer_.lines(),
              ElementsAre("execution-1 attempt_sent callback 1", "execution-1 attempt_ended callback 1 503",
                          "execution-1 retry_planned callback 2 in 7000 ms", "execution-1 attempt_sent callback 2",
                          "execution-1 attempt_ended callback 2 200", "execution-1 ended none after 2"));
}

struct Authorized {
  CallbackAuthorization mode;
  std::string fulfillment_token;
  std::string credential;
  std::string authorization;
};

class CallbackAuthorizationTest : public CallbackLaneTest, public testing::WithParamInterface<Authorized> {};

TEST_P(CallbackAuthorizationTest, UsesTheTokenOfItsMode) {
  config_.authorization = GetParam().mode;
  start();
  const auto execution = make_execution(1);
  execution->fulfillment_token = GetParam().fulfillment_token;
  deliver(execution);
  EXPECT_EQ(last_call().credential, GetParam().credential);
  EXPECT_EQ(last_call().request.authorization, GetParam().authorization);
}

TEST_P(CallbackAuthorizationTest, OnlyATokenOfOursCanBeRenewed) {
  config_.authorization = GetParam().mode;
  start();
  const auto execution = make_execution(1);
  execution->fulfillment_token = GetParam().fulfillment_token;
  deliver(execution);
  answer(status(401));
  if (GetParam().credential.empty()) {
    EXPECT_TRUE(token_inbox_.refused.empty());
    expect_ended(Reason::callback_refused, 1);
  } else {
    EXPECT_EQ(token_inbox_.refused.size(), 1u);
    EXPECT_EQ(attempts(), 2u);
  }
}

using enum CallbackAuthorization;
INSTANTIATE_TEST_SUITE_P(Modes, CallbackAuthorizationTest,
                         testing::Values(Authorized{oauth, "", "genesys", ""}, Authorized{oauth, "abc", "genesys", ""},
                                         Authorized{fulfillment_token, "abc", "", "Bearer abc"},
                                         Authorized{fulfillment_token, "", "", ""},
                                         Authorized{fulfillment_token_or_oauth, "abc", "", "Bearer abc"},
                                         Authorized{fulfillment_token_or_oauth, "", "genesys", ""}));

TEST_F(CallbackLaneTest, ACredentialWithoutATokenActorCannotBeRenewed) {
  config_.tokens.clear();
  start();
  deliver(1);
  answer(status(401));
  expect_ended(Reason::callback_refused, 1);
}

}  // namespace
}  // namespace fulfilld::test
