// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/base64.hpp"

#include <gtest/gtest.h>

#include <string>

namespace fulfilld {
namespace {

// RFC 4648, 10.
TEST(Base64, IsThatOfTheStandard) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
}

TEST(Base64, ComesBack) {
  for (const std::string text : {"", "f", "fo", "foo", "foob", "fooba", "foobar", "\xff\xfe\xfd?>"})
    EXPECT_EQ(from_base64(base64(text)), text);
  EXPECT_EQ(from_base64("_-8"), from_base64("/+8=")) << "the alphabet of URLs, without padding";
  EXPECT_EQ(from_base64("Zg=x"), std::nullopt);
  EXPECT_EQ(from_base64("Z"), std::nullopt);
}

TEST(Base64, OfALongerTextHoldsWhatStandsWithin) {
  const std::string secret = "pa55w0rd+/";
  for (std::size_t before = 0; before < 9; ++before)
    for (const std::string after : {"", "x", "xy", "xyz"}) {
      const auto whole = base64(std::string(before, 'u') + secret + after);
      const auto within = base64_within(secret, before % 3);
      EXPECT_GE(within.size(), secret.size());
      EXPECT_NE(whole.find(within), std::string::npos) << before << after;
    }
}

}  // namespace
}  // namespace fulfilld
