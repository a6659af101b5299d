// SPDX-License-Identifier: Apache-2.0
#include "../json_answer.hpp"

#include <gtest/gtest.h>

#include <fulfill/abi.h>
#include <string>
#include <string_view>

namespace {

using fulfill::Failed;

fulfill::Response answer(std::string_view body, std::string_view type = "application/json") {
  const fulfill_field field{{"Content-Type", 12}, {type.data(), type.size()}};
  fulfill_answer_v1 lent{};
  lent.status = 200;
  lent.fields = &field;
  lent.field_count = 1;
  lent.body = {body.data(), body.size()};
  return fulfill::Response(lent);
}

std::string json(std::string_view body, std::string_view type = "application/json") {
  return mapping::json_of(answer(body, type)).dump();
}
std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(JsonAnswer, IsNullIfThereIsNone) {
  for (const char* nothing : {"", " \r\n", "\xEF\xBB\xBF"}) EXPECT_EQ(json(nothing), "null");
}

TEST(JsonAnswer, MayBeNested256LevelsDeep) {
  EXPECT_EQ(json(nested(256)), nested(256));
  EXPECT_THROW(json(nested(257)), Failed);
  EXPECT_THROW(json(std::string(1'000'000, '[')), Failed);
  EXPECT_TRUE(mapping::json_or_null(answer(nested(257))).is_null());
}

TEST(JsonAnswer, DoesNotCountBracketsInTexts) {
  const std::string brackets(1000, '[');
  EXPECT_EQ(json("\"\\\"" + brackets + "\""), "\"\\\"" + brackets + "\"");
}

TEST(JsonAnswer, IsDecoded) {
  EXPECT_EQ(json("\xEF\xBB\xBF[1]"), "[1]");
  EXPECT_EQ(json("[\"M\xFCller\"]", "application/json; charset=ISO-8859-1"), "[\"M\xC3\xBCller\"]");
  EXPECT_EQ(json(std::string_view("[\0\"\0\xE4\0\"\0]\0", 10), "application/json;charset=utf-16"), "[\"\xC3\xA4\"]");
}

TEST(JsonAnswer, IsNoOtherText) {
  for (const char* text : {"<html>", "{", "1 2", "\"\xFF\"", "\"\\"}) {
    EXPECT_THROW(json(text), Failed) << text;
    EXPECT_TRUE(mapping::json_or_null(answer(text)).is_null()) << text;
  }
}

TEST(JsonAnswer, SaysWhatCameInPlaceOfIt) {
  const auto problem = [](std::string_view type) {
    try {
      mapping::json_of(answer("<html>", type));
    } catch (const Failed& failed) {
      return failed.message();
    }
    return std::string("it was taken");
  };
  EXPECT_EQ(problem("text/html; charset=utf-8"), "the backend's answer is not JSON but text/html, status 200");
  for (const char* type : {"", "application/json", "application/problem+JSON; x=y"})
    EXPECT_EQ(problem(type), "the backend's answer is not JSON") << type;
}

TEST(Excerpt, IsOfOneLineAndBoundedAndEndsWithAWholeCharacter) {
  EXPECT_EQ(mapping::excerpt("a\r\nb"), "a  b");
  const std::string long_text = std::string(299, 'x') + "\xC3\xA9" + "tail";
  EXPECT_EQ(mapping::excerpt(long_text), std::string(299, 'x'));
}

}  // namespace
