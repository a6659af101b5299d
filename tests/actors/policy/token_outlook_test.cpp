// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/token_outlook.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace fulfilld {
namespace {

using namespace std::chrono_literals;

constexpr MonotonicTime now{1h};
constexpr auto last_end = now + 10s;

TEST(WorthWaiting, WhileNothingHasGoneWrong) { EXPECT_TRUE(worth_waiting({}, now, false)); }

TEST(WorthWaiting, WhileAFetchCanBeInTime) {
  EXPECT_TRUE(worth_waiting({.problem = "503", .next_fetch = last_end - 1ns}, last_end, false));
  EXPECT_FALSE(worth_waiting({.problem = "503", .next_fetch = last_end}, last_end, false));
}

TEST(WorthWaiting, NotForAnEndpointThatRefusesForGood) {
  EXPECT_FALSE(worth_waiting({.problem = "401", .hopeless = true, .next_fetch = now}, last_end, false));
}

TEST(WorthWaiting, AlwaysForWhoIsPatient) {
  EXPECT_TRUE(worth_waiting({.problem = "401", .hopeless = true, .next_fetch = last_end + 1h}, last_end, true));
}

}  // namespace
}  // namespace fulfilld
