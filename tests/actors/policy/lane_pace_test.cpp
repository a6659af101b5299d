// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/lane_pace.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "tests/actors/doubles/virtual_time.hpp"

namespace fulfilld {
namespace {

using namespace std::chrono_literals;
using test::start;

TEST(LanePace, GivesAllPlacesAtOnceWhileTheBackendHasRoom) {
  LanePace pace(8);
  EXPECT_EQ(pace.places(), 8u);
  EXPECT_LE(pace.opens(), start);
  pace.well(start, start + 1s);
  EXPECT_EQ(pace.places(), 8u);
  EXPECT_TRUE(pace.is_well());
}

TEST(LanePace, HalvesThePlacesAndPausesWhereItHasNone) {
  LanePace pace(8);
  pace.busy(0ms, start, start);
  EXPECT_EQ(pace.places(), 4u);
  EXPECT_EQ(pace.opens(), start + 50ms);
  EXPECT_FALSE(pace.is_well());
}

TEST(LanePace, CountsOnceWhatRanAtTheSameTime) {
  LanePace pace(8);
  for (int i = 0; i < 8; ++i) pace.busy(0ms, start, start + 1ms * i);
  EXPECT_EQ(pace.places(), 4u);
  EXPECT_EQ(pace.opens(), start + 50ms);
  pace.well(start, start + 20ms);
  EXPECT_FALSE(pace.is_well()) << "what began before the refusal tells nothing of the time after it";
}

TEST(LanePace, SpendsFewAttemptsOnAnOutage) {
  LanePace pace(8);
  auto now = start;
  std::size_t attempts = 0;
  while (now < start + 30s) {
    const auto began = std::max(now, pace.opens());
    const auto at_once = pace.places();
    attempts += at_once;
    for (std::size_t i = 0; i < at_once; ++i) pace.busy(0ms, began, began);
    now = pace.opens();
    EXPECT_LE(now - began, 1s);
  }
  EXPECT_EQ(pace.places(), 1u);
  EXPECT_LE(attempts, 8u + 4 + 2 + 1 + 33);
}

TEST(LanePace, GoesOnWithHalfAsSoonAsThingsSucceedAndWithOneMoreEachSecond) {
  LanePace pace(8);
  for (auto now = start; pace.places() > 1; now = pace.opens()) pace.busy(0ms, now, now);
  const auto again = pace.opens();
  pace.well(again, again);
  EXPECT_TRUE(pace.is_well());
  for (int i = 0; i < 10; ++i) pace.well(again, again);
  EXPECT_EQ(pace.places(), 4u);
  pace.well(again, again + 999ms);
  EXPECT_EQ(pace.places(), 4u);
  for (int second = 1; second <= 6; ++second) pace.well(again, again + 1s * second);
  EXPECT_EQ(pace.places(), 8u) << "and never more than there are threads";
}

TEST(LanePace, WaitsAsLongAsTheBackendAsksForButNotForEver) {
  LanePace pace(8);
  pace.busy(3s, start, start);
  EXPECT_EQ(pace.opens(), start + 3s);
  pace.busy(24h, start + 3s, start + 3s);
  EXPECT_EQ(pace.opens(), start + 3s + 1min);
}

TEST(LanePace, HasAlwaysAPlace) {
  LanePace pace(1);
  for (auto now = start; now < start + 1min; now = pace.opens()) pace.busy(0ms, now, now);
  EXPECT_EQ(pace.places(), 1u);
}

}  // namespace
}  // namespace fulfilld
