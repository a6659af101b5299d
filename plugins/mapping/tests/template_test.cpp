// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fulfill/document.hpp>
#include <fulfill/error.hpp>
#include <fulfill/settings.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../json_template.hpp"
#include "../text_template.hpp"

namespace {

using fulfill::Document;
using fulfill::Failed;
using fulfill::SettingError;
using fulfill::Settings;
using mapping::JsonTemplate;
using mapping::TextTemplate;

class Template : public testing::Test {
 protected:
  Template() {
    sources.add_answer("steps.0.name", "customer");
    values.add_answer("customer", Document::parse(R"({"id":42})").value(), false);
  }

  auto text(const std::string& of) { return TextTemplate("s", of, sources).render(values); }
  /// What it makes; `nothing` if all of it is left out.
  std::string json(const std::string& of) {
    const auto rendered = JsonTemplate::parse("s", of, sources).render(values);
    return rendered ? rendered->dump() : "nothing";
  }
  auto each(const std::string& of) { return TextTemplate("s", of, sources).render_each(values); }
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
  const std::string input_text =
      R"({"name":"Ada","age":36,"vip":true,"none":null,"lines":[{"sku":"lamp"}],"big":123456789012345678901234567890,)"
      R"("price":1.10,"huge":1e400,"tags":["a","b&c",7],"holes":["a",null],"cut":"Hi \ud83d"})";
  const Document input = Document::parse(input_text).value();
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

TEST_F(Template, PutsTheDigitsOfANumberIntoAText) {
  EXPECT_EQ(text("{{/big}} {{/price}} {{/huge}}"), "123456789012345678901234567890 1.10 1e400");
}

TEST_F(Template, PutsTheDigitsOfANumberIntoJson) {
  EXPECT_EQ(json(R"(["{{/big}}","{{/price}}","{{/huge}}","{{/x|1.10}}",2.50,"n{{/price}}"])"),
            R"([123456789012345678901234567890,1.10,1e400,1.10,2.50,"n1.10"])");
}

TEST_F(Template, HasTheReplacementCharacterForHalfACharacter) {
  EXPECT_EQ(text("{{/cut}}"), "Hi \xEF\xBF\xBD");
  EXPECT_EQ(json("\"{{/cut}}\""), "\"Hi \xEF\xBF\xBD\"");
}

TEST_F(Template, TakesTheEmptyPointerForAllOfIt) {
  EXPECT_EQ(json("\"{{}}\""), input.dump());
  EXPECT_EQ(json("\"{{?}}\""), input.dump());
  EXPECT_EQ(json("\"{{customer:}}\""), R"({"id":42})");
  EXPECT_EQ(code("{{}}"), "bad_input: the input as a whole must be a text, a number or a boolean");
}

TEST_F(Template, MakesATextOfEachElementOfAListThatIsAllOfIt) {
  using Texts = std::vector<std::string>;
  EXPECT_EQ(each("{{/tags}}"), (Texts{"a", "b&c", "7"}));
  EXPECT_EQ(each("{{/name}}"), Texts{"Ada"});
  EXPECT_EQ(each("{{/gone?}}"), Texts{});
  EXPECT_EQ(each("{{/gone|x}}"), Texts{"x"});
  EXPECT_EQ(each("{{/holes?}}"), Texts{"a"});
  EXPECT_EQ(each("{{/holes|x}}"), (Texts{"a", "x"}));
  EXPECT_EQ(each("{{secret:key}}"), Texts{"s3cret"});
  EXPECT_EQ(each("is {{/name}}"), Texts{"is Ada"});
  const auto failure = [&](const std::string& of) {
    try {
      (void)each(of);
    } catch (const Failed& failed) {
      return failed.message();
    }
    return std::string();
  };
  EXPECT_EQ(failure("{{/holes}}"), "the input's /holes has an element that is null");
  EXPECT_EQ(failure("{{/lines}}"), "the input's /lines must be a list of texts, numbers and booleans");
  EXPECT_EQ(failure("is {{/tags}}"), "the input's /tags must be a text, a number or a boolean");
}

TEST_F(Template, IsRefusedIfItRefersToNothingThatThereCanBe) {
  EXPECT_EQ(refusal("{{/name"), "setting \"s\" has a {{ without }}");
  EXPECT_EQ(refusal("{{order:/id}}"), "setting \"s\" holds \"order:/id\", but no step before has the name \"order\"");
  EXPECT_EQ(refusal("{{secret:token}}"), "secret \"token\" is missing");
  EXPECT_EQ(refusal("{{execution:deadline}}"),
            "setting \"s\" holds \"execution:deadline\"; of the execution there is execution:id only");
  for (const char* wrong : {"{{name}}", "{{/a~}}", "{{customer:id}}"}) EXPECT_NE(refusal(wrong), "") << wrong;
}

TEST_F(Template, KeepsTheTypeOfAValueThatIsAWholeTextOfJson) {
  EXPECT_EQ(json(R"({"a":"{{/age}}","v":"{{/vip}}","l":"{{/lines}}","t":"{{/age}} years"})"),
            R"({"a":36,"v":true,"l":[{"sku":"lamp"}],"t":"36 years"})");
  EXPECT_EQ(json("\"{{input:}}\""), input.dump());
}

TEST_F(Template, KeepsWhatIsNoPlaceAsItIs) {
  EXPECT_EQ(json(R"(["x",1.0,null,{"b":[true],"a":1}])"), R"(["x",1.0,null,{"b":[true],"a":1}])");
  EXPECT_EQ(json(R"({"a":1,"a":2})"), R"({"a":2})");
}

TEST_F(Template, CannotBeBrokenOutOfByAValue) {
  const std::string text = R"({"name":"x\",\"admin\":true,\"y\":\"","place":"{{secret:key}}"})";
  const Document hostile = Document::parse(text).value();
  mapping::Values given(
      hostile, [](std::string_view) { return std::string_view("s3cret"); }, "e-1");
  const auto rendered =
      JsonTemplate::parse("s", R"({"n":"{{/name}}","t":"Hi {{/name}}","p":"{{/place}}"})", sources).render(given);
  EXPECT_EQ(mapping::body_text(*rendered),
            R"({"n":"x\",\"admin\":true,\"y\":\"","t":"Hi x\",\"admin\":true,\"y\":\"","p":"{{secret:key}}"})");
}

