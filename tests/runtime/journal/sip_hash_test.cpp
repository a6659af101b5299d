// SPDX-License-Identifier: Apache-2.0
#include "runtime/journal/sip_hash.hpp"

#include <gtest/gtest.h>

namespace fulfilld::journal {
namespace {

// Values of CPython 3.11, whose hash of bytes is SipHash-1-3 under a key of zeros with PYTHONHASHSEED=0.
TEST(SipHash, AgreesWithAnotherImplementation) {
  EXPECT_EQ(sip_hash({}, "a"), 0x407448d2b89b1813U);
  EXPECT_EQ(sip_hash({}, "abcdefg"), 0x6db12aae9070f506U);
  EXPECT_EQ(sip_hash({}, "abcdefgh"), 0x3f7b849c0b8e35eaU);
  EXPECT_EQ(sip_hash({}, "the quick brown fox jumps"), 0x00c98b97e4f70042U);
}

TEST(SipHash, DependsOnBothHalvesOfItsKey) {
  EXPECT_NE(sip_hash({1, 0}, "a"), sip_hash({}, "a"));
  EXPECT_NE(sip_hash({0, 1}, "a"), sip_hash({}, "a"));
}

}  // namespace
}  // namespace fulfilld::journal
