// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/target_gate.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/actors/doubles/virtual_time.hpp"

namespace fulfilld {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using test::start;
using test::wall_start;
using State = CircuitBreaker::State;

HttpAnswer quick_answer(int status, const std::string& retry_after = {}) {
  HttpAnswer answer;
  answer.status = status;
  answer.elapsed = 10ms;
  if (!retry_after.empty()) answer.fields.push_back({"Retry-After", retry_after});
  return answer;
}

HttpAnswer failed_call(HttpFailure failure, milliseconds elapsed = 10ms) {
  HttpAnswer answer;
  answer.failure = failure;
  answer.elapsed = elapsed;
  return answer;
}

class TargetGateTest : public testing::Test {
 protected:
  explicit TargetGateTest(TargetPolicy policy = {}) : gate(policy, start) {}

  void make(const TargetPolicy& policy) { gate = TargetGate(policy, now); }

  /// One call after the other, with that answer.
  void calls(int count, const HttpAnswer& answer) {
    for (int n = 0; n < count; ++n) gate.leave(gate.enter(false, now), answer, now, wall_start);
  }

  [[nodiscard]] bool may_go(bool retry = false) const { return gate.ask(retry, now).may_go(); }

  /// When a call that has to wait is to ask again.
  [[nodiscard]] MonotonicTime waits_until(bool retry = false) const {
    const auto permit = gate.ask(retry, now);
    EXPECT_EQ(permit.kind, Permit::Kind::wait);
    return permit.not_before;
  }

