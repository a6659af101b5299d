// SPDX-License-Identifier: Apache-2.0
#include "runtime/ingress/execute_body.hpp"

#include <gtest/gtest.h>

#include <string>

namespace fulfilld {
namespace {

/// Parses text that has its padding, and only that.
class ExecuteBodyTest : public testing::Test {
 protected:
  ExecuteBody parse(std::string_view text) {
    text_ = text;
    text_.reserve(text_.size() + ExecuteBodyParser::padding);
    return parser_.parse(text_);
  }

  ExecuteBody with_data(std::string_view data) {
    return parse(R"({"fulfillmentUrl":"u","data":)" + std::string(data) + "}");
  }

  ExecuteBodyParser parser_;
  std::string text_;
};

TEST_F(ExecuteBodyTest, FindsTheMembersInAnyOrderAmongOthers) {
  const auto body =
      parse(R"( {"x":{"data":1},"data":{"n":[1,2]},"y":[{}],"fulfillmentToken":"t","fulfillmentUrl":"u"} )");
  EXPECT_EQ(body.problem, Reason::none);
  EXPECT_EQ(body.fulfillment_url, "u");
  EXPECT_EQ(body.fulfillment_token, "t");
  EXPECT_EQ(body.data, R"({"n":[1,2]})");
}

TEST_F(ExecuteBodyTest, TakesAnyValueAsDataButNull) {
  for (const std::string_view data : {"{}", "[]", "0", "-0", "false", "true", R"("")", R"("}\"]")", "1E+400", "0.10",
                                      "18446744073709551616", "-9223372036854775809", "[1e999, {\"a\":1e-999}]"}) {
    const auto body = with_data(data);
    EXPECT_EQ(body.problem, Reason::none) << data;
    EXPECT_EQ(body.data, data);
    EXPECT_EQ(with_data(" \t" + std::string(data) + "\r\n ").data, data);
  }
  EXPECT_EQ(with_data("null").problem, Reason::missing_field);
}

TEST_F(ExecuteBodyTest, UnescapesKeysAndStrings) {
  const auto body = parse("{\"fulfillment\\u0055rl\":\"https:\\/\\/h\\/\",\"d\\u0061ta\":\"\\u0041\"}");
  EXPECT_EQ(body.problem, Reason::none);
  EXPECT_EQ(body.fulfillment_url, "https://h/");
  EXPECT_EQ(body.data, "\"\\u0041\"");
}

TEST_F(ExecuteBodyTest, TakesNoTokenForAnEmptyOne) {
  EXPECT_EQ(parse(R"({"fulfillmentUrl":"u","data":1})").fulfillment_token, "");
  EXPECT_EQ(parse(R"({"fulfillmentUrl":"u","data":1,"fulfillmentToken":null})").fulfillment_token, "");
}

TEST_F(ExecuteBodyTest, RefusesAWrongTypeByName) {
  for (const auto& [text, detail] : {
           std::pair{R"({"fulfillmentUrl":1,"data":1})", "fulfillmentUrl is not a string"},
           std::pair{R"({"fulfillmentUrl":"","data":1})", "fulfillmentUrl is empty"},
           std::pair{R"({"fulfillmentUrl":"u","data":1,"fulfillmentToken":{}})", "fulfillmentToken is not a string"},
           std::pair{R"({"fulfillmentUrl":"u"})", "data is missing"},
           std::pair{R"(["fulfillmentUrl"])", "The body is not a JSON object"},
       }) {
    const auto body = parse(text);
    EXPECT_EQ(body.problem, Reason::missing_field) << text;
    EXPECT_EQ(body.detail, detail);
  }
}

TEST_F(ExecuteBodyTest, RefusesATokenThatCouldForgeAHeader) {
  for (const std::string& token : {std::string("a\\r\\nX: 1"), std::string("a b"), std::string("\\u00e9"),
                                   std::string("\\u0000"), std::string(8193, 'x')}) {
    EXPECT_EQ(parse(R"({"fulfillmentUrl":"u","data":1,"fulfillmentToken":")" + token + "\"}").problem,
              Reason::missing_field);
  }
}

TEST_F(ExecuteBodyTest, PassesHalfOfASurrogatePairOnByteForByte) {
  for (const std::string_view data :
       {R"("call me \ud83d")", R"({"a":"\uDE00\ud83d\uDe00","b":1e400})", R"("\\\ud83d\\ude00")",
        R"("\ud83d\ud83d\ude00")", R"({"\udfff":["\uD800\u0041"]})", R"("\ud83d\n")", R"("\ude00")"}) {
    const auto body = with_data(data);
    EXPECT_EQ(body.problem, Reason::none) << data << body.detail;
    EXPECT_EQ(body.data, data);
  }
  const auto beside = parse(R"({"\ud800":"\udbff","data":[99999999999999999999,"x"],"fulfillmentUrl":"u"})");
  EXPECT_EQ(beside.problem, Reason::none);
  EXPECT_EQ(beside.data, R"([99999999999999999999,"x"])");
}

