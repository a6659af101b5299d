// SPDX-License-Identifier: Apache-2.0
// Rates and queues. Tokens: rate_limiter_token_test.cpp; what answers do to a target: rate_limiter_target_test.cpp.
#include <chrono>

#include "tests/actors/rate_limiter_fixture.hpp"

namespace fulfilld::test {
namespace {

using namespace std::chrono_literals;

TEST_F(RateLimiterTest, WithoutALimitHandsOnAtOnce) {
  start();
  for (std::uint64_t tag = 1; tag <= 100; ++tag) call(tag, "a");
  EXPECT_EQ(granted().size(), 100u);
  EXPECT_EQ(clock_.pending(), 0u);
}

TEST_F(RateLimiterTest, GrantsInOrderOfArrival) {
  start({.count = 1, .period = 1s});
  for (std::uint64_t tag = 1; tag <= 5; ++tag) call(tag, "a");
  EXPECT_EQ(granted(), (Tags{1}));
  advance(2s);
  EXPECT_EQ(granted(), (Tags{1, 2, 3}));
  advance(2s);
  EXPECT_EQ(granted(), (Tags{1, 2, 3, 4, 5}));
}

TEST_F(RateLimiterTest, WhoComesLateDoesNotOvertakeWhoWaits) {
  start({.count = 1, .period = 1s});
  call(1, "a");
  call(2, "a");
  clock_.move_to(clock_.now() + 1s);
  call(3, "a");
  EXPECT_EQ(granted(), (Tags{1, 2}));
  advance(1s);
  EXPECT_EQ(granted(), (Tags{1, 2, 3}));
}

TEST_F(RateLimiterTest, RefillsAfterExactlyOnePeriod) {
  start({.count = 1, .period = 10s});
  call(1, "a");
  call(2, "a");
  advance(10s - 1ns);
  EXPECT_EQ(granted(), (Tags{1}));
  advance(1ns);
  EXPECT_EQ(granted(), (Tags{1, 2}));
}

TEST_F(RateLimiterTest, KeepsItsRateForAsLongAsThereAreCalls) {
  config_.default_target.concurrency = 10000;
  start({.count = 100, .period = 1s, .burst = 1});
  for (std::uint64_t tag = 1; tag <= 1001; ++tag) call(tag, "a");
  advance(5s);
  EXPECT_NEAR(static_cast<double>(granted().size()), 501, 5);
  advance(5s);
  EXPECT_NEAR(static_cast<double>(granted().size()), 1001, 10);
}

TEST_F(RateLimiterTest, TargetsDoNotDelayEachOther) {
  config_.targets[origin_of("slow")].rate = {.count = 1, .period = 1h};
  start({.count = 1, .period = 1s});
  for (std::uint64_t tag = 1; tag <= 10; ++tag) call(tag, "slow");
  call(11, "a");
  call(12, "b");
  EXPECT_EQ(granted(), (Tags{1, 11, 12}));
  call(13, "a");
  advance(1s);
  EXPECT_EQ(granted(), (Tags{1, 11, 12, 13}));
}

TEST_F(RateLimiterTest, AFullQueueTurnsTheCallAway) {
  config_.default_target.max_waiting = 2;
  start({.count = 1, .period = 1s});
  for (std::uint64_t tag = 1; tag <= 4; ++tag) call(tag, "a");
  EXPECT_EQ(turned_away(Reason::queue_full), (Tags{4}));
  call(5, "b");
  EXPECT_EQ(granted(), (Tags{1, 5})) << "the bound is each target's own";
  advance(10s);
  EXPECT_EQ(granted(), (Tags{1, 5, 2, 3}));
}

TEST_F(RateLimiterTest, AnAbandonedCallCostsNothing) {
  start({.count = 1, .period = 1s});
  call(1, "a");
  call(2, "a")->abandon();
  call(3, "a")->abandon();
  call(4, "a");
  advance(1s);
  EXPECT_EQ(granted(), (Tags{1, 4}));
  EXPECT_TRUE(requester_inbox_.answered.empty());
}

TEST_F(RateLimiterTest, ATargetOfOnlyAbandonedCallsComesToRest) {
  start({.count = 1, .period = 1s});
  call(1, "a");
  for (std::uint64_t tag = 2; tag <= 9; ++tag) call(tag, "a")->abandon();
  advance(1s);
  EXPECT_EQ(clock_.pending(), 0u);
  call(10, "a");
  EXPECT_EQ(granted(), (Tags{1, 10}));
}

TEST_F(RateLimiterTest, OneAlarmPerTargetHoweverManyWait) {
  start({.count = 1, .period = 1s});
  for (std::uint64_t tag = 1; tag <= 100; ++tag) call(tag, "a");
  EXPECT_EQ(clock_.pending(), 1u);
  advance(50s);
  EXPECT_EQ(clock_.pending(), 1u);
  advance(50s);
  EXPECT_EQ(clock_.pending(), 0u);
}

TEST_F(RateLimiterTest, AnswersGoToWhoeverAsked) {
  start();
  const auto sent = call(7, "a");
  ASSERT_EQ(pool_inbox_.calls.size(), 1u);
  EXPECT_EQ(sent->limiter, limiter_) << "so that the pool knows the way back";
  answer(sent, status(204));
  ASSERT_EQ(requester_inbox_.answered.size(), 1u);
  EXPECT_EQ(requester_inbox_.answered[0], sent);
}

TEST_F(RateLimiterTest, ATargetHasItsOwnPolicy) {
  config_.targets[origin_of("wide")].concurrency = 3;
  config_.targets[origin_of("wide")].answer_limit = 77;
  config_.default_target.concurrency = 1;
  start();
  for (std::uint64_t tag = 1; tag <= 5; ++tag) call(tag, "wide");
  for (std::uint64_t tag = 6; tag <= 9; ++tag) call(tag, "narrow");
  EXPECT_EQ(granted(), (Tags{1, 2, 3, 6}));
  EXPECT_EQ(pool_inbox_.calls[0]->request.answer_limit, 77u);
  EXPECT_EQ(pool_inbox_.calls[3]->request.answer_limit, TargetPolicy{}.answer_limit);
}

TEST_F(RateLimiterTest, TheRateOfALaneHoldsForAllItsTargetsTogether) {
  config_.lanes["callback"].rate = {.count = 1, .period = 1s};
  start();
  for (std::uint64_t tag = 1; tag <= 4; ++tag) {
    auto made = make_call(tag, tag % 2 == 0 ? "even" : "odd");
    made->lane = "callback";
    hand_in(std::move(made));
  }
  call(5, "even");
  EXPECT_EQ(granted(), (Tags{1, 5})) << "a call of another lane to the same origin is not concerned";
  for (int n = 1; n <= 3; ++n) {
    advance(1s);
    EXPECT_EQ(granted().size(), 2u + static_cast<std::size_t>(n));
  }
}

TEST_F(RateLimiterTest, TheRateOfACredentialHoldsForAllTargetsTogether) {
  config_.credentials["genesys"] = {.count = 2, .period = 1s};
  start();
  push_token(1, "Bearer one");
  for (std::uint64_t tag = 1; tag <= 3; ++tag) call_with("genesys", tag, "a");
  call_with("genesys", 4, "b");
  call(5, "b");
  EXPECT_EQ(granted(), (Tags{1, 2})) << "5 waits behind 4: a target's calls go in order";
  advance(1s);
  EXPECT_EQ(granted().size(), 5u);
}

TEST_F(RateLimiterTest, BackgroundCallsGoWhenNothingElseWaits) {
  config_.default_target.concurrency = 1;
  start();
  const auto first = call(1, "a");
  auto progress = make_call(2, "a");
  progress->background = true;
  hand_in(progress);
  const auto third = call(3, "a");
  const auto fourth = call(4, "a");
  answer(first, status(200));
  answer(third, status(200));
  EXPECT_EQ(granted(), (Tags{1, 3, 4}));
  answer(fourth, status(200));
  EXPECT_EQ(granted(), (Tags{1, 3, 4, 2}));
}

TEST_F(RateLimiterTest, BackgroundCallsLeaveHalfOfASharedBurstToOthers) {
  config_.lanes["callback"].rate = {.count = 1, .period = 1s, .burst = 4};
  start();
  const auto hand_in_one = [this](std::uint64_t tag, bool background) {
    auto made = make_call(tag, "a");
    made->lane = "callback";
    made->background = background;
    hand_in(std::move(made));
  };
  for (std::uint64_t tag = 1; tag <= 5; ++tag) hand_in_one(tag, true);
  EXPECT_EQ(granted(), (Tags{1, 2, 3})) << "with the third the bucket falls below its half";
  hand_in_one(6, false);
  EXPECT_EQ(granted(), (Tags{1, 2, 3, 6}));
  advance(2s - 1ms);
  EXPECT_EQ(granted(), (Tags{1, 2, 3, 6}));
  advance(1ms);
  EXPECT_EQ(granted(), (Tags{1, 2, 3, 6, 4}));
}

TEST_F(RateLimiterTest, RetriesBeyondTheBudgetWaitAndDelayNobody) {
  config_.default_target.retry_budget = {.percent = 0, .per_second = 1};
  start();
  for (std::uint64_t tag = 1; tag <= 4; ++tag) retry(tag, "a");
  call(5, "a");
  EXPECT_EQ(granted(), (Tags{1, 2, 5})) << "two seconds' worth at once";
  advance(1s);
  EXPECT_EQ(granted(), (Tags{1, 2, 5, 3}));
  advance(1s);
  EXPECT_EQ(granted(), (Tags{1, 2, 5, 3, 4}));
}

TEST_F(RateLimiterTest, ForgetsIdleTargetsBeyondItsBound) {
  config_.max_targets = 3;
  start();
  for (std::uint64_t tag = 1; tag <= 8; ++tag) call(tag, "host" + std::to_string(tag));
  auto pulse = std::make_shared<Pulse>();
  answer_all(status(200));
  advance(1min);
  send(limiter_, pulse_atom_v, pulse);
  EXPECT_TRUE(pulse->answered());
  for (std::uint64_t tag = 11; tag <= 18; ++tag) call(tag, "host" + std::to_string(tag - 10));
  EXPECT_EQ(granted().size(), 16u);
}

TEST_F(RateLimiterTest, NoPlaceIsLostInTenThousandCalls) {
  config_.default_target.concurrency = 3;
  start();
  std::vector<CallPtr> out;
  for (std::uint64_t tag = 0; tag < 10000; ++tag) {
    const auto sent = call(tag, tag % 2 == 0 ? "a" : "b");
    if (tag % 7 == 0) sent->abandon();
    ASSERT_LE(pool_inbox_.calls.size(), 6u);
    if (tag % 2 != 0) continue;
    for (const auto& done : std::exchange(pool_inbox_.calls, {})) answer(done, status(200));
  }
  while (!pool_inbox_.calls.empty())
    for (const auto& done : std::exchange(pool_inbox_.calls, {})) answer(done, status(200));
  for (std::uint64_t tag = 10000; tag < 10010; ++tag) call(tag, "a");
  EXPECT_EQ(pool_inbox_.calls.size(), 3u);
}

}  // namespace
}  // namespace fulfilld::test
