// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/blame.hpp"

#include <gtest/gtest.h>

namespace fulfilld {
namespace {

const LastProcess crashed_in_7_and_9{.known = true, .same_boot = true, .in_adapter_code = {7, 9}};

TEST(Blame, IsOnThoseWhoseAdapterWasAtWork) {
  const auto blame = blame_for(crashed_in_7_and_9);
  EXPECT_TRUE(blame.names(7));
  EXPECT_TRUE(blame.names(9));
  EXPECT_FALSE(blame.names(8));
}

TEST(Blame, IsOnWhoWasSeenToEndTheProcessAlone) {
  auto last = crashed_in_7_and_9;
  last.culprits = {9};
  const auto blame = blame_for(last);
  EXPECT_TRUE(blame.names(9));
  EXPECT_FALSE(blame.names(7)) << "it was merely at work, too";
}

TEST(Blame, IsOnEverybodyWhenNoAdapterWasAtWork) {
  auto last = crashed_in_7_and_9;
  last.in_adapter_code.clear();
  const auto blame = blame_for(last);
  EXPECT_EQ(blame.on, Blame::On::everybody);
  EXPECT_TRUE(blame.names(1));
}

TEST(Blame, IsOnNobodyAfterAnOrderlyEnd) {
  auto last = crashed_in_7_and_9;
  last.orderly = true;
  const auto blame = blame_for(last);
  EXPECT_EQ(blame.on, Blame::On::nobody);
  EXPECT_FALSE(blame.names(7));
}

TEST(Blame, IsOnNobodyWhenTheMachineWentDown) {
  auto last = crashed_in_7_and_9;
  last.same_boot = false;
  EXPECT_FALSE(blame_for(last).names(7));
  last.in_adapter_code.clear();
  EXPECT_FALSE(blame_for(last).names(7));
}

TEST(Blame, IsOnNobodyWhenNothingIsKnownOfAnEarlierProcess) {
  auto last = crashed_in_7_and_9;
  last.known = false;
  EXPECT_FALSE(blame_for(last).names(7));
  EXPECT_FALSE(blame_for({}).names(7));
}

TEST(Blame, NamesNobodyUnlessSaid) { EXPECT_FALSE(Blame{}.names(0)); }

}  // namespace
}  // namespace fulfilld
