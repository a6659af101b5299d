// SPDX-License-Identifier: Apache-2.0
#include "runtime/journal/known_ids.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fulfilld::journal {
namespace {

TEST(ChainedId, IsTheSameForTheSameArgumentsOnly) {
  EXPECT_EQ(chained_id("a", "https://x/a", 1), chained_id("a", "https://x/a", 1));
  EXPECT_NE(chained_id("a", "https://x/a", 1), chained_id("a", "https://y/a", 1));
  EXPECT_NE(chained_id("a", "https://x/a", 1), chained_id("a", "https://x/a", 2));
}

TEST(ChainedId, AddsEightHexDigits) {
  EXPECT_THAT(chained_id("abc", "https://x/abc", 1), ::testing::MatchesRegex("abc-[0-9a-f]{8}"));
}

TEST(ChainedId, NeverGrowsBeyond128Characters) {
  EXPECT_EQ(chained_id(std::string(128, 'x'), "https://x/", 1).size(), 128U);
}

}  // namespace
}  // namespace fulfilld::journal
