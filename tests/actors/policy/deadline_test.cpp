// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/deadline.hpp"

#include <gtest/gtest.h>

namespace fulfilld {
namespace {

using namespace std::chrono_literals;

TEST(DeadlinePolicy, KeepsTimeForTheCallbackButNeverMoreThanATenth) {
  EXPECT_EQ((DeadlinePolicy{.limit = 60s, .reserve = 1s}.to_decide()), 59s);
  EXPECT_EQ((DeadlinePolicy{.limit = 10s, .reserve = 1s}.to_decide()), 9s);
  EXPECT_EQ((DeadlinePolicy{.limit = 5s, .reserve = 1s}.to_decide()), 4500ms);
  EXPECT_EQ((DeadlinePolicy{.limit = 1s, .reserve = 10min}.to_decide()), 900ms);
  EXPECT_EQ((DeadlinePolicy{.limit = 60s, .reserve = 0ms}.to_decide()), 60s);
}

}  // namespace
}  // namespace fulfilld
