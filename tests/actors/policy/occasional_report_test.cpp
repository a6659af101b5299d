// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/occasional_report.hpp"

#include <gtest/gtest.h>

#include "tests/actors/doubles/virtual_time.hpp"

namespace fulfilld {
namespace {

using namespace std::chrono_literals;
using test::start;

TEST(OccasionalReport, TellsOfTheFirstAtOnceAndOfTheOthersAMinuteLater) {
  OccasionalReport report;
  EXPECT_FALSE(report.due(start));
  EXPECT_TRUE(report.happened(start));
  EXPECT_FALSE(report.happened(start + 1s));
  EXPECT_FALSE(report.happened(start + 59s));
  EXPECT_FALSE(report.due(start + 59s));
  EXPECT_EQ(report.due(start + 60s), 2u);
}

TEST(OccasionalReport, GoesOnByTheMinuteWhileItHappens) {
  OccasionalReport report;
  EXPECT_TRUE(report.happened(start));
  EXPECT_FALSE(report.happened(start + 1s));
  EXPECT_EQ(report.due(start + 60s), 1u);
  EXPECT_FALSE(report.happened(start + 61s));
  EXPECT_FALSE(report.due(start + 119s));
  EXPECT_EQ(report.due(start + 120s), 1u);
}

TEST(OccasionalReport, BeginsAnewAfterAQuietMinute) {
  OccasionalReport report;
  EXPECT_TRUE(report.happened(start));
  EXPECT_FALSE(report.due(start + 60s));
  EXPECT_TRUE(report.happened(start + 61s));
}

TEST(OccasionalReport, TellsWhatIsLeftWhenItIsTaken) {
  OccasionalReport report;
  EXPECT_FALSE(report.take(start));
  EXPECT_TRUE(report.happened(start));
  EXPECT_FALSE(report.happened(start + 1s));
  EXPECT_EQ(report.take(start + 2s), 1u);
  EXPECT_FALSE(report.take(start + 3s));
}

}  // namespace
}  // namespace fulfilld