TEST_F(Template, LeavesOptionalMembersAndElementsOut) {
  EXPECT_EQ(json(R"({"a":"{{/gone?}}","b":["{{/none?}}","{{/age?}}"],"c":"x {{/gone?}}"})"), R"({"b":[36]})");
  EXPECT_EQ(json("\"{{/gone?}}\""), "nothing");
}

TEST_F(Template, ReadsTheDefaultOfAWholeTextAsJsonWhereItIsThat) {
  EXPECT_EQ(json(R"(["{{/x|10}}","{{/x|null}}","{{/x|none}}","{{/x|01}}","{{/x|\"10\"}}","n{{/x|10}}"])"),
            R"([10,null,"none","01","10","n10"])");
}

TEST_F(Template, IsNoJsonWithABarePlaceNorWithAPlaceInAName) {
  EXPECT_THROW((void)json(R"({"a":{{/age}}})"), SettingError);
  EXPECT_THROW((void)json(R"({"{{/name}}":1})"), SettingError);
}

TEST_F(Template, MakesNoBodyOfMoreThanOneMebibyte) {
  EXPECT_EQ(mapping::body_text(Document(std::string((1 << 20) - 2, 'x'))).size(), 1U << 20);
  EXPECT_THROW((void)mapping::body_text(Document(std::string((1 << 20) - 1, 'x'))), Failed);
}

TEST_F(Template, SaysWhenASecretIsNoUtf8) {
  try {
    (void)mapping::body_text(Document("\xFF\xFE"));
    FAIL();
  } catch (const Failed& failed) {
    EXPECT_EQ(failed.code(), "bad_secret");
    EXPECT_EQ(failed.message().find('\xFF'), std::string::npos);
  }
}

}  // namespace
