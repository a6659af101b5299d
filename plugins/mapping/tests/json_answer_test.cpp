// SPDX-License-Identifier: Apache-2.0
#include "../json_answer.hpp"

#include <gtest/gtest.h>

#include <fulfill/error.hpp>

namespace {

using fulfill::Failed;
using fulfill::Json;
using mapping::parse_answer;

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(JsonAnswer, IsNullIfThereIsNone) {
  EXPECT_EQ(parse_answer(""), Json(nullptr));
  EXPECT_EQ(parse_answer(" \r\n"), Json(nullptr));
}

TEST(JsonAnswer, MayBeNested256LevelsDeep) {
  EXPECT_TRUE(parse_answer(nested(256)).is_array());
  EXPECT_THROW(parse_answer(nested(257)), Failed);
  EXPECT_THROW(parse_answer(std::string(1'000'000, '[')), Failed);
  EXPECT_EQ(mapping::json_or_null(nested(257)), Json(nullptr));
}

TEST(JsonAnswer, DoesNotCountBracketsInTexts) {
  const std::string brackets(1000, '[');
  EXPECT_EQ(parse_answer("\"\\\"" + brackets + "\""), Json("\"" + brackets));
}

TEST(JsonAnswer, IsNoOtherText) {
  for (const char* text : {"<html>", "{", "1 2", "\"\xFF\"", "1e999", "\"\\"}) {
    EXPECT_THROW(parse_answer(text), Failed) << text;
    EXPECT_EQ(mapping::json_or_null(text), Json(nullptr)) << text;
  }
}

TEST(Excerpt, IsOfOneLineAndBoundedAndEndsWithAWholeCharacter) {
  EXPECT_EQ(mapping::excerpt("a\r\nb"), "a  b");
  const std::string long_text = std::string(299, 'x') + "\xC3\xA9" + "tail";
  EXPECT_EQ(mapping::excerpt(long_text), std::string(299, 'x'));
}

}  // namespace
