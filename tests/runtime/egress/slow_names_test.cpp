// SPDX-License-Identifier: Apache-2.0
#include "runtime/egress/slow_names.hpp"

#include <gtest/gtest.h>

namespace fulfilld {
namespace {

using namespace std::chrono_literals;

TEST(SlowNames, AreThoseThatTookLongLastTime) {
  SlowNames names(2s);
  EXPECT_FALSE(names.contains("a"));
  names.looked_up("a", 2s - 1ns);
  EXPECT_FALSE(names.contains("a"));
  names.looked_up("a", 2s);
  EXPECT_TRUE(names.contains("a"));
  EXPECT_FALSE(names.contains("b"));
  names.looked_up("a", 1ms);
  EXPECT_FALSE(names.contains("a")) << "it came quickly again";
}

TEST(SlowNames, AreBounded) {
  SlowNames names(2s);
  for (std::size_t i = 0; i <= SlowNames::max_names; ++i) names.looked_up(std::to_string(i), 5s);
  EXPECT_TRUE(names.contains(std::to_string(SlowNames::max_names)));
  EXPECT_FALSE(names.contains("0"));
}

}  // namespace
}  // namespace fulfilld
