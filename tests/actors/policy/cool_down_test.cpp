// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/cool_down.hpp"

#include <gtest/gtest.h>

#include <random>

#include "tests/actors/doubles/virtual_time.hpp"

namespace fulfilld {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using test::start;

class CoolDownTest : public testing::Test {
 protected:
  void refusals(int count, std::optional<milliseconds> retry_after = 3s) {
    for (int n = 0; n < count; ++n) cool_down.leave(false, TargetHealth::refusing, retry_after, now);
  }
  void well(int count) {
    for (int n = 0; n < count; ++n) cool_down.leave(false, TargetHealth::well, {}, now);
  }
  [[nodiscard]] bool closed() const { return cool_down.closed_until().has_value(); }

  void close(milliseconds retry_after = 3s) {
    refusals(5, retry_after);
    ASSERT_TRUE(closed());
  }

  CoolDown cool_down{5min};
  MonotonicTime now = start;
};

TEST_F(CoolDownTest, ClosesAtTheFifthRefusalInARow) {
  refusals(4);
  EXPECT_FALSE(closed());
  EXPECT_TRUE(cool_down.may_go(now));
  refusals(1);
  EXPECT_EQ(cool_down.closed_until(), start + 3s);
  EXPECT_FALSE(cool_down.may_go(now));
  EXPECT_FALSE(cool_down.may_go(now + 2999ms));
}

TEST_F(CoolDownTest, FiveInARowSoonAfterAnAcceptedOneAreNoRuleYet) {
  well(20);
  now += 299ms;
  refusals(7);
  EXPECT_FALSE(closed());
  now += 1ms;
  refusals(1);
  EXPECT_TRUE(closed());
}

TEST_F(CoolDownTest, ClosesWhenHalfOfTwentyAnswersAreRefusals) {
  for (int n = 0; n < 9; ++n) {
    well(1);
    refusals(1);
  }
  EXPECT_FALSE(closed());
  well(1);
  refusals(1);
  EXPECT_TRUE(closed());
}

TEST_F(CoolDownTest, StaysOpenAtLessThanHalf) {
  for (int n = 0; n < 1000; ++n) {
    well(2);
    refusals(n % 9 == 0 ? 2 : 1);
    now += 10ms;
    ASSERT_FALSE(closed());
  }
}

TEST_F(CoolDownTest, TenInARowAreNoRuleWhereMostOfTheSecondIsAccepted) {
  for (int second = 0; second < 20; ++second) {
    for (int n = 0; n < 50; ++n, now += 16ms) well(1);
    for (int n = 0; n < 12; ++n, now += 16ms) refusals(1);
    ASSERT_FALSE(closed()) << "a target that counts by the second";
  }
}

TEST_F(CoolDownTest, IllAnswersAreNeitherRefusedNorAccepted) {
  for (int n = 0; n < 4; ++n) {
    refusals(1);
    for (int m = 0; m < 20; ++m) cool_down.leave(false, TargetHealth::ill, {}, now);
    cool_down.leave(false, TargetHealth::unknown, {}, now);
  }
  EXPECT_FALSE(closed());
  refusals(1);
  EXPECT_TRUE(closed());
}

TEST_F(CoolDownTest, RefusalsAMinuteAgoAreForgotten) {
  refusals(4);
  now += 1min;
  EXPECT_TRUE(cool_down.as_new(now));
  refusals(4);
  EXPECT_FALSE(closed());
}

TEST_F(CoolDownTest, ClosesUntilTheLatestTimeThatWasNamed) {
  refusals(1, 10s);
  now += 1s;
  refusals(4, 3s);
  EXPECT_EQ(cool_down.closed_until(), start + 10s);
}

TEST_F(CoolDownTest, AtLeastForASecondAndAtMostForItsLongest) {
  for (const auto& [asked, wait] : {std::pair<std::optional<milliseconds>, milliseconds>{std::nullopt, 1s},
                                    {0ms, 1s},
                                    {999ms, 1s},
                                    {1001ms, 1001ms},
                                    {5min, 5min},
                                    {240h, 5min},
                                    {milliseconds::max(), 5min}}) {
    cool_down = CoolDown{5min};
    refusals(5, asked);
    EXPECT_EQ(cool_down.closed_until(), start + wait);
  }
  cool_down = CoolDown{milliseconds::max()};
  refusals(5, milliseconds::max());
  EXPECT_EQ(cool_down.closed_until(), MonotonicTime::max());
}

TEST_F(CoolDownTest, RefusalsOfCallsUnderWayProlongItButNeverShortenIt) {
  close(10s);
  now += 1s;
  refusals(1, 1s);
  EXPECT_EQ(cool_down.closed_until(), start + 10s);
  refusals(1, 20s);
  EXPECT_EQ(cool_down.closed_until(), start + 21s);
  well(20);
  EXPECT_EQ(cool_down.closed_until(), start + 21s) << "they began before it closed";
}

TEST_F(CoolDownTest, LetsOneProbeThroughWhenTheTimeIsOver) {
  close();
  now += 3s;
  ASSERT_TRUE(cool_down.may_go(now));
  EXPECT_TRUE(cool_down.enter());
  EXPECT_TRUE(cool_down.probing());
  EXPECT_FALSE(cool_down.may_go(now));
  EXPECT_FALSE(cool_down.may_go(now + 1h));
  cool_down.leave(true, TargetHealth::well, {}, now + 1s);
  EXPECT_FALSE(closed());
  EXPECT_TRUE(cool_down.may_go(now + 1s));
  EXPECT_FALSE(cool_down.enter()) << "no probe";
}

TEST_F(CoolDownTest, AProbeThatIsRefusedClosesItForAsLongAsThatSays) {
  close();
  now += 4s;
  ASSERT_TRUE(cool_down.enter());
  cool_down.leave(true, TargetHealth::refusing, 7s, now);
  EXPECT_EQ(cool_down.closed_until(), now + 7s);
  EXPECT_FALSE(cool_down.may_go(now + 6999ms));
  EXPECT_TRUE(cool_down.may_go(now + 7s));
}

TEST_F(CoolDownTest, AProbeThatIsIllReopensIt) {
  close();
  now += 3s;
  ASSERT_TRUE(cool_down.enter());
  cool_down.leave(true, TargetHealth::ill, {}, now);
  EXPECT_FALSE(closed()) << "what is ill is the matter of the circuit breaker";
}

TEST_F(CoolDownTest, AProbeThatWasNotMadeFreesItsPlace) {
  close();
  now += 3s;
  ASSERT_TRUE(cool_down.enter());
  cool_down.leave(true, TargetHealth::unknown, {}, now);
  EXPECT_TRUE(closed());
  EXPECT_FALSE(cool_down.probing());
  EXPECT_TRUE(cool_down.may_go(now));
  EXPECT_TRUE(cool_down.enter()) << "the next is the probe";
}

TEST_F(CoolDownTest, AReopenedOneBeginsAnew) {
  close();
  now += 3s;
  ASSERT_TRUE(cool_down.enter());
  cool_down.leave(true, TargetHealth::well, {}, now);
  EXPECT_TRUE(cool_down.as_new(now));
  refusals(4);
  EXPECT_FALSE(closed());
  EXPECT_FALSE(cool_down.as_new(now));
}

TEST_F(CoolDownTest, WhatItAcceptedBeforeItClosedDoesNotKeepAReopenedOneOpen) {
  well(100);
  now += 300ms;
  close(1s);
  now += 1s;
  ASSERT_TRUE(cool_down.enter());
  cool_down.leave(true, TargetHealth::well, {}, now);
  for (int n = 0; n < 10; ++n) {
    well(1);
    refusals(1);
  }
  EXPECT_TRUE(closed());
}

TEST_F(CoolDownTest, ATimeThatAForgottenRefusalNamedIsForgotten) {
  refusals(1, 5min);
  now += 1min;
  refusals(5, 3s);
  EXPECT_EQ(cool_down.closed_until(), now + 3s);
}

TEST_F(CoolDownTest, FivePerCentAtRandomNeverCloseIt) {
  std::mt19937 random(4711);
  for (int n = 0; n < 1000000; ++n) {
    now += 1ms;
    random() % 20 == 0 ? refusals(1) : well(1);
    ASSERT_FALSE(closed()) << n;
  }
}

}  // namespace
}  // namespace fulfilld
