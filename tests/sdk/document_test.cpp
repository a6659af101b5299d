// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <fulfill/document.hpp>
#include <fulfill/input.hpp>

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace fulfill {
namespace {

/// What is written of what was read.
std::string again(std::string_view json) {
  const auto document = Document::parse(json);
  return document ? document->dump() : "not JSON";
}

TEST(Document, KeepsTheDigitsOfNumbers) {
  for (const char* number : {"1.10", "1.0", "-0", "89014103211118510720", "12345678901234567.89", "1e400", "-1E-400",
                             "0.1000000000000000055511151231257827", "1E5", "1e+5", "18446744073709551616"})
    EXPECT_EQ(again(number), number);
  EXPECT_EQ(again(R"([1.10,{"a":1e400}])"), R"([1.10,{"a":1e400}])");
}

TEST(JsonNumber, MeasuresByTheGrammar) {
  using detail::json_number_length;
  for (const std::string_view number :
       {"0", "-0", "10", "1.5", "1e400", "-1.5E-07", "123456789012345678901234567890"}) {
    EXPECT_EQ(json_number_length(number), number.size()) << number;
    EXPECT_EQ(json_number_length(std::string(number) + ","), number.size()) << number;
  }
  for (const std::string_view none : {"", "-", "+1", ".5", "1.", "1e", "1e+", "-a"})
    EXPECT_EQ(json_number_length(none), 0u) << none;
  EXPECT_EQ(json_number_length("01"), 1u);
}

TEST(Document, KeepsTheOrderOfMembersAndTakesTheLastOfAName) {
  EXPECT_EQ(again(R"({ "b" : 1 , "a" : [ true , null , false ] })"), R"({"b":1,"a":[true,null,false]})");
  EXPECT_EQ(Document::parse(R"({"a":1,"a":2})")->find("a")->digits(), "2");
}

TEST(Document, ReadsAndWritesTexts) {
  EXPECT_EQ(Document::parse(R"("\"\\\/\b\f\n\r\t\u0041\u00e9\ud83d\ude00")")->text(),
            "\"\\/\b\f\n\r\tA\xC3\xA9\xF0\x9F\x98\x80");
  EXPECT_EQ(again(R"("\"\\\/\b\f\n\r\t\u0001")"), R"("\"\\/\b\f\n\r\t\u0001")");
  EXPECT_EQ(again("\"\xC3\xA9 and plain text of some length \xF0\x9F\x98\x80\""),
            "\"\xC3\xA9 and plain text of some length \xF0\x9F\x98\x80\"");
  EXPECT_EQ(Document::parse(R"("a\u0000b")")->text(), std::string("a\0b", 3));
}

TEST(Document, HasTheReplacementCharacterForHalfACharacter) {
  EXPECT_EQ(Document::parse(R"("Hi \ud83d")")->text(), "Hi \xEF\xBF\xBD");
  EXPECT_EQ(Document::parse(R"("\ude00\ud83dx\ud83d\ud83d\ude00")")->text(),
            "\xEF\xBF\xBD\xEF\xBF\xBDx\xEF\xBF\xBD\xF0\x9F\x98\x80");
  EXPECT_EQ(again(R"({"\ud83d":"\uDE00"})"), "{\"\xEF\xBF\xBD\":\"\xEF\xBF\xBD\"}");
}

TEST(Document, PassesOverAByteOrderMark) {
  EXPECT_EQ(again("\xEF\xBB\xBF{\"a\":1}"), R"({"a":1})");
  EXPECT_EQ(again("\xEF\xBB\xBF"), "not JSON");
  EXPECT_EQ(again("{\xEF\xBB\xBF}"), "not JSON");
}

TEST(Document, IsNothingElseThanJson) {
  for (const char* scalar : {"", " ", "nul", "nulll", "True", "01", "-", "+1", "1.", ".5", "1e", "0x1", "NaN", "1 2"})
    EXPECT_EQ(again(scalar), "not JSON") << scalar;
  for (const char* array : {"[", "]", "[1", "[1,]", "[,1]", "[1 2]", "[}", "[]]", "// x\n1"})
    EXPECT_EQ(again(array), "not JSON") << array;
  for (const char* object : {"{", "{]", R"({"a"})", R"({"a":})", R"({"a":1,})", "{a:1}", "{1:2}", R"({"a":1 "b":2})"})
    EXPECT_EQ(again(object), "not JSON") << object;
  EXPECT_EQ(again(std::string_view("1\0", 2)), "not JSON");
}

TEST(Document, HasTextsThatAreWellFormedUtf8) {
  for (const char* text :
       {"\"", "\"a", "'a'", R"("\x")", R"("\u12")", R"("\u123g")", "\"\\", "\"a\nb\"", "\"01234567\x01\""})
    EXPECT_EQ(again(text), "not JSON") << text;
  for (const char* bytes : {"\xFF", "\xC0\xAF", "\xED\xA0\xBD", "\xF4\x90\x80\x80", "\xC3", "01234567\xC3"})
    EXPECT_EQ(again("\"" + std::string(bytes) + "\""), "not JSON") << bytes;
}

TEST(Document, SaysWhyItIsNone) {
  using detail::json_problem;
  using detail::JsonProblem;
  EXPECT_EQ(json_problem("{}"), JsonProblem::none);
  EXPECT_EQ(json_problem("<html>"), JsonProblem::not_json);
  EXPECT_EQ(json_problem("\"M\xFCller\""), JsonProblem::not_utf8);
  EXPECT_EQ(json_problem(std::string(1'000'000, '[')), JsonProblem::too_deep);
}

TEST(Document, IsNested256LevelsDeepAtMost) {
  const auto nested = [](std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); };
  EXPECT_EQ(again(nested(256)), nested(256));
  EXPECT_EQ(again(nested(257)), "not JSON");
  EXPECT_EQ(again("[" + nested(255) + "," + nested(255) + "]"), "[" + nested(255) + "," + nested(255) + "]");
}

TEST(Document, GivesTheValueOfANumberOnRequest) {
  const auto integer = [](std::string_view number) { return Document::number(number).integer(); };
  EXPECT_EQ(integer("12"), 12);
  EXPECT_EQ(integer("-12.0"), -12);
  EXPECT_EQ(integer("1.20e1"), 12);
  EXPECT_EQ(integer("120E-1"), 12);
  EXPECT_EQ(integer("9223372036854775807"), INT64_MAX);
  EXPECT_EQ(integer("9007199254740993.0"), 9007199254740993);
  for (const char* none : {"12.5", "9223372036854775808", "1e400", "1e-400", "89014103211118510720", "1e99999999999"})
    EXPECT_EQ(integer(none), std::nullopt) << none;
  EXPECT_EQ(Document("12").integer(), std::nullopt);

  EXPECT_EQ(Document::number("59.80").real(), 59.8);
  EXPECT_EQ(Document::number("1e-400").real(), 0.0);
  EXPECT_EQ(Document::number("1e400").real(), std::nullopt);
  EXPECT_EQ(Document(true).real(), std::nullopt);
}

TEST(Document, IsPutTogether) {
  Document order = Document::object();
  order.add("iccid", Document::number("89014103211118510720"));
  order.add("lines", Document::array());
  order.find("lines")->push_back(Document("lamp \"small\""));
  order.find("lines")->push_back(Document(2));
  order.add("paid", Document(false));
  order.add("note", Document());
  EXPECT_EQ(order.dump(), R"({"iccid":89014103211118510720,"lines":["lamp \"small\"",2],"paid":false,"note":null})");
  EXPECT_EQ(Document::parse(order.dump()), order);
  EXPECT_THROW((void)Document::number("1.10 "), std::invalid_argument);
  EXPECT_THROW((void)Document::number(""), std::invalid_argument);
}

TEST(Document, FindsNothingWhereThereIsNothing) {
  const auto document = Document::parse(R"({"list":[1]})").value();
  EXPECT_EQ(document.find("lis"), nullptr);
  EXPECT_EQ(document.find(0), nullptr);
  EXPECT_EQ(document.find("list")->find(0)->digits(), "1");
  EXPECT_EQ(document.find("list")->find(1), nullptr);
  EXPECT_EQ(document.find("list")->find("0"), nullptr);
}

TEST(InputDocument, HasTheDigitsThatCame) {
  const Input input(R"({"iccid":89014103211118510720,"amount":1.10})", "default", "e-1");
  EXPECT_EQ(input.document().find("iccid")->digits(), "89014103211118510720");
  EXPECT_EQ(input.document().find("amount")->digits(), "1.10");
  EXPECT_EQ(&input.document(), &input.document()) << "parsed once";
}

}  // namespace
}  // namespace fulfill
