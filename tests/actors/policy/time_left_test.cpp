// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/time_left.hpp"

#include <gtest/gtest.h>

namespace fulfilld {
namespace {

using namespace std::chrono_literals;

const MonotonicTime now{1h};
const WallTime wall{1795471464000ms};

TEST(TimeLeft, CountsFromAccept) {
  Execution execution;
  execution.accepted = now - 10s;
  execution.accepted_at = wall - 1h;
  EXPECT_EQ(time_left(execution, 60s, now, wall), 50s);
  EXPECT_EQ(time_left(execution, 10s, now, wall), 0s);
  EXPECT_EQ(time_left(execution, 5s, now, wall), 0s);
}

TEST(TimeLeft, OfWhatAnEarlierProcessAcceptedIsTakenByTheWallClock) {
  Execution execution;
  execution.accepted_at = wall - 10s;
  EXPECT_EQ(time_left(execution, 60s, now, wall), 50s);
  execution.accepted_at = wall - 1h;
  EXPECT_EQ(time_left(execution, 60s, now, wall), 0s);
}

TEST(TimeLeft, AWallClockThatWentBackGivesNoMore) {
  Execution execution;
  execution.accepted_at = wall + 1h;
  EXPECT_EQ(time_left(execution, 60s, now, wall), 60s);
}

}  // namespace
}  // namespace fulfilld
