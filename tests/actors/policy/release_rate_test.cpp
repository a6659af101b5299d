// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/release_rate.hpp"

#include <gtest/gtest.h>

#include "tests/actors/doubles/virtual_time.hpp"

namespace fulfilld {
namespace {

using namespace std::chrono_literals;
using test::start;

TEST(ReleaseRate, IsUnknownForTheFirstSeconds) {
  ReleaseRate rate;
  EXPECT_EQ(rate.per_second(start, 0), std::nullopt);
  rate.look(start, 0);
  EXPECT_EQ(rate.per_second(start, 0), std::nullopt);
  EXPECT_EQ(rate.per_second(start + 4999ms, 100), std::nullopt);
  EXPECT_EQ(rate.per_second(start + 5s, 100), 20);
}

TEST(ReleaseRate, IsThatOfTheLastTenSeconds) {
  ReleaseRate rate;
  double total = 0;
  auto now = start;
  for (; now < start + 1min; now += 10ms) rate.look(now, total += 3);
  EXPECT_NEAR(rate.per_second(now, total).value_or(0), 300, 5);
  for (; now < start + 2min; now += 10ms) rate.look(now, total += 0.1);
  EXPECT_NEAR(rate.per_second(now, total).value_or(0), 10, 0.5);
}

TEST(ReleaseRate, IsZeroWhereNothingComesBack) {
  ReleaseRate rate;
  for (auto age = 0s; age < 6s; age += 1s) rate.look(start + age, 7);
  EXPECT_EQ(rate.per_second(start + 6s, 7), 0);
}

TEST(ReleaseRate, ForgetsWhatIsLongAgo) {
  ReleaseRate rate;
  rate.look(start, 0);
  EXPECT_EQ(rate.per_second(start + 1h, 1000), std::nullopt);
  rate.look(start + 1h, 1000);
  EXPECT_EQ(rate.per_second(start + 1h + 8s, 1800), 100);
}

}  // namespace
}  // namespace fulfilld
