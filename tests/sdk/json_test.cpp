// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <fulfill/adapter.hpp>
#include <fulfill/json.hpp>

#include <string>
#include <string_view>

namespace fulfill {
namespace {

template <typename Getter>
std::string failure(Getter getter) {
  try {
    getter();
  } catch (const Failed& failed) {
    return failed.code() + ": " + failed.message();
  }
  return "none";
}

Response json_answer(std::string_view body, std::string_view type = "application/json") {
  const fulfill_field field{{"content-type", 12}, {type.data(), type.size()}};
  fulfill_answer_v1 lent{};
  lent.status = 200;
  lent.fields = &field;
  lent.field_count = 1;
  lent.body = {body.data(), body.size()};
  return Response(lent);
}

TEST(InputJson, GivesTypedFieldsAndNamesTheOneThatIsWrong) {
  const Input input(R"({"s":"x","i":3,"d":1.5,"b":true,"u":18446744073709551615})", "default", "e-1");
  EXPECT_EQ(input.string("s"), "x");
  EXPECT_EQ(input.integer("i"), 3);
  EXPECT_EQ(input.number("d"), 1.5);
  EXPECT_EQ(input.number("i"), 3.0);
  EXPECT_TRUE(input.boolean("b"));
  EXPECT_EQ(failure([&] { (void)input.string("none"); }), "bad_input: the input has no field \"none\"");
  EXPECT_EQ(failure([&] { (void)input.string("i"); }),
            "bad_input: field \"i\" of the input must be a string, not number");
  EXPECT_NE(failure([&] { (void)input.integer("d"); }), "none");
  EXPECT_NE(failure([&] { (void)input.integer("u"); }), "none");
  EXPECT_NE(failure([&] { (void)input.boolean("s"); }), "none");
}

TEST(InputJson, RefusesFieldsOfAnInputThatIsNoObject) {
  EXPECT_EQ(failure([] { (void)Input("[1]", "default", "e-1").string("s"); }), "bad_input: the input is not an object");
}

TEST(InputJson, IsParsedOnce) {
  const Input input("{\"a\":[1]}", "default", "e-1");
  EXPECT_EQ(&input.json(), &input.json());
  EXPECT_EQ(input.json()["a"][0], 1);
}

TEST(InputJson, HasNumbersAsIntegersAndDoubles) {
  const Input input(R"({"i":-1,"u":18446744073709551615,"d":1.10,"big":89014103211118510720,"small":1e-400,"z":-0})",
                    "a", "e-1");
  EXPECT_EQ(input.json().dump(),
            R"({"big":8.901410321111851e+19,"d":1.1,"i":-1,"small":0.0,"u":18446744073709551615,"z":0})");
}

TEST(InputJson, SaysWhichNumberItCannotHold) {
  EXPECT_EQ(failure([] { (void)Input("[1,1e400,2e400]", "a", "e-1").json(); }),
            "bad_input: the input has a number that is beyond the largest double: 1e400");
}

TEST(InputJson, HasTheReplacementCharacterForHalfACharacter) {
  EXPECT_EQ(Input(R"({"s":"Hi \ud83d"})", "a", "e-1").string("s"), "Hi \xEF\xBF\xBD");
}

TEST(ResponseJson, IsDecoded) {
  EXPECT_EQ(json_answer("\xEF\xBB\xBF{\"a\":1}").json(), Json({{"a", 1}}));
  EXPECT_EQ(json_answer("[\"M\xFCller\"]", "application/json; charset=ISO-8859-1").json(), Json({"M\xC3\xBCller"}));
  EXPECT_EQ(json_answer("[\"\\ud83d\"]").json(), Json({"\xEF\xBF\xBD"}));
  EXPECT_EQ(failure([] { (void)json_answer("[\"\xFC\"]", "a/b; charset=x").json(); }),
            "backend_bad_answer: the backend's answer is in the charset \"x\", which cannot be decoded");
  EXPECT_EQ(failure([] { (void)json_answer("[\"\xFC\"]").json(); }),
            "backend_bad_answer: the backend's answer is not JSON: it is not UTF-8, and no other charset is named");
}

TEST(ResponseJson, KeepsTheLastMemberOfAName) {
  EXPECT_EQ(json_answer(R"({"a":{"b":1},"a":[2]})").json().dump(), R"({"a":[2]})");
}

TEST(ResponseJson, ThatIsNoneIsABadAnswerOfTheBackend) {
  EXPECT_EQ(json_answer("{\"a\":1}").json()["a"], 1);
  EXPECT_EQ(failure([] { (void)json_answer("<html>").json(); }),
            "backend_bad_answer: the backend's answer is not JSON");
  EXPECT_NE(failure([] { (void)json_answer("").json(); }), "none");
}

TEST(ResponseJson, ThatIsNestedTooDeepIsABadAnswerToo) {
  const auto nested = [](std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); };
  EXPECT_EQ(json_answer(nested(256)).json().dump(), nested(256));
  for (const std::size_t levels : {257UL, 500'000UL})
    EXPECT_EQ(failure([&] { (void)json_answer(nested(levels)).json(); }),
              "backend_bad_answer: the backend's answer is nested deeper than 256 levels");
  const std::string brackets_in_text = R"(["\\",")" + std::string(1000, '[') + R"(\"[",[]])";
  EXPECT_EQ(json_answer(brackets_in_text).json().size(), 3U);
}

TEST(ResultJson, IsMadeFromAValue) {
  const Result result = Json{{"name", "x"}};
  EXPECT_EQ(result.text(), "{\"name\":\"x\"}");
  EXPECT_FALSE(result.from_backend());
}

TEST(RequestJson, SendsAValue) {
  const Request request = post("/").json(Json{{"a", 1}});
  EXPECT_EQ(request.body(), "{\"a\":1}");
}

}  // namespace
}  // namespace fulfill
