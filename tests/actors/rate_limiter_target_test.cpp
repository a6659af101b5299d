// SPDX-License-Identifier: Apache-2.0
// What a target's answers do to those who wait for it. The rules themselves: tests/actors/policy.
#include <chrono>

#include "tests/actors/rate_limiter_fixture.hpp"

namespace fulfilld::test {
namespace {

using namespace std::chrono_literals;

class RateLimiterTargetTest : public RateLimiterTest {
 protected:
  CallPtr call_until(MonotonicTime last_end, std::uint64_t tag, const std::string& host) {
    auto made = make_call(tag, host);
    made->last_end = last_end;
    return hand_in(std::move(made));
  }

  /// Closes host `a` for three seconds: five refusals in a row.
  void close_a() {
    for (std::uint64_t tag = 1; tag <= 5; ++tag) call(tag, "a");
    answer_all(status(429, {}, "3"));
  }
};

TEST_F(RateLimiterTargetTest, NoCallGoesToAClosedTargetAndOneProbeReopensIt) {
  start();
  close_a();
  for (std::uint64_t tag = 11; tag <= 20; ++tag) call(tag, "a");
  call(21, "b");
  EXPECT_EQ(granted(), (Tags{1, 2, 3, 4, 5, 21}));
  advance(3s - 1ms);
  EXPECT_EQ(granted().size(), 6u);
  advance(2ms);
  EXPECT_EQ(granted(), (Tags{1, 2, 3, 4, 5, 21, 11}));
  answer_all(status(200));
  advance(1min);
  answer_all(status(200));
  advance(1min);
  EXPECT_EQ(granted().size(), 16u) << "in the end all go";
}

TEST_F(RateLimiterTargetTest, AProbeThatIsRefusedKeepsTheTargetClosed) {
  start();
  close_a();
  call(11, "a");
  call(12, "a");
  advance(3s + 1ms);
  answer_all(status(429, {}, "10"));
  advance(9s);
  EXPECT_EQ(granted(), (Tags{1, 2, 3, 4, 5, 11}));
  advance(2s);
  EXPECT_EQ(granted(), (Tags{1, 2, 3, 4, 5, 11, 12}));
}

TEST_F(RateLimiterTargetTest, WhoseTimeEndsBeforeTheTargetReopensHearsSoAtOnce) {
  start({.count = 1, .period = 1s, .burst = 5});
  for (std::uint64_t tag = 1; tag <= 5; ++tag) call(tag, "a");
  call_until(clock_.now() + 2s, 6, "a");
  call_until(clock_.now() + 60s, 7, "a");
  answer_all(status(503, {}, "3"));
  EXPECT_EQ(turned_away(Reason::retry_after_exceeds_deadline), (Tags{6})) << "it stood in the queue";
  call_until(clock_.now() + 1s, 8, "a");
  EXPECT_EQ(turned_away(Reason::retry_after_exceeds_deadline), (Tags{6, 8})) << "it came later";
  advance(3s + 1ms);
  ASSERT_EQ(granted().back(), 7u);
  call_until(clock_.now() + 5s, 9, "a");
  answer(pool_inbox_.calls.back(), status(503, {}, "30"));
  EXPECT_EQ(turned_away(Reason::retry_after_exceeds_deadline), (Tags{6, 8, 9})) << "the probe was refused";
}

TEST_F(RateLimiterTargetTest, ABrokenTargetFailsAllWhoWaitAndWhoCome) {
  config_.default_target.breaker.least_calls = 10;
  start({.count = 1, .period = 1s, .burst = 10});
  for (std::uint64_t tag = 1; tag <= 12; ++tag) call(tag, "a");
  answer_all(broken(HttpFailure::connect, false));
  EXPECT_EQ(turned_away(Reason::circuit_open), (Tags{11, 12}));
  call(20, "a");
  EXPECT_EQ(turned_away(Reason::circuit_open), (Tags{11, 12, 20}));
  call(21, "b");
  EXPECT_EQ(granted().back(), 21u) << "another target is not concerned";
  EXPECT_EQ(observer_.lines_with(origin_of("a") + " breaker open").size(), 1u);
}

TEST_F(RateLimiterTargetTest, ABrokenTargetIsProbedByOneCallAtATime) {
  config_.default_target.breaker.least_calls = 10;
  config_.default_target.breaker.probes = 1;
  start();
  for (std::uint64_t tag = 1; tag <= 10; ++tag) call(tag, "a");
  answer_all(broken(HttpFailure::reset));
  advance(config_.default_target.breaker.open_for);
  const auto probe = call(11, "a");
  call(12, "a");
  EXPECT_EQ(granted().back(), 11u);
  EXPECT_EQ(turned_away(Reason::circuit_open), (Tags{12}));
  answer(probe, status(200));
  call(13, "a");
  EXPECT_EQ(granted().back(), 13u);
}

TEST_F(RateLimiterTargetTest, TheOriginsOfALaneAreTargetsOfTheirOwn) {
  config_.lanes["callback"] = {};
  start();
  close_a();
  auto callback = make_call(6, "a");
  callback->lane = "callback";
  hand_in(callback);
  EXPECT_EQ(granted().back(), 6u) << "what closes the backend does not hold up results";
}

TEST_F(RateLimiterTargetTest, AnAttemptWhoseTimeWasCutSaysNothingOfItsTarget) {
  config_.default_target.breaker.least_calls = 10;
  start();
  for (std::uint64_t tag = 1; tag <= 30; ++tag) call(tag, "a")->cut_short = true;
  answer_all(broken(HttpFailure::timeout));
  call(31, "a");
  EXPECT_EQ(granted().back(), 31u);
}

TEST_F(RateLimiterTargetTest, WantOfSocketsOfOurOwnSaysNothingOfTheTargetAndIsToldNowAndThen) {
  config_.default_target.breaker.least_calls = 10;
  start();
  HttpAnswer lack = broken(HttpFailure::no_socket, false);
  lack.detail = "http://a: connect: Too many open files";
  for (std::uint64_t tag = 1; tag <= 30; ++tag) call(tag, "a");
  answer_all(lack);
  const auto last = call(31, "a");
  EXPECT_EQ(granted().back(), 31u) << "no breaker has opened";
  EXPECT_EQ(observer_.lines_with("Too many open files").size(), 1u) << "of 30";
  advance(10s);
  answer(last, lack);
  ASSERT_EQ(observer_.lines_with("Too many open files").size(), 2u);
  EXPECT_EQ(observer_.lines_with("29 more since").size(), 1u);
}

TEST_F(RateLimiterTargetTest, TellsTheEngineHowLongTheTargetsConnectionsMayBeIdle) {
  config_.targets["https://b.test"] = {.idle_timeout = 4s};
  config_.default_target.idle_timeout = 7s;
  start();
  EXPECT_EQ(call(1, "a")->request.idle_limit, 7s);
  auto named = make_call(2, "b");
  named->request.url.origin = "https://b.test";
  EXPECT_EQ(hand_in(named)->request.idle_limit, 4s);
}

TEST_F(RateLimiterTargetTest, ReportsOnceThatATargetHasChanged) {
  start();
  close_a();
  call(11, "a");
  call(12, "a");
  EXPECT_EQ(observer_.lines_with("closed for 3000 ms").size(), 1u);
}

}  // namespace
}  // namespace fulfilld::test
