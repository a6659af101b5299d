// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/token_bucket.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>

namespace fulfilld {
namespace {

using namespace std::chrono_literals;

const MonotonicTime start{1h};

int take_all(TokenBucket& bucket, MonotonicTime now) {
  int taken = 0;
  while (taken < 100000 && bucket.try_take(now)) ++taken;
  return taken;
}

TEST(TokenBucket, StartsFullAndIsThenEmpty) {
  TokenBucket bucket({.count = 5, .period = 1s}, start);
  EXPECT_EQ(take_all(bucket, start), 5);
  EXPECT_FALSE(bucket.try_take(start));
}

TEST(TokenBucket, RefillsAfterExactlyOnePeriod) {
  TokenBucket bucket({.count = 1, .period = 10s}, start);
  ASSERT_TRUE(bucket.try_take(start));
  EXPECT_FALSE(bucket.try_take(start + 9999ms));
  EXPECT_TRUE(bucket.try_take(start + 10s));
  EXPECT_FALSE(bucket.try_take(start + 10s));
}

TEST(TokenBucket, RefillsContinuously) {
  TokenBucket bucket({.count = 10, .period = 1s}, start);
  ASSERT_EQ(take_all(bucket, start), 10);
  EXPECT_EQ(take_all(bucket, start + 99ms), 0);
  EXPECT_EQ(take_all(bucket, start + 100ms), 1);
  EXPECT_EQ(take_all(bucket, start + 450ms), 3);
  EXPECT_EQ(take_all(bucket, start + 500ms), 1);
}

TEST(TokenBucket, NeverHoldsMoreThanItsBurst) {
  TokenBucket bucket({.count = 10, .period = 1s, .burst = 3}, start);
  EXPECT_EQ(take_all(bucket, start), 3);
  EXPECT_EQ(take_all(bucket, start + 1h), 3);
}

TEST(TokenBucket, ABurstMayExceedTheCount) {
  TokenBucket bucket({.count = 1, .period = 1s, .burst = 20}, start);
  EXPECT_EQ(take_all(bucket, start), 20);
  EXPECT_EQ(take_all(bucket, start + 5s), 5);
}

TEST(TokenBucket, ARateBelowOneStillLetsOneThrough) {
  TokenBucket bucket({.count = 0.5, .period = 1s}, start);
  EXPECT_TRUE(bucket.try_take(start));
  EXPECT_FALSE(bucket.try_take(start + 1999ms));
  EXPECT_TRUE(bucket.try_take(start + 2s));
}

TEST(TokenBucket, WithoutALimitThereIsAlwaysAToken) {
  TokenBucket bucket({.count = 0}, start);
  EXPECT_EQ(take_all(bucket, start), 100000);
  EXPECT_EQ(bucket.next_token(start), start);
}

TEST(TokenBucket, WhoComesWhenItWasToldToIsNeverSentAway) {
  for (const double count : {1.0, 3.0, 7.0, 29.97, 300.0, 12345.0}) {
    for (const auto period : {1000ms, 1001ms, 60000ms}) {
      TokenBucket bucket({.count = count, .period = period, .burst = 1}, start);
      auto now = start;
      for (int n = 0; n < 1000; ++n) {
        ASSERT_TRUE(bucket.try_take(now)) << count << " per " << period.count() << ", token " << n;
        ASSERT_GT(bucket.next_token(now), now);
        now = bucket.next_token(now);
      }
    }
  }
}

TEST(TokenBucket, AFullBucketHasItsNextTokenNow) {
  TokenBucket bucket({.count = 2, .period = 1s}, start);
  EXPECT_EQ(bucket.next_token(start), start);
  EXPECT_TRUE(bucket.try_take(start));
  EXPECT_EQ(bucket.next_token(start), start);
  EXPECT_TRUE(bucket.try_take(start));
  EXPECT_EQ(bucket.next_token(start), start + 500ms);
}

/// The most tokens that left within any one second, where as many are asked for as there are.
int most_in_a_second(Rate rate, std::chrono::seconds total) {
  TokenBucket bucket(rate, start);
  std::deque<MonotonicTime> window;
  std::size_t most = 0;
  // What stood in the bucket at first is not the rate.
  (void)take_all(bucket, start);
  for (auto now = bucket.next_token(start); now < start + total; now = bucket.next_token(now)) {
    if (!bucket.try_take(now)) return -1;
    window.push_back(now);
    while (window.front() <= now - 1s) window.pop_front();
    most = std::max(most, window.size());
  }
  return static_cast<int>(most);
}

TEST(TokenBucket, ErrsByAtMostOnePerCentInAnySecond) {
  for (const double count : {100.0, 333.0, 1000.0, 5000.0}) {
    const int most = most_in_a_second({.count = count, .period = 1s}, 20s);
    EXPECT_LE(most, count * 1.01) << count;
    EXPECT_GE(most, count * 0.99) << count;
  }
}

TEST(TokenBucket, DoesNotDriftInADay) {
  TokenBucket bucket({.count = 300, .period = 60s}, start);
  (void)take_all(bucket, start);
  int taken = 0;
  for (auto now = start; now <= start + 24h; now += 700ms) taken += take_all(bucket, now);
  EXPECT_NEAR(taken, 300 * 60 * 24, 4);
}

}  // namespace
}  // namespace fulfilld
