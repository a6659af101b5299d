// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/token_bucket.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <deque>
#include <random>

#include "tests/actors/doubles/virtual_time.hpp"
#include "tests/actors/policy/take_all.hpp"

namespace fulfilld {
namespace {

using namespace std::chrono_literals;
using test::start;
using test::take_all;

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

// In every sliding second at most what comes in that time, and what was saved up before; a second may be had at any of
// its tokens. Where somebody always waits, nothing is saved up, and as much is also the least.
TEST(TokenBucket, ErrsByAtMostOnePerCentInAnySecondHoweverIrregularTheCalls) {
  std::mt19937 random(4711);
  const auto below = [&random](std::int64_t bound) {
    return std::uniform_int_distribution<std::int64_t>(0, bound - 1)(random);
  };
  for (int life = 0; life < 60; ++life) {
    const double count = life < 5 ? std::array{1.0, 2.0, 10.0, 1000.0, 5000.0}.at(static_cast<std::size_t>(life))
                                  : 1 + static_cast<double>(below(5000));
    const double burst = std::max(1.0, std::floor(count * static_cast<double>(below(100)) / 100));
    TokenBucket bucket({.count = count, .period = 1s, .burst = burst}, start);
    const bool always_waits = life % 2 == 0;
    std::deque<MonotonicTime> second;
    auto now = start;
    for (const auto end = start + 10s; now < end;) {
      if (always_waits)
        now = std::max(now + std::chrono::nanoseconds(below(1000)), bucket.next_token(now));
      else
        now += std::chrono::nanoseconds(below(10) == 0 ? below(1000000000)
                                                       : below(static_cast<std::int64_t>(4e9 / count)));
      if (!bucket.try_take(now)) continue;
      second.push_back(now);
      while (second.front() <= now - 1s) second.pop_front();
      ASSERT_LE(static_cast<double>(second.size()), count * 1.01 + burst) << count << "/s, burst " << burst;
      if (always_waits && now > start + 2s) {
        ASSERT_LE(static_cast<double>(second.size()), std::max(count * 1.01, count + 1)) << count;
        ASSERT_GE(static_cast<double>(second.size()), std::min(count * 0.99, count - 1)) << count;
      }
    }
  }
}

TEST(TokenBucket, IsFullWhenItsBurstIsBack) {
  TokenBucket bucket({.count = 10, .period = 1s, .burst = 5}, start);
  EXPECT_TRUE(bucket.full(start));
  ASSERT_TRUE(bucket.try_take(start));
  EXPECT_FALSE(bucket.full(start + 99ms));
  EXPECT_TRUE(bucket.full(start + 100ms));
  EXPECT_TRUE(TokenBucket({}, start).full(start));
}

TEST(TokenBucket, ARateThatIsNextToNothingIsNoOverflow) {
  TokenBucket bucket({.count = 1e-100, .period = 24h}, start);
  ASSERT_TRUE(bucket.try_take(start));
  EXPECT_EQ(bucket.next_token(start), MonotonicTime::max());
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
