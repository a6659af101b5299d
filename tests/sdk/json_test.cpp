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

Response answer(std::string_view body) {
  fulfill_answer_v1 lent{};
  lent.status = 200;
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

TEST(ResponseJson, ThatIsNoneIsABadAnswerOfTheBackend) {
  EXPECT_EQ(answer("{\"a\":1}").json()["a"], 1);
  EXPECT_EQ(failure([] { (void)answer("<html>").json(); }), "backend_bad_answer: the backend's answer is not JSON");
  EXPECT_NE(failure([] { (void)answer("").json(); }), "none");
}

TEST(ResponseJson, ThatIsNestedTooDeepIsABadAnswerToo) {
  const auto nested = [](std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); };
  EXPECT_EQ(answer(nested(256)).json().dump(), nested(256));
  for (const std::size_t levels : {257UL, 500'000UL})
    EXPECT_EQ(failure([&] { (void)answer(nested(levels)).json(); }),
              "backend_bad_answer: the backend's answer is nested deeper than 256 levels");
  const std::string brackets_in_text = R"(["\\",")" + std::string(1000, '[') + R"(\"[",[]])";
  EXPECT_EQ(answer(brackets_in_text).json().size(), 3U);
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
