// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/line_limit.hpp"

#include <gtest/gtest.h>

#include "tests/actors/doubles/virtual_time.hpp"

namespace fulfilld {
namespace {

using namespace std::chrono_literals;
using test::start;

TEST(LineLimit, TheFirstGoesAtOnce) {
  LineLimit limit(10s);
  EXPECT_EQ(limit.next(start), 0u);
}

TEST(LineLimit, OneInEachPeriodSaysHowManyWereKeptBack) {
  LineLimit limit(10s);
  ASSERT_TRUE(limit.next(start));
  for (int n = 0; n < 1000; ++n) EXPECT_FALSE(limit.next(start + 10s - 1ns));
  EXPECT_EQ(limit.next(start + 10s), 1000u);
  EXPECT_FALSE(limit.next(start + 19s));
  EXPECT_EQ(limit.next(start + 1h), 1u);
}

}  // namespace
}  // namespace fulfilld