TEST_F(ExecuteBodyTest, RefusesHalfOfASurrogatePairInWhatItPicks) {
  for (const std::string_view half : {R"(\ud83d)", R"(\ude00)"}) {
    const auto in_url = parse(R"({"fulfillmentUrl":"https://h/)" + std::string(half) + R"(","data":"\ud800"})");
    EXPECT_EQ(in_url.problem, Reason::malformed_json) << half;
    EXPECT_EQ(in_url.detail, "fulfillmentUrl has half of a surrogate pair");
    const auto in_token =
        parse(R"({"fulfillmentUrl":"u","data":"\ud800","fulfillmentToken":")" + std::string(half) + R"("})");
    EXPECT_EQ(in_token.problem, Reason::malformed_json) << half;
  }
  EXPECT_EQ(parse(R"({"fulfillmentUrl":"u","d\ud800ata":1})").problem, Reason::missing_field);
}

TEST_F(ExecuteBodyTest, RefusesWhatOnlyLooksLikeHalfOfASurrogatePair) {
  for (const std::string_view data :
       {R"("\ud83")", R"("\ud8zz")", R"("\ud83d\")", "\"\xed\xa0\xbd\"", R"(\ud83d)", R"("\ud83d" x)", "\"\\ud83d\n\""})
    EXPECT_EQ(with_data(data).problem, Reason::malformed_json) << data;
}

TEST_F(ExecuteBodyTest, PassesAByteOrderMarkOver) {
  const auto body = parse("\xef\xbb\xbf{\"fulfillmentUrl\":\"u\",\"data\":{\"a\":1}}");
  EXPECT_EQ(body.problem, Reason::none);
  EXPECT_EQ(body.data, R"({"a":1})");
  EXPECT_EQ(parse("\xef\xbb\xbf").problem, Reason::missing_field);
  EXPECT_EQ(parse("\xef\xbb\xbf\xef\xbb\xbf{}").problem, Reason::malformed_json) << "one is a mark, two are not";
  EXPECT_EQ(parse(" \xef\xbb\xbf{}").problem, Reason::malformed_json);
}

TEST_F(ExecuteBodyTest, PassesDigitsOnAsTheyCame) {
  for (const std::string& data :
       {std::string("89014103211118510720"), std::string("-89014103211118510720"), std::string("1.10"),
        std::string("123456789012345678.90"), std::string("1e400"), std::string("-1E-400"), std::string("0.1e+0001"),
        std::string("1e99999999999999999999"), std::string("-0.0"), std::string(5000, '9'),
        "0." + std::string(5000, '0') + "1", std::string("[1e400,{\"a\":\"1e400\",\"b\":18446744073709551616}]")}) {
    const auto body = with_data(data);
    EXPECT_EQ(body.problem, Reason::none) << data;
    EXPECT_EQ(body.data, data);
  }
}

TEST_F(ExecuteBodyTest, CountsSixtyFourLevels) {
  const auto nested = [](int levels) {
    std::string text;
    for (int i = 0; i < levels; ++i) text += i % 2 == 0 ? "[" : "{\"a\":";
    if (levels % 2 == 0) text += "1";
    for (int i = levels - 1; i >= 0; --i) text += i % 2 == 0 ? ']' : '}';
    return text;
  };
  EXPECT_EQ(with_data(nested(63)).problem, Reason::none);
  EXPECT_EQ(with_data(nested(64)).problem, Reason::nested_too_deep);
}

TEST_F(ExecuteBodyTest, StaysRightWhateverTheSizesBefore) {
  for (const std::size_t size : {10, 5000, 70000, 20, 4096, 1000000, 30}) {
    const auto data = '"' + std::string(size, 'x') + '"';
    EXPECT_TRUE(with_data(data).data == data) << size;
    EXPECT_EQ(with_data("{").problem, Reason::malformed_json);
  }
}

TEST_F(ExecuteBodyTest, NeverReadsBehindTruncatedText) {
  const std::string whole =
      R"({"fulfillmentUrl":"u\u0041","fulfillmentToken":"t","data":{"a":[1e400,true,null,"\n"]}})";
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_NE(parse(whole.substr(0, size)).problem, Reason::none) << size;
  EXPECT_EQ(parse(whole).problem, Reason::none);
}

}  // namespace
}  // namespace fulfilld
