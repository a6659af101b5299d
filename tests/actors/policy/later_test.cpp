// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/later.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace fulfilld {
namespace {

using namespace std::chrono_literals;

TEST(Later, IsExactForADelayThatOccurs) {
  for (const std::chrono::nanoseconds delay : {0ns, 1ns, 999999999ns, std::chrono::nanoseconds{240h}})
    EXPECT_EQ(later(MonotonicTime{1h}, delay), MonotonicTime{1h} + delay);
}

TEST(Later, IsTheEndOfTimeForAnyOther) {
  EXPECT_EQ(later(MonotonicTime{1h}, std::chrono::milliseconds::max()), MonotonicTime::max());
  EXPECT_EQ(later(MonotonicTime::max(), 1ns), MonotonicTime::max());
  EXPECT_EQ(later(MonotonicTime::max(), 0ns), MonotonicTime::max());
  using Nano = std::chrono::duration<double, std::nano>;
  EXPECT_EQ(later(MonotonicTime{1h}, Nano{std::numeric_limits<double>::infinity()}), MonotonicTime::max());
  EXPECT_EQ(later(MonotonicTime{1h}, Nano{std::numeric_limits<double>::quiet_NaN()}), MonotonicTime::max());
}

}  // namespace
}  // namespace fulfilld
