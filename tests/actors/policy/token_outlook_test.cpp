// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/token_outlook.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "tests/actors/doubles/virtual_time.hpp"

namespace fulfilld {
namespace {

using namespace std::chrono_literals;
using test::start;

constexpr auto last_end = start + 10s;

TEST(WorthWaiting, WhileNothingHasGoneWrong) { EXPECT_TRUE(worth_waiting({}, start, false)); }

TEST(WorthWaiting, WhileAFetchCanBeInTime) {
  EXPECT_TRUE(worth_waiting({.problem = "503", .next_fetch = last_end - 1ns}, last_end, false));
  EXPECT_FALSE(worth_waiting({.problem = "503", .next_fetch = last_end}, last_end, false));
}

TEST(WorthWaiting, NotForAnEndpointThatRefusesForGood) {
  EXPECT_FALSE(worth_waiting({.problem = "401", .hopeless = true, .next_fetch = start}, last_end, false));
}

TEST(WorthWaiting, AlwaysForWhoIsPatient) {
  EXPECT_TRUE(worth_waiting({.problem = "401", .hopeless = true, .next_fetch = last_end + 1h}, last_end, true));
}

}  // namespace
}  // namespace fulfilld
