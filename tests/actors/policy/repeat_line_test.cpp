// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/repeat_line.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>

#include "tests/actors/doubles/virtual_time.hpp"

namespace fulfilld {
namespace {

using namespace std::chrono_literals;
using test::start;

constexpr auto no_end = MonotonicTime::max();

TEST(RepeatLine, PermitsAtOnceWhatTheBudgetHas) {
  RepeatLine line({.percent = 20, .per_second = 0}, start);
  for (int i = 0; i < 10; ++i) line.first_attempt(start);
  int permitted = 0;
  while (line.take(start, no_end)) ++permitted;
  EXPECT_EQ(permitted, 3) << "a fifth of ten, and one";
}

TEST(RepeatLine, LinesUpWhatItHasNotInItsOrder) {
  RepeatLine line({.percent = 0, .per_second = 10}, start);
  for (int i = 0; i < 21; ++i) EXPECT_EQ(line.take(start, no_end), start) << "two seconds' worth, and this one";
  EXPECT_EQ(line.take(start, no_end), start + 100ms);
  EXPECT_EQ(line.take(start, no_end), start + 200ms);
  EXPECT_EQ(line.take(start + 50ms, no_end), start + 300ms);
  EXPECT_EQ(line.take(start + 10s, no_end), start + 10s);
}

TEST(RepeatLine, TakesNothingForThoseThatItCannotServeInTime) {
  RepeatLine line({.percent = 0, .per_second = 1}, start);
  while (line.take(start, start + 1ms)) continue;
  EXPECT_EQ(line.take(start, start + 1s), std::nullopt);
  EXPECT_EQ(line.take(start, start + 2s), start + 1s);
  EXPECT_EQ(line.take(start, start), std::nullopt);
}

TEST(RepeatLine, OfNothingPermitsNothing) {
  RepeatLine line({.percent = 0, .per_second = 0}, start);
  EXPECT_EQ(line.take(start, no_end), std::nullopt);
}

}  // namespace
}  // namespace fulfilld
