// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/iso_time.hpp"

#include <gtest/gtest.h>

namespace fulfilld {
namespace {

using std::chrono::milliseconds;

std::string at(std::int64_t milliseconds_since_epoch) {
  return iso_time(WallTime{milliseconds{milliseconds_since_epoch}});
}

TEST(IsoTime, HasMillisecondsAndIsInUtc) {
  EXPECT_EQ(at(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(at(1795471464123), "2026-11-23T22:04:24.123Z");
}

TEST(IsoTime, PadsEveryPartWithZeros) { EXPECT_EQ(at(981173106007), "2001-02-03T04:05:06.007Z"); }

TEST(IsoTime, KnowsLeapYears) {
  EXPECT_EQ(at(1709208000000), "2024-02-29T12:00:00.000Z");
  EXPECT_EQ(at(951782400000), "2000-02-29T00:00:00.000Z");
  EXPECT_EQ(at(4107542400000), "2100-03-01T00:00:00.000Z");
}

TEST(IsoTime, RollsOverAtMidnightOfTheYear) {
  EXPECT_EQ(at(1767225599999), "2025-12-31T23:59:59.999Z");
  EXPECT_EQ(at(1767225600000), "2026-01-01T00:00:00.000Z");
}

TEST(IsoTime, CountsBackwardsBefore1970) { EXPECT_EQ(at(-1), "1969-12-31T23:59:59.999Z"); }

TEST(IsoTime, EndsInTheYear9999WithTheSameWidth) { EXPECT_EQ(at(253402300799999), "9999-12-31T23:59:59.999Z"); }

}  // namespace
}  // namespace fulfilld