  TargetGate gate;
  MonotonicTime now = start;
};

TEST_F(TargetGateTest, AskTakesNothing) {
  make({.concurrency = 1, .rate = {.count = 1, .period = 1h}});
  for (int n = 0; n < 1000; ++n) ASSERT_TRUE(may_go());
  EXPECT_EQ(gate.state(now).in_flight, 0u);
}

TEST_F(TargetGateTest, AtTheCapACallWaitsForOneToComeBack) {
  make({.concurrency = 2});
  const auto first = gate.enter(false, now);
  (void)gate.enter(false, now);
  EXPECT_EQ(waits_until(), MonotonicTime::max());
  gate.leave(first, quick_answer(200), now, wall_start);
  EXPECT_TRUE(may_go());
  EXPECT_EQ(gate.state(now).in_flight, 1u);
  EXPECT_EQ(gate.state(now).concurrency, 2u);
}

TEST_F(TargetGateTest, WithoutATokenACallWaitsForTheNext) {
  make({.rate = {.count = 2, .period = 1s}});
  calls(2, quick_answer(200));
  EXPECT_EQ(waits_until(), now + 500ms);
  now += 500ms;
  EXPECT_TRUE(may_go());
}

TEST_F(TargetGateTest, OnlyRepetitionsNeedTheRetryBudget) {
  make({.retry_budget = {.percent = 50, .per_second = 1}});
  for (int n = 0; n < 2; ++n) {
    ASSERT_TRUE(may_go(true));
    (void)gate.enter(true, now);
  }
  EXPECT_EQ(waits_until(true), now + 1s);
  EXPECT_TRUE(may_go(false));
  calls(2, quick_answer(200));
  EXPECT_TRUE(may_go(true)) << "first attempts permit some";
}

TEST_F(TargetGateTest, ABudgetThatOnlyTrafficFillsMakesItWaitForThat) {
  make({.retry_budget = {.percent = 50, .per_second = 0}});
  (void)gate.enter(true, now);
  EXPECT_EQ(waits_until(true), MonotonicTime::max());
}

TEST_F(TargetGateTest, AnOpenBreakerRefuses) {
  calls(20, quick_answer(500));
  const auto permit = gate.ask(false, now);
  EXPECT_EQ(permit.kind, Permit::Kind::refuse);
  EXPECT_EQ(permit.reason, Reason::circuit_open);
  EXPECT_EQ(gate.state(now).breaker, State::open);
  EXPECT_EQ(gate.state(now).open_until, now + 5s);
  now += 5s;
  EXPECT_FALSE(gate.state(now).open_until);
  ASSERT_TRUE(may_go());
  const auto probe = gate.enter(false, now);
  EXPECT_EQ(gate.ask(false, now).reason, Reason::circuit_open) << "one probe at a time";
  gate.leave(probe, quick_answer(200), now, wall_start);
  calls(1, quick_answer(200));
  EXPECT_EQ(gate.state(now).breaker, State::closed);
}

TEST_F(TargetGateTest, RefusalsNeverOpenTheBreaker) {
  for (int n = 0; n < 200; ++n, now += 1s)
    if (may_go()) calls(1, quick_answer(n % 2 == 0 ? 429 : 503, "1"));
  EXPECT_EQ(gate.state(now).breaker, State::closed);
}

TEST_F(TargetGateTest, A503WithoutARetryAfterIsAFailure) {
  calls(20, quick_answer(503));
  EXPECT_EQ(gate.state(now).breaker, State::open);
  EXPECT_FALSE(gate.state(now).closed_until);
}

TEST_F(TargetGateTest, RefusalsAsARuleCloseItUntilTheTimeTheyName) {
  EXPECT_LE(gate.reopens(now), now);
  calls(5, quick_answer(429, "7"));
  EXPECT_EQ(gate.reopens(now), now + 7s);
  EXPECT_EQ(waits_until(), now + 7s);
  EXPECT_EQ(gate.state(now).closed_until, now + 7s);
  now += 7s;
  EXPECT_LE(gate.reopens(now), now);
  ASSERT_TRUE(may_go());
  const auto probe = gate.enter(false, now);
  EXPECT_TRUE(probe.probe);
  EXPECT_EQ(waits_until(), MonotonicTime::max()) << "until the probe is back";
  gate.leave(probe, quick_answer(200), now, wall_start);
  EXPECT_FALSE(gate.state(now).closed_until);
  EXPECT_LE(waits_until(), now + 100ms) << "not all who waited at once";
}

TEST_F(TargetGateTest, NoRetryAfterClosesItForLongerThanItsLongest) {
  make({.retry_after_max = 1min});
  calls(5, quick_answer(429, "18446744073709551616"));
  EXPECT_EQ(gate.reopens(now), now + 1min);
}

TEST_F(TargetGateTest, ADateIsMeasuredFromTheAnswersOwnDate) {
  auto answer = quick_answer(429, "Sun, 06 Nov 1994 08:49:47 GMT");
  answer.fields.push_back({"Date", "Sun, 06 Nov 1994 08:49:37 GMT"});
  calls(5, answer);
  EXPECT_EQ(gate.reopens(now), now + 10s);
}

TEST_F(TargetGateTest, AnExceptionalRefusalOnlyHoldsTheRate) {
  for (int n = 0; n < 100; ++n, now += 10ms) calls(1, quick_answer(200));
  calls(1, quick_answer(429, "4"));
  EXPECT_LE(gate.reopens(now), now);
  ASSERT_TRUE(gate.state(now).permitted_rate);
  EXPECT_NEAR(*gate.state(now).permitted_rate, 200, 10);
}

TEST_F(TargetGateTest, WaitsForTheLatestOfAllThatApply) {
  make({.rate = {.count = 5, .period = 100s}, .retry_budget = {.percent = 0, .per_second = 1}});
  calls(5, quick_answer(429, "7"));
  EXPECT_EQ(waits_until(), now + 20s) << "the rate";
  now += 1s;
  EXPECT_EQ(waits_until(), start + 20s);
  make({.retry_budget = {.percent = 0, .per_second = 1}});
  for (int n = 0; n < 2; ++n) (void)gate.enter(true, now);
  EXPECT_EQ(waits_until(true), now + 1s);
  calls(5, quick_answer(429, "7"));
  EXPECT_EQ(waits_until(true), now + 7s) << "the cool-down, not the budget";
}

TEST_F(TargetGateTest, ATimeoutOfACallThatWasCutShortSaysNothing) {
  for (int n = 0; n < 100; ++n)
    gate.leave(gate.enter(false, now), failed_call(HttpFailure::timeout, 999ms), now, wall_start, true);
  EXPECT_EQ(gate.state(now).breaker, State::closed);
  for (int n = 0; n < 20; ++n)
    gate.leave(gate.enter(false, now), failed_call(HttpFailure::timeout, 1s), now, wall_start, true);
  EXPECT_EQ(gate.state(now).breaker, State::open) << "a second is time enough";
}

TEST_F(TargetGateTest, CallsThatWereNotMadeSayNothing) {
  for (int n = 0; n < 100; ++n) calls(1, failed_call(n % 2 == 0 ? HttpFailure::cancelled : HttpFailure::turned_away));
  EXPECT_EQ(gate.state(now).breaker, State::closed);
  EXPECT_TRUE(may_go());
}

TEST_F(TargetGateTest, AdaptiveConcurrencyTakesFewer) {
  make({.concurrency = 100, .adaptive_concurrency = true, .breaker = {.enabled = false}});
  EXPECT_EQ(gate.state(now).concurrency, 10u);
  for (int n = 0; n < 100; ++n) calls(1, failed_call(HttpFailure::timeout));
  EXPECT_EQ(gate.state(now).concurrency, 1u);
  const auto pass = gate.enter(false, now);
  EXPECT_EQ(waits_until(), MonotonicTime::max());
  gate.leave(pass, quick_answer(200), now, wall_start);
}

TEST_F(TargetGateTest, IsIdleAMinuteAfterItsLastCallIfAllWentWell) {
  const auto pass = gate.enter(false, now);
  EXPECT_FALSE(gate.idle(now + 24h)) << "a call is under way";
  gate.leave(pass, quick_answer(200), now, wall_start);
  EXPECT_FALSE(gate.idle(now + 59s));
  EXPECT_TRUE(gate.idle(now + 1min));
}

TEST_F(TargetGateTest, IsNotIdleWhileItHasSomethingAgainstTheTarget) {
  calls(20, quick_answer(500));
  EXPECT_FALSE(gate.idle(now + 59min)) << "not closed by a probe";
  EXPECT_TRUE(gate.idle(now + 1h));
  make({.retry_after_max = 2h});
  calls(5, quick_answer(429, "7200"));
  EXPECT_FALSE(gate.idle(now + 119min));
  EXPECT_TRUE(gate.idle(now + 2h));
  make({.rate = {.count = 2, .period = 24h}});
  calls(2, quick_answer(200));
  EXPECT_FALSE(gate.idle(now + 23h)) << "a new one would let two calls through";
  EXPECT_TRUE(gate.idle(now + 24h));
}

/// A random policy, a random target, and callers that ask, go and come back in any order.
void live_as_a_target(unsigned seed) {
  std::mt19937 random(seed);
  const auto below = [&random](std::uint32_t bound) -> std::uint32_t {
    return static_cast<std::uint32_t>(random() % bound);
  };
  const TargetPolicy policy{.concurrency = 1 + below(10),
                            .adaptive_concurrency = below(2) == 0,
                            .rate = {.count = static_cast<double>(below(3) == 0 ? 1 + below(50) : 0)},
                            .retry_budget = {.percent = below(50), .per_second = below(20)},
                            .breaker = {.enabled = below(3) != 0, .least_calls = 1 + below(20)}};
  TargetGate gate(policy, start);
  std::vector<Pass> under_way;
  auto now = start;
  const auto come_back = [&](const HttpAnswer& answer) {
    std::swap(under_way.back(), under_way[below(static_cast<std::uint32_t>(under_way.size()))]);
    gate.leave(under_way.back(), answer, now, wall_start, below(5) == 0);
    under_way.pop_back();
  };
  const auto any_answer = [&] {
    HttpAnswer answer = quick_answer(std::vector<int>{200, 200, 200, 404, 429, 500, 503}[below(7)]);
    if (below(5) == 0) answer.failure = static_cast<HttpFailure>(below(10));
    if (below(2) == 0) answer.fields.push_back({"Retry-After", std::to_string(below(8))});
    answer.elapsed = milliseconds(below(6000));
    return answer;
  };
  for (int step = 0; step < 400; ++step) {
    now += milliseconds(below(below(10) == 0 ? 5000 : 30));
    const bool retry = below(3) == 0;
    const auto permit = gate.ask(retry, now);
    if (permit.may_go()) {
      under_way.push_back(gate.enter(retry, now));
      ASSERT_LE(under_way.size(), policy.concurrency);
    } else {
      ASSERT_EQ(permit.kind == Permit::Kind::refuse, permit.reason != Reason::none);
      ASSERT_TRUE(permit.kind == Permit::Kind::refuse || permit.not_before > now) << "an alarm that fires at once";
    }
    if (!under_way.empty() && below(2) == 0) come_back(any_answer());
    ASSERT_EQ(gate.state(now).in_flight, under_way.size());
  }
  while (!under_way.empty()) come_back(any_answer());
  ASSERT_EQ(gate.state(now).in_flight, 0u);
  now += 2min;
  ASSERT_TRUE(gate.ask(false, now).may_go()) << "a permit was lost";
  now += 1h;
  ASSERT_TRUE(gate.idle(now));
}

TEST(TargetGate, LosesNoPermitInTwoThousandRandomLives) {
  for (unsigned life = 0; life < 2000 && !testing::Test::HasFailure(); ++life) {
    SCOPED_TRACE("life " + std::to_string(life));
    live_as_a_target(life);
  }
}

// Who asks again just when it was told to, and nothing else has happened, may go.
TEST(TargetGate, WhoComesWhenItWasToldToIsNotSentAwayTwice) {
  TargetGate gate({.rate = {.count = 7, .period = 1s}, .retry_budget = {.percent = 3, .per_second = 3}}, start);
  auto now = start;
  for (int n = 0; n < 5000; ++n) {
    const bool retry = n % 3 == 0;
    auto permit = gate.ask(retry, now);
    for (int asked = 0; !permit.may_go(); ++asked) {
      ASSERT_LT(asked, 2) << "call " << n;
      ASSERT_NE(permit.not_before, MonotonicTime::max());
      now = permit.not_before;
      permit = gate.ask(retry, now);
    }
    gate.leave(gate.enter(retry, now), quick_answer(n % 12 == 0 ? 429 : 200, "1"), now, wall_start);
  }
}

}  // namespace
}  // namespace fulfilld
