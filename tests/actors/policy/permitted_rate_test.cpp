// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/permitted_rate.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>

namespace fulfilld {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

class PermittedRateTest : public testing::Test {
 protected:
  /// Calls at that rate for that time, each answered at once; each `nth` is refused, 0: none.
  void calls(double per_second, milliseconds time, int nth = 0) {
    const auto apart = std::chrono::duration_cast<nanoseconds>(std::chrono::duration<double>(1 / per_second));
    for (const auto end = now + time; now < end; now += apart) call(nth > 0 && ++number % nth == 0);
  }
  void call(bool refused) { rate.leave(rate.enter(now), refused, 100ms, now); }

  /// As many as are permitted in that time.
  int greedy_calls(milliseconds time) {
    int count = 0;
    for (const auto end = now + time; rate.next(now) < end && count < 100000; ++count) {
      now = std::max(now, rate.next(now));
      call(false);
    }
    return count;
  }

  [[nodiscard]] double limit() const { return rate.per_second(now).value_or(0); }

  PermittedRate rate;
  MonotonicTime now{1h};
  int number = 0;
};

TEST_F(PermittedRateTest, WithoutRefusalsThereIsNoLimit) {
  calls(1000, 10s);
  EXPECT_FALSE(rate.per_second(now));
  EXPECT_LE(rate.next(now), now);
}

TEST_F(PermittedRateTest, AnExceptionHoldsTheRateToTwiceOfWhatItIs) {
  calls(100, 5s);
  call(true);
  EXPECT_NEAR(limit(), 200, 5);
}

TEST_F(PermittedRateTest, FromAnExceptionItGrowsWithEachAnswer) {
  calls(100, 5s);
  call(true);
  const double before = limit();
  call(false);
  EXPECT_NEAR(limit(), before + 10, 0.1) << "one call per 100 ms";
}

TEST_F(PermittedRateTest, ThirtySecondsWithoutARefusalLiftIt) {
  calls(100, 5s);
  call(true);
  EXPECT_TRUE(rate.per_second(now + 29999ms));
  EXPECT_FALSE(rate.per_second(now + 30s));
  EXPECT_LE(rate.next(now + 30s), now + 30s);
}

TEST_F(PermittedRateTest, TooManyCutItByTwiceTheirShare) {
  calls(100, 2s);
  calls(100, 1s, 5);
  EXPECT_GE(limit(), 100) << "of all in the last seconds these are few";
  calls(100, 1s, 5);
  EXPECT_LE(limit(), 100 * (1 - 2 * 0.1) + 8);
  EXPECT_GE(limit(), 100 * (1 - 2 * 0.2));
}

TEST_F(PermittedRateTest, CutsToNoLessThanAHalfAndOnceASecond) {
  calls(100, 190ms, 1);
  const double cut = limit();
  EXPECT_GE(cut, 45);
  EXPECT_LE(cut, 65);
  calls(50, 700ms, 1);
  EXPECT_GE(limit(), cut);
}

TEST_F(PermittedRateTest, AfterACutItGrowsByATenthEachSecond) {
  calls(100, 2s);
  calls(100, 200ms, 1);
  const double cut = limit();
  now += 5s;
  EXPECT_NEAR(limit(), cut * 1.5, cut * 0.03);
}

TEST_F(PermittedRateTest, ExceptionsSoonAfterACutDoNotSpeedItUp) {
  calls(100, 2s);
  calls(100, 200ms, 1);
  const double cut = limit();
  now += 1s;
  calls(40, 5s, 20);
  EXPECT_NEAR(limit(), cut * 1.6, cut * 0.05);
}

TEST_F(PermittedRateTest, TenSecondsWithoutARefusalLetItGrowByAnswersAgain) {
  calls(100, 2s);
  calls(100, 200ms, 1);
  calls(50, 11s);
  EXPECT_GT(limit(), 300);
}

TEST_F(PermittedRateTest, AnswersToCallsBeforeACutDoNotCountAgainstTheNewRate) {
  calls(100, 2s);
  std::uint32_t before = 0;
  for (int n = 0; n < 100; ++n) before = rate.enter(now);
  calls(100, 200ms, 1);
  const double cut = limit();
  now += 2s;
  for (int n = 0; n < 100; ++n) rate.leave(before, true, 100ms, now);
  EXPECT_GE(limit(), cut);
}

TEST_F(PermittedRateTest, IsNeverBelowOneASecond) {
  for (int n = 0; n < 200; ++n, now += 500ms) call(true);
  EXPECT_GE(limit(), 1);
  EXPECT_LE(rate.next(now), now + 1s);
}

TEST_F(PermittedRateTest, PermitsWhatItSays) {
  calls(100, 2s);
  calls(100, 200ms, 1);
  const double cut = limit();
  now += 1s;
  const int made = greedy_calls(4s);
  EXPECT_NEAR(made, cut * (1.1 + 1.5) / 2 * 4, cut * 0.1);
}

TEST_F(PermittedRateTest, AReopenedTargetIsCalledAtHalfTheRateAtMost) {
  calls(200, 2s);
  calls(200, 100ms, 1);
  rate.closed(now);
  EXPECT_LE(limit(), 101);
  now += 5min;
  rate.reopened(now);
  EXPECT_LE(limit(), 101);
  EXPECT_GE(limit(), 40);
  EXPECT_LE(greedy_calls(1s), 110);
}

TEST_F(PermittedRateTest, WhatAcceptedNothingIsTriedGentlyAndSoonAtFullRate) {
  for (int n = 0; n < 1000; ++n) call(true);
  rate.closed(now);
  now += 3s;
  rate.reopened(now);
  EXPECT_LE(greedy_calls(1s), 12);
  EXPECT_GT(greedy_calls(4s), 100);
}

TEST_F(PermittedRateTest, TheFirstRefusalEndsThat) {
  for (int n = 0; n < 1000; ++n) call(true);
  rate.closed(now);
  now += 3s;
  rate.reopened(now);
  (void)greedy_calls(2s);
  call(true);
  const double found = limit();
  call(false);
  EXPECT_EQ(limit(), found);
}

}  // namespace
}  // namespace fulfilld
