// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/escaped_text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace fulfilld {
namespace {

/// The bytes, and how much of the text they took.
std::string meaning(std::string_view text) {
  const auto meant = unescape(text, 0);
  return std::string(meant.bytes.data(), meant.count) + " " + std::to_string(meant.length);
}

TEST(EscapedText, OfUrlsAndForms) {
  EXPECT_EQ(meaning("%2Bx"), "+ 3");
  EXPECT_EQ(meaning("%2b"), "+ 3");
  EXPECT_EQ(meaning("+"), "  1");
  EXPECT_EQ(meaning("%2"), " 0");
  EXPECT_EQ(meaning("%2g"), " 0");
}

TEST(EscapedText, OfJson) {
  EXPECT_EQ(meaning(R"(\"x)"), "\" 2");
  EXPECT_EQ(meaning(R"(\/)"), "/ 2");
  EXPECT_EQ(meaning(R"(\n)"), "\n 2");
  EXPECT_EQ(meaning(R"(\u003c)"), "< 6");
  EXPECT_EQ(meaning(R"(\u00E9)"), "\xc3\xa9 6");
  EXPECT_EQ(meaning(R"(\ud83d\ude00)"), "\xf0\x9f\x98\x80 12");
  EXPECT_EQ(meaning(R"(\x)"), " 0");
  EXPECT_EQ(meaning(R"(\u00)"), " 0");
  EXPECT_EQ(meaning("\\"), " 0");
}

TEST(EscapedText, OfMarkup) {
  EXPECT_EQ(meaning("&amp;x"), "& 5");
  EXPECT_EQ(meaning("&#39;"), "' 5");
  EXPECT_EQ(meaning("&#x2F;"), "/ 6");
  EXPECT_EQ(meaning("&nothing;"), " 0");
  EXPECT_EQ(meaning("&amp"), " 0");
  EXPECT_EQ(meaning("&#x110000;"), " 0");
  EXPECT_EQ(meaning("&;"), " 0");
}

TEST(EscapedText, IsNoneElsewhere) {
  EXPECT_EQ(meaning("a"), " 0");
  EXPECT_EQ(meaning(""), " 0");
  EXPECT_EQ(unescape("a%2B", 1).count, 1u);
  EXPECT_EQ(unescape("a%2B", 7).count, 0u);
}

}  // namespace
}  // namespace fulfilld
