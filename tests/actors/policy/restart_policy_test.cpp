// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/restart_policy.hpp"

#include <gtest/gtest.h>

#include "tests/actors/doubles/virtual_time.hpp"

namespace fulfilld {
namespace {

using namespace std::chrono_literals;
using test::start;

TEST(RestartBudget, GrantsSoManyWithinThePeriod) {
  RestartBudget budget({.restarts = 3, .period = 60s});
  EXPECT_TRUE(budget.try_take(start));
  EXPECT_TRUE(budget.try_take(start));
  EXPECT_TRUE(budget.try_take(start + 30s));
  EXPECT_FALSE(budget.try_take(start + 30s));
  EXPECT_FALSE(budget.try_take(start + 59'999ms));
}

TEST(RestartBudget, GetsEachBackOnePeriodAfterItWasTaken) {
  RestartBudget budget({.restarts = 2, .period = 60s});
  EXPECT_TRUE(budget.try_take(start));
  EXPECT_TRUE(budget.try_take(start + 40s));
  EXPECT_TRUE(budget.try_take(start + 60s));
  EXPECT_FALSE(budget.try_take(start + 99'999ms));
  EXPECT_TRUE(budget.try_take(start + 100s));
}

TEST(RestartBudget, CountsNoRestartThatItRefused) {
  RestartBudget budget({.restarts = 1, .period = 10s});
  EXPECT_TRUE(budget.try_take(start));
  for (auto now = start + 1s; now < start + 10s; now += 1s) EXPECT_FALSE(budget.try_take(now));
  EXPECT_TRUE(budget.try_take(start + 10s));
}

TEST(RestartBudget, OfNoneGrantsNone) {
  RestartBudget budget({.restarts = 0, .period = 60s});
  EXPECT_FALSE(budget.try_take(start));
  EXPECT_FALSE(budget.try_take(start + 24h));
}

TEST(RestartBudget, NeverRunsOutForDeathsThatAreRare) {
  RestartBudget budget(RestartPolicy{});
  for (int n = 0; n < 100000; ++n) ASSERT_TRUE(budget.try_take(start + n * 60s)) << n;
}

}  // namespace
}  // namespace fulfilld
