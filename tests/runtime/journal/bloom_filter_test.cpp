// SPDX-License-Identifier: Apache-2.0
#include "runtime/journal/bloom_filter.hpp"

#include <gtest/gtest.h>

#include <random>

namespace fulfilld::journal {
namespace {

TEST(BloomFilter, NeverMissesAndSeldomLies) {
  constexpr int entries = 20000;
  std::mt19937_64 chance(2);
  BloomFilter filter(entries);
  std::mt19937_64 again = chance;
  for (int i = 0; i < entries; ++i) filter.insert(chance());
  for (int i = 0; i < entries; ++i) ASSERT_TRUE(filter.may_contain(again()));
  int false_hits = 0;
  for (int i = 0; i < entries; ++i) false_hits += filter.may_contain(chance()) ? 1 : 0;
  EXPECT_LT(false_hits, entries / 100);
}

TEST(BloomFilter, SurvivesItsBytes) {
  BloomFilter filter(100);
  filter.insert(42);
  const auto copy = BloomFilter::from_bytes(filter.bytes());
  EXPECT_TRUE(copy.may_contain(42));
  EXPECT_EQ(copy.bytes(), filter.bytes());
}

TEST(BloomFilter, RulesNothingOutWithoutUsableBytes) {
  EXPECT_TRUE(BloomFilter::from_bytes("").may_contain(1));
  EXPECT_TRUE(BloomFilter::from_bytes("123").may_contain(1));
}

}  // namespace
}  // namespace fulfilld::journal
