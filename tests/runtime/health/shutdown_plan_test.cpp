// SPDX-License-Identifier: Apache-2.0
#include "runtime/health/shutdown_plan.hpp"

#include <gtest/gtest.h>

#include "tests/actors/doubles/virtual_time.hpp"

namespace fulfilld {
namespace {

using namespace std::chrono_literals;
using Stage = ShutdownPlan::Stage;
using test::start;

TEST(ShutdownPlan, RunsUntilSomebodyAsks) {
  const ShutdownPlan plan(30s);
  EXPECT_EQ(plan.stage(start + 24h), Stage::running);
  EXPECT_FALSE(plan.end_by());
}

TEST(ShutdownPlan, DrainsALittleLessThanTheGrace) {
  ShutdownPlan plan(30s);
  plan.signal(start);
  EXPECT_EQ(plan.stage(start), Stage::draining);
  EXPECT_EQ(plan.stage(start + 27'999ms), Stage::draining);
  EXPECT_EQ(plan.stage(start + 28s), Stage::ending);
  EXPECT_EQ(plan.end_by(), start + 30s);
}

TEST(ShutdownPlan, EndsAtOnceOnTheSecondSignal) {
  ShutdownPlan plan(30s);
  plan.signal(start);
  plan.signal(start + 5s);
  EXPECT_EQ(plan.stage(start + 5s), Stage::ending);
  EXPECT_EQ(plan.end_by(), start + 7s);
}

TEST(ShutdownPlan, NeverEndsLaterThanTheGraceWhateverIsAskedFor) {
  ShutdownPlan plan(30s);
  plan.signal(start);
  plan.signal(start + 27'500ms);
  EXPECT_EQ(plan.end_by(), start + 29'500ms);
  plan.signal(start + 27'600ms);
  plan.give_up(start + 29s);
  EXPECT_EQ(plan.end_by(), start + 29'500ms);

  ShutdownPlan late(30s);
  late.signal(start);
  late.signal(start + 29s);
  EXPECT_EQ(late.end_by(), start + 30s);
}

TEST(ShutdownPlan, LeavesAQuarterOfAShortGraceForTheEnd) {
  ShutdownPlan plan(4s);
  plan.signal(start);
  EXPECT_EQ(plan.stage(start + 2'999ms), Stage::draining);
  EXPECT_EQ(plan.stage(start + 3s), Stage::ending);
}

TEST(ShutdownPlan, LeavesTimeForAnOrderlyEndEvenWithoutAGrace) {
  for (const auto grace : {0ms, 100ms, 500ms}) {
    ShutdownPlan plan(grace);
    plan.signal(start);
    EXPECT_EQ(plan.stage(start), Stage::ending);
    EXPECT_EQ(plan.end_by(), start + 500ms);
  }
}

TEST(ShutdownPlan, GivesUpWithoutADrain) {
  ShutdownPlan plan(30s);
  plan.give_up(start);
  EXPECT_EQ(plan.stage(start), Stage::ending);
  EXPECT_EQ(plan.end_by(), start + 2s);
}

TEST(ShutdownPlan, GivesUpInTheMiddleOfADrain) {
  ShutdownPlan plan(30s);
  plan.signal(start);
  plan.give_up(start + 1s);
  EXPECT_EQ(plan.stage(start + 1s), Stage::ending);
  EXPECT_EQ(plan.end_by(), start + 3s);
}

}  // namespace
}  // namespace fulfilld
