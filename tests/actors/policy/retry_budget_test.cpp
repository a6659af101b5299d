// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/retry_budget.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <vector>

#include "tests/actors/doubles/virtual_time.hpp"
#include "tests/actors/policy/take_all.hpp"

namespace fulfilld {
namespace {

using namespace std::chrono_literals;
using test::start;
using test::take_all;

void first_attempts(RetryBudget& budget, int count, MonotonicTime now) {
  for (int n = 0; n < count; ++n) budget.first_attempt(now);
}

TEST(RetryBudget, StartsWithTwoSecondsWorth) {
  RetryBudget budget({.percent = 20, .per_second = 10}, start);
  EXPECT_EQ(take_all(budget, start), 20);
  EXPECT_EQ(take_all(budget, start + 99ms), 0);
  EXPECT_EQ(take_all(budget, start + 100ms), 1);
  EXPECT_EQ(take_all(budget, start + 1h), 20);
}

TEST(RetryBudget, EachFirstAttemptPermitsAPart) {
  RetryBudget budget({.percent = 20, .per_second = 0}, start);
  EXPECT_EQ(take_all(budget, start), 1);
  first_attempts(budget, 4, start);
  EXPECT_FALSE(budget.try_take(start));
  first_attempts(budget, 1, start);
  EXPECT_EQ(take_all(budget, start), 1);
  first_attempts(budget, 1000, start);
  EXPECT_EQ(take_all(budget, start), 200);
}

TEST(RetryBudget, WhatTrafficPermitsOutlastsAFewSecondsOfRetryAfterButNotTen) {
  RetryBudget budget({.percent = 20, .per_second = 10}, start);
  (void)take_all(budget, start);
  first_attempts(budget, 1000, start);
  EXPECT_EQ(take_all(budget, start + 9s), 200 + 20);
  first_attempts(budget, 1000, start + 9s);
  EXPECT_EQ(take_all(budget, start + 19s), 20);
}

TEST(RetryBudget, SaysWhenTimeWillPermitTheNext) {
  RetryBudget budget({.percent = 20, .per_second = 4}, start);
  EXPECT_LE(budget.next(start), start);
  (void)take_all(budget, start);
  EXPECT_EQ(budget.next(start), start + 250ms);
  EXPECT_TRUE(budget.try_take(start + 250ms));
  EXPECT_FALSE(budget.try_take(start + 250ms));
}

TEST(RetryBudget, WithoutATimeShareOnlyTrafficBringsOne) {
  RetryBudget budget({.percent = 50, .per_second = 0}, start);
  ASSERT_EQ(take_all(budget, start), 1);
  EXPECT_EQ(budget.next(start + 1h), MonotonicTime::max());
  first_attempts(budget, 2, start + 1h);
  EXPECT_LE(budget.next(start + 1h), start + 1h);
}

TEST(RetryBudget, ZeroAndZeroForbidsRetries) {
  RetryBudget budget({.percent = 0, .per_second = 0}, start);
  first_attempts(budget, 1000, start);
  EXPECT_EQ(take_all(budget, start + 1h), 0);
  EXPECT_EQ(budget.next(start + 1h), MonotonicTime::max());
}

TEST(RetryBudget, IsAsNewWhenItsSavingsAreBack) {
  RetryBudget budget({.percent = 20, .per_second = 10}, start);
  EXPECT_TRUE(budget.as_new(start));
  (void)take_all(budget, start);
  EXPECT_FALSE(budget.as_new(start + 1999ms));
  EXPECT_TRUE(budget.as_new(start + 2s));
}

// Over every interval that begins and ends with a retry: those are the tightest.
TEST(RetryBudget, PermitsNoMoreThanItSaysInAnyTime) {
  std::mt19937 random(4711);
  for (int history = 0; history < 200; ++history) {
    const RetryBudgetPolicy policy{.percent = static_cast<std::uint32_t>(random() % 60),
                                   .per_second = static_cast<std::uint32_t>(random() % 15)};
    RetryBudget budget(policy, start);
    std::vector<double> firsts;
    std::vector<double> retries;
    const auto pace = 1 + static_cast<std::int64_t>(random() % 200);
    auto now = start;
    for (int step = 0; step < 600; ++step) {
      now += std::chrono::milliseconds(static_cast<std::int64_t>(random()) % pace);
      if (random() % 50 == 0) now += std::chrono::milliseconds(random() % 15000);
      const double second = std::chrono::duration<double>(now - start).count();
      if (random() % 3 != 0) {
        budget.first_attempt(now);
        firsts.push_back(second);
      } else if (budget.try_take(now)) {
        retries.push_back(second);
      }
    }
    for (std::size_t from = 0; from < retries.size(); ++from) {
      const auto counted = std::lower_bound(firsts.begin(), firsts.end(), retries[from] - 10);
      for (std::size_t to = from; to < retries.size(); ++to) {
        const double length = retries[to] - retries[from];
        const auto attempts = std::upper_bound(counted, firsts.end(), retries[to]) - counted;
        const double saved = std::max(1.0, policy.per_second * 2.0);
        const double most = policy.percent / 100.0 * static_cast<double>(attempts) + policy.per_second * length + saved;
        ASSERT_LE(static_cast<double>(to - from + 1), most + 1e-3)
            << "history " << history << ", " << policy.percent << " %, " << policy.per_second << "/s, from "
            << retries[from] << " to " << retries[to];
      }
    }
  }
}

TEST(RetryBudget, ATimeThatGoesBackDoesNoHarm) {
  RetryBudget budget({.percent = 20, .per_second = 10}, start);
  (void)take_all(budget, start + 1s);
  EXPECT_EQ(take_all(budget, start), 0);
  EXPECT_EQ(take_all(budget, start + 1s), 0);
}

}  // namespace
}  // namespace fulfilld
