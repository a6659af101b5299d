// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fulfill/settings.hpp>
#include <string>

#include "../json_template.hpp"
#include "../text_template.hpp"

namespace {

using fulfill::Failed;
using fulfill::Json;
using fulfill::SettingError;
using fulfill::Settings;
using mapping::JsonTemplate;
using mapping::TextTemplate;

class Template : public testing::Test {
 protected:
  Template() {
    sources.add_answer("steps.0.name", "customer");
    values.add_answer("customer", Json{{"id", 42}});
  }

  auto text(const std::string& of) { return TextTemplate("s", of, sources).render(values); }
  auto json(const std::string& of) { return JsonTemplate::parse("s", of, sources).render(values); }
  std::string refusal(const std::string& of) {
    try {
      (void)TextTemplate("s", of, sources);
    } catch (const SettingError& error) {
      return error.what();
    }
    return "";
  }
  std::string code(const std::string& of) {
    try {
      (void)text(of);
    } catch (const Failed& failed) {
      return failed.code() + ": " + failed.message();
    }
    return "";
  }

  const Settings settings{"action", {}, {"key"}};
  const Json input = Json::parse(
      R"({"name":"Ada","age":36,"vip":true,"none":null,"lines":[{"sku":"lamp"}],"big":123456789012345678901234567890})");
  mapping::Sources sources{settings};
  mapping::Values values{input, [](std::string_view) { return std::string_view("s3cret"); }, "e-1"};
};

TEST_F(Template, PutsValuesOfAllSourcesIntoAText) {
  EXPECT_EQ(text("Hi {{/name}}, {{ /age }}, {{/vip}}, {{/lines/0/sku}}"), "Hi Ada, 36, true, lamp");
  EXPECT_EQ(text("{{input:/name}} {{customer:/id}} {{secret:key}} {{execution:id}}"), "Ada 42 s3cret e-1");
  EXPECT_EQ(text(""), "");
}

TEST_F(Template, TakesTheDefaultForWhatIsMissingOrNull) {
  EXPECT_EQ(text("{{/limit|10}} {{/none|a: b}} {{/name|x}} {{/gone|}}"), "10 a: b Ada ");
}

TEST_F(Template, IsLeftOutIfAnOptionalValueIsMissingOrNull) {
  EXPECT_EQ(text("x {{/gone?}}"), std::nullopt);
  EXPECT_EQ(text("x {{/none?}}"), std::nullopt);
  EXPECT_EQ(text("x {{/name?}}"), "x Ada");
}

TEST_F(Template, BlamesWhoeverGaveNoValue) {
  EXPECT_EQ(code("{{/gone}}"), "bad_input: the input's /gone is missing");
  EXPECT_EQ(code("{{/lines}}"), "bad_input: the input's /lines must be a text, a number or a boolean");
  EXPECT_EQ(code("{{customer:/name}}"), "backend_bad_answer: the answer's customer:/name is missing");
}

TEST_F(Template, PutsNoRoundedNumberIntoAText) { EXPECT_NE(code("{{/big}}").find("more digits"), std::string::npos); }

TEST_F(Template, IsRefusedIfItRefersToNothingThatThereCanBe) {
  EXPECT_EQ(refusal("{{/name"), "setting \"s\" has a {{ without }}");
  EXPECT_EQ(refusal("{{order:/id}}"), "setting \"s\" holds \"order:/id\", but no step before has the name \"order\"");
  EXPECT_EQ(refusal("{{secret:token}}"), "secret \"token\" is missing");
  EXPECT_EQ(refusal("{{execution:deadline}}"),
            "setting \"s\" holds \"execution:deadline\"; of the execution there is execution:id only");
  for (const char* wrong : {"{{}}", "{{name}}", "{{/a~}}", "{{?}}", "{{|x}}", "{{customer:id}}"})
    EXPECT_NE(refusal(wrong), "") << wrong;
}

TEST_F(Template, KeepsTheTypeOfAValueThatIsAWholeTextOfJson) {
  EXPECT_EQ(json(R"({"a":"{{/age}}","v":"{{/vip}}","l":"{{/lines}}","t":"{{/age}} years"})"),
            Json({{"a", 36}, {"v", true}, {"l", input["lines"]}, {"t", "36 years"}}));
  EXPECT_EQ(json("\"{{input:}}\""), input);
}

TEST_F(Template, KeepsWhatIsNoPlaceAsItIs) {
  EXPECT_EQ(json(R"(["x",1,null,{"a":[true]}])"), Json::parse(R"(["x",1,null,{"a":[true]}])"));
}

TEST_F(Template, CannotBeBrokenOutOfByAValue) {
  const Json hostile = {{"name", "x\",\"admin\":true,\"y\":\""}, {"place", "{{secret:key}}"}};
  mapping::Values given(
      hostile, [](std::string_view) { return std::string_view("s3cret"); }, "e-1");
  const auto rendered =
      JsonTemplate::parse("s", R"({"n":"{{/name}}","t":"Hi {{/name}}","p":"{{/place}}"})", sources).render(given);
  EXPECT_EQ(Json::parse(mapping::body_text(*rendered)),
            Json({{"n", hostile["name"]}, {"t", "Hi x\",\"admin\":true,\"y\":\""}, {"p", "{{secret:key}}"}}));
}

TEST_F(Template, LeavesOptionalMembersAndElementsOut) {
  EXPECT_EQ(json(R"({"a":"{{/gone?}}","b":["{{/none?}}","{{/age?}}"],"c":"x {{/gone?}}"})"), Json({{"b", {36}}}));
  EXPECT_EQ(json("\"{{/gone?}}\""), std::nullopt);
}

TEST_F(Template, ReadsTheDefaultOfAWholeTextAsJsonWhereItIsThat) {
  EXPECT_EQ(json(R"(["{{/x|10}}","{{/x|null}}","{{/x|none}}","{{/x|01}}","{{/x|\"10\"}}","n{{/x|10}}"])"),
            Json::parse(R"([10,null,"none","01","10","n10"])"));
}

TEST_F(Template, IsNoJsonWithABarePlaceNorWithAPlaceInAName) {
  EXPECT_THROW((void)json(R"({"a":{{/age}}})"), SettingError);
  EXPECT_THROW((void)json(R"({"{{/name}}":1})"), SettingError);
}

TEST_F(Template, MakesNoBodyOfMoreThanOneMebibyte) {
  EXPECT_EQ(mapping::body_text(std::string((1 << 20) - 2, 'x')).size(), 1U << 20);
  EXPECT_THROW((void)mapping::body_text(std::string((1 << 20) - 1, 'x')), Failed);
}

TEST_F(Template, SaysWhenASecretIsNoUtf8) {
  try {
    (void)mapping::body_text("\xFF\xFE");
    FAIL();
  } catch (const Failed& failed) {
    EXPECT_EQ(failed.code(), "bad_secret");
    EXPECT_EQ(failed.message().find('\xFF'), std::string::npos);
  }
}

}  // namespace
