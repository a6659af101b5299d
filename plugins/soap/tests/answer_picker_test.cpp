// SPDX-License-Identifier: Apache-2.0
#include "../answer_picker.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <fulfill/json.hpp>
#include <string>
#include <utility>

#include "../xml_document.hpp"
#include "settings_for.hpp"

namespace soap {
namespace {

using fulfill::Json;
using fulfill::Settings;

fulfill::Document document(Settings::Values values, const std::string& xml) {
  const auto settings = settings_for(std::move(values));
  const auto document = parse_xml("<b xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>" + xml + "</b>");
  return AnswerPicker(settings, {}).pick(*document->documentElement());
}
std::string text(Settings::Values values, const std::string& xml) { return document(std::move(values), xml).dump(); }
Json picked(Settings::Values values, const std::string& xml) { return Json::parse(text(std::move(values), xml)); }

std::string pick_failure(Settings::Values values, const std::string& xml) {
  try {
    return "picked: " + picked(std::move(values), xml).dump();
  } catch (const fulfill::Failed& failed) {
    return failed.code() + ": " + failed.message();
  }
}

std::string refusal_of_picker(Settings::Values values) {
  return refusal_of([&] {
    auto settings = settings_for(std::move(values));
    AnswerPicker picker(settings, {});
    settings.seal();
  });
}

Settings::Values typed(const std::string& type) { return {{"result.x", "x"}, {"types.x", type}}; }

TEST(AnswerPicker, MakesAFieldOfEachPath) {
  EXPECT_EQ(picked({{"result.name", "c/name"}, {"result.id", "c/@id"}}, "<c id='7'><name>Ada</name></c>"),
            Json({{"name", "Ada"}, {"id", "7"}}));
  EXPECT_EQ(picked({}, "<c/>"), Json::object());
}

TEST(AnswerPicker, TakesTheFirstNode) {
  EXPECT_EQ(picked({{"result.x", "x"}}, "<x>1</x><x>2</x>"), Json({{"x", "1"}}));
}

TEST(AnswerPicker, KeepsAStringAsItIs) {
  EXPECT_EQ(picked({{"result.x", "x"}}, "<x> a <b>b</b>\n</x>"), Json({{"x", " a b\n"}}));
  EXPECT_EQ(picked({{"result.x", "x"}}, "<x/>"), Json({{"x", ""}}));
}

TEST(AnswerPicker, ReadsNumbers) {
  EXPECT_EQ(picked(typed("number"), "<x> 1.50 </x>"), Json({{"x", 1.5}}));
  EXPECT_EQ(picked(typed("number"), "<x>+2e3</x>"), Json({{"x", 2000.0}}));
  EXPECT_EQ(picked(typed("integer"), "<x>-9223372036854775808</x>"), Json({{"x", INT64_MIN}}));
  EXPECT_EQ(picked(typed("integer"), "<x>+5</x>"), Json({{"x", 5}}));
}

TEST(AnswerPicker, KeepsTheDigitsOfNumbers) {
  const std::string digits = "123456789012345678901234567890";
  for (const std::string& number :
       {std::string("1.10"), digits + ".50", "-" + digits, std::string("1e400"), std::string("0.0")})
    EXPECT_EQ(text(typed("number"), "<x>" + number + "</x>"), "{\"x\":" + number + "}");
  EXPECT_EQ(text(typed("integer"), "<x>89014103211118510720</x>"), "{\"x\":89014103211118510720}");
  EXPECT_EQ(text({{"result.x", "x"}, {"types.x", "number"}, {"defaults.x", "0.00"}}, ""), "{\"x\":0.00}");
}

TEST(AnswerPicker, WritesNumbersOfXmlThatJsonWouldNotTakeAsJsonDoes) {
  EXPECT_EQ(text(typed("number"), "<x>+1.50</x>"), "{\"x\":1.50}");
  EXPECT_EQ(text(typed("number"), "<x>.5</x>"), "{\"x\":0.5}");
  EXPECT_EQ(text(typed("number"), "<x>-007</x>"), "{\"x\":-7}");
  EXPECT_EQ(text(typed("integer"), "<x>007</x>"), "{\"x\":7}");
}

TEST(AnswerPicker, ReadsNoAttachments) {
  const std::string include = "<x><i:Include xmlns:i='http://www.w3.org/2004/08/xop/include' href='cid:1'/></x>";
  const std::string sentence =
      "backend_bad_answer: the answer's value for result.x is an attachment (MTOM), which is not read";
  EXPECT_EQ(pick_failure({{"result.x", "x"}}, include), sentence);
  EXPECT_EQ(pick_failure(typed("list"), "<y/>" + include), sentence);
  EXPECT_EQ(text({{"result.y", "y"}}, "<y>1</y>" + include), R"({"y":"1"})") << "nobody wants it";
}

TEST(AnswerPicker, ReadsBooleans) {
  EXPECT_EQ(picked(typed("boolean"), "<x>true</x>"), Json({{"x", true}}));
  EXPECT_EQ(picked(typed("boolean"), "<x> 1 </x>"), Json({{"x", true}}));
  EXPECT_EQ(picked(typed("boolean"), "<x>false</x>"), Json({{"x", false}}));
  EXPECT_EQ(picked(typed("boolean"), "<x>0</x>"), Json({{"x", false}}));
}

TEST(AnswerPicker, SaysWhatIsNotOfItsType) {
  const std::string sentence = "backend_bad_answer: the answer's value for result.x is not of its type";
  for (const char* text : {"abc", "1,5", "0x10", "nan", "inf", "INF", "1 2", "+-1", "++1", "-", "1e"})
    EXPECT_EQ(pick_failure(typed("number"), "<x>" + std::string(text) + "</x>"), sentence) << text;
  for (const char* text : {"1.5", "1e-3", "x"})
    EXPECT_EQ(pick_failure(typed("integer"), "<x>" + std::string(text) + "</x>"), sentence) << text;
  for (const char* text : {"yes", "True", "2"})
    EXPECT_EQ(pick_failure(typed("boolean"), "<x>" + std::string(text) + "</x>"), sentence) << text;
}

TEST(AnswerPicker, SaysWhatTheAnswerLacks) {
  const std::string sentence = "backend_bad_answer: the answer has no value for result.x";
  EXPECT_EQ(pick_failure({{"result.x", "x"}}, "<y/>"), sentence);
  for (const char* type : {"number", "integer", "boolean"}) EXPECT_EQ(pick_failure(typed(type), "<x> </x>"), sentence);
}

TEST(AnswerPicker, HasDefaultsForWhatTheAnswerLacks) {
  const auto with_default = [](const std::string& type, const std::string& value) {
    auto values = typed(type);
    values["defaults.x"] = value;
    return values;
  };
  EXPECT_EQ(picked(with_default("string", "none"), ""), Json({{"x", "none"}}));
  EXPECT_EQ(picked(with_default("string", ""), ""), Json({{"x", ""}}));
  EXPECT_EQ(picked(with_default("string", "none"), "<x/>"), Json({{"x", ""}}));
  EXPECT_EQ(picked(with_default("string", "null"), ""), Json({{"x", nullptr}}));
  EXPECT_EQ(picked(with_default("number", "0.5"), "<x/>"), Json({{"x", 0.5}}));
  EXPECT_EQ(picked(with_default("integer", "5"), ""), Json({{"x", 5}}));
  EXPECT_EQ(picked(with_default("boolean", "false"), "<x xsi:nil='true'/>"), Json({{"x", false}}));
  EXPECT_EQ(refusal_of_picker(with_default("integer", "many")),
            "setting \"defaults.x\" must be null, or of the type integer");
}

TEST(AnswerPicker, HasNullForNil) {
  for (const char* type : {"string", "number", "integer", "boolean"})
    for (const char* nil : {"<x xsi:nil='true'/>", "<x xsi:nil='1'></x>"})
      EXPECT_EQ(picked(typed(type), nil), Json({{"x", nullptr}}));
  EXPECT_EQ(picked({{"result.x", "x"}}, "<x nil='true'/>"), Json({{"x", ""}}));
  EXPECT_EQ(picked({{"result.x", "x"}}, "<x xsi:nil='false'>1</x>"), Json({{"x", "1"}}));
}

TEST(AnswerPicker, ListsTheTextsOfAllNodes) {
  EXPECT_EQ(picked(typed("list"), "<x>1</x><y/><x/><x xsi:nil='true'/>"), Json({{"x", {"1", "", nullptr}}}));
  EXPECT_EQ(picked(typed("list"), ""), Json({{"x", Json::array()}}));
}

TEST(AnswerPicker, ListsObjects) {
  const Settings::Values orders = {{"result.orders", "order"},       {"items.orders.id", "@id"},
                                   {"items.orders.total", "total"},  {"items.orders.skus", ".//sku"},
                                   {"types.orders.total", "number"}, {"types.orders.skus", "list"},
                                   {"defaults.orders.total", "0"}};
  EXPECT_EQ(
      picked(orders,
             "<order id='1'><total>2.5</total><sku>a</sku><l><sku>b</sku></l></order><order id='2'/>"
             "<order xsi:nil='true'/>"),
      Json::parse(R"({"orders":[{"id":"1","total":2.5,"skus":["a","b"]},{"id":"2","total":0.0,"skus":[]},null]})"));
  EXPECT_EQ(picked(orders, ""), Json({{"orders", Json::array()}}));
  EXPECT_EQ(pick_failure(orders, "<order/>"), "backend_bad_answer: the answer has no value for items.orders.id");
}

TEST(AnswerPicker, NeedsLinearTimeForTheItemsOfALargeAnswer) {
  std::string xml;  // with quadratic time this test would not end
  for (int i = 0; i < 20'000; ++i) xml += "<o><l><s>a</s><s>b</s></l></o>";
  const auto json = picked({{"result.o", "o"}, {"items.o.s", ".//s"}, {"types.o.s", "list"}}, xml);
  EXPECT_EQ(json.at("o").size(), 20'000U);
}

TEST(AnswerPicker, RefusesPathsThatItCannotUse) {
  EXPECT_EQ(refusal_of_picker({{"result.x", "count(x)"}}),
            "setting \"result.x\": in count(x) at character 6 stands a function; there are only text() and last()");
  EXPECT_EQ(refusal_of_picker({{"result.x", "x"}, {"items.x.y", "//y"}}),
            "setting \"items.x.y\" must be relative: it starts at each node of result.x");
}

TEST(AnswerPicker, RefusesSettingsThatBelongToNoField) {
  EXPECT_EQ(refusal_of_picker({{"result.x", "x"}, {"types.y", "number"}}).substr(0, 25), "unknown setting \"types.y\"");
  EXPECT_EQ(refusal_of_picker({{"result.x", "x"}, {"defaults.y", "1"}}).substr(0, 28),
            "unknown setting \"defaults.y\"");
  EXPECT_EQ(refusal_of_picker({{"result.x", "x"}, {"items.y.z", "z"}}).substr(0, 27), "unknown setting \"items.y.z\"");
  EXPECT_EQ(refusal_of_picker({{"result.x", "x"}, {"types.x", "list"}, {"defaults.x", "1"}}).substr(0, 28),
            "unknown setting \"defaults.x\"");
  EXPECT_EQ(refusal_of_picker({{"result.x.y", "x"}}), "setting \"result.x\" is missing");
  EXPECT_EQ(refusal_of_picker(typed("date")),
            "setting \"types.x\" is \"date\"; it may be one of string, number, integer, boolean, list");
}

TEST(AnswerPicker, KnowsWhetherItWantsAnything) {
  EXPECT_TRUE(AnswerPicker(settings_for({}), {}).wants_nothing());
  EXPECT_FALSE(AnswerPicker(settings_for({{"result.x", "x"}}), {}).wants_nothing());
}

}  // namespace
}  // namespace soap
