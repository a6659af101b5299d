// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/time_left.hpp"

#include <gtest/gtest.h>

#include "tests/actors/doubles/virtual_time.hpp"

namespace fulfilld {
namespace {

using namespace std::chrono_literals;
using test::start;
using test::wall_start;

TEST(TimeLeft, CountsFromAccept) {
  Execution execution;
  execution.accepted = start - 10s;
  execution.accepted_at = wall_start - 1h;
  EXPECT_EQ(time_left(execution, 60s, start, wall_start), 50s);
  EXPECT_EQ(time_left(execution, 10s, start, wall_start), 0s);
  EXPECT_EQ(time_left(execution, 5s, start, wall_start), 0s);
}

TEST(TimeLeft, OfWhatAnEarlierProcessAcceptedIsTakenByTheWallClock) {
  Execution execution;
  execution.accepted_at = wall_start - 10s;
  EXPECT_EQ(time_left(execution, 60s, start, wall_start), 50s);
  execution.accepted_at = wall_start - 1h;
  EXPECT_EQ(time_left(execution, 60s, start, wall_start), 0s);
}

TEST(TimeLeft, AWallClockThatWentBackGivesNoMore) {
  Execution execution;
  execution.accepted_at = wall_start + 1h;
  EXPECT_EQ(time_left(execution, 60s, start, wall_start), 60s);
}

}  // namespace
}  // namespace fulfilld
