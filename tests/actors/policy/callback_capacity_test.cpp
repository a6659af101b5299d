// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/callback_capacity.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace fulfilld {
namespace {

using namespace std::chrono_literals;

TEST(CallbackCapacity, IsTheRateTimesTheLifetimeAndTheBurst) {
  struct Case {
    Rate rate;
    std::chrono::milliseconds lifetime;
    std::size_t capacity;
  };
  for (const auto& [rate, lifetime, capacity] : {
           Case{{.count = 270, .period = 1min, .burst = 30}, 15min, 4080},
           Case{{.count = 300, .period = 1min, .burst = 0}, 1min, 600},
           Case{{.count = 0.5, .period = 1s, .burst = 0}, 10s, 6},
           Case{{.count = 1, .period = 1h, .burst = 0}, 100ms, 1},
       })
    EXPECT_EQ(callback_capacity(rate, lifetime), capacity) << rate.count;
}

TEST(CallbackCapacity, HasNoBoundWhereTheRateHasNone) {
  EXPECT_EQ(callback_capacity({}, 15min), std::numeric_limits<std::size_t>::max());
  EXPECT_EQ(callback_capacity({.count = 1e300, .period = 1ms, .burst = 0}, 24h),
            std::numeric_limits<std::size_t>::max());
}

}  // namespace
}  // namespace fulfilld
