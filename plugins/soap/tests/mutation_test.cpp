// SPDX-License-Identifier: Apache-2.0
// Whatever a backend answers, whatever an expression or a template holds: a clear error, or what the headers promise.
#include <Poco/DOM/Document.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <fulfill/document.hpp>
#include <fulfill/error.hpp>
#include <iterator>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "../answer_picker.hpp"
#include "../envelope.hpp"
#include "../fault.hpp"
#include "../xml_document.hpp"
#include "../xml_template.hpp"
#include "../xpath.hpp"
#include "settings_for.hpp"

namespace soap {
namespace {

using Poco::XML::Node;

constexpr const char* kAnswer = R"(<?xml version="1.0" encoding="UTF-8"?>
<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<s:Header><!-- c --><h:trace xmlns:h="urn:h">1</h:trace></s:Header><s:Body><a id="1">x<b>2</b><b><![CDATA[<3>]]></b>
<b xsi:nil="true"/><a><b>&lt;4&#x20AC;</b></a></a><s:Fault><faultcode>s:Server</faultcode><faultstring>no</faultstring>
<detail><e/></detail></s:Fault></s:Body></s:Envelope>)";

/// The same sequence in every run.
class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}
  std::size_t below(std::size_t limit) { return engine_() % limit; }
  std::string_view one_of(const std::vector<std::string_view>& words) { return words[below(words.size())]; }

 private:
  std::mt19937 engine_;
};

/// With a few places changed, cut out, or put elsewhere.
std::string mutated(std::string text, Dice& dice) {
  const std::vector<std::string_view> whole = {
      "<b/>", "<b>1</b>", "<a id='2'><b/></a>", "<!-- c -->",       "<![CDATA[<x>]]>", "&amp;", "&#x20AC;", "<?p i?>",
      "1",    " ",        "<s:Fault/>",         "<b xsi:nil='1'/>", "\xC3\xA4"};
  const std::vector<std::string_view> broken = {"<",           ">",
                                                "/>",          "</",
                                                "<a>",         "</a>",
                                                "\"",          "'",
                                                "&",           "&#0;",
                                                "&x;",         "<!--",
                                                "-->",         "<![CDATA[",
                                                "]]>",         "<?",
                                                "?>",          "<!DOCTYPE a>",
                                                "<!ENTITY",    "encoding=\"UTF-16\"",
                                                " xmlns=\"\"", " xmlns:s=\"urn:x\"",
                                                "s:",          "\xC3",
                                                "\xFF",        "\xEF\xBB\xBF"};
  for (std::size_t changes = 1 + dice.below(3); changes > 0 && !text.empty(); --changes) {
    const std::size_t at = dice.below(text.size());
    const std::size_t length = std::min(text.size() - at, 1 + dice.below(40));
    switch (dice.below(12)) {
      case 0:
        text[at] = static_cast<char>(dice.below(256));
        break;
      case 1:
        text.erase(at, length);
        break;
      case 2:
        text.insert(dice.below(text.size()), text.substr(at, length));
        break;
      case 3:
        text.resize(at);
        break;
      case 4:
      case 5:
        text.insert(at, dice.one_of(broken));
        break;
      default:  // after a tag, so that much of it is still well-formed
        text.insert(std::min(text.find('>', at), text.size() - 1) + 1, dice.one_of(whole));
    }
  }
  return text;
}

int depth_below(const Node& node) {
  int deepest = 0;
  for (const Node* below = node.firstChild(); below != nullptr; below = below->nextSibling())
    if (below->nodeType() == Node::ELEMENT_NODE) deepest = std::max(deepest, depth_below(*below));
  return deepest + 1;
}

TEST(Mutations, OfAnAnswerAreReadOrRefused) {
  Dice dice(20260801);
  const auto settings = settings_for({{"result.x", "//b"},
                                      {"result.y", "a"},
                                      {"items.y.id", "@id"},
                                      {"items.y.b", ".//b[1]"},
                                      {"types.x", "integer"},
                                      {"defaults.x", "null"},
                                      {"faults.e", "failed"}});
  const AnswerPicker picker(settings, {});
  const FaultWords words(settings);
  int documents = 0;
  int results = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = mutated(kAnswer, dice);
    SCOPED_TRACE(text);
    try {
      const auto document = parse_xml(text, dice.below(4) == 0 ? "ISO-8859-1" : "");
      ++documents;
      ASSERT_EQ(document->doctype(), nullptr);
      ASSERT_LE(depth_below(*document), 101);
      const auto& body = body_of(*document);
      if (const auto fault = fault_in(body)) {
        ASSERT_LE(words.failure(*fault).message().size(), 500U);
      }
      ASSERT_NE(picker.pick(body).dump(), "");
      ++results;
    } catch (const XmlError& error) {
      ASSERT_STRNE(error.what(), "");
    } catch (const fulfill::Failed& failed) {
      ASSERT_EQ(failed.code(), "backend_bad_answer");
    }
  }
  EXPECT_GT(documents, 2000);  // else it tells nothing
  EXPECT_GT(results, 500);
}

void number(const Node& node, std::map<const Node*, std::size_t>& places) {
  places.emplace(&node, places.size());
  for (const Node* below = node.firstChild(); below != nullptr; below = below->nextSibling()) number(*below, places);
}

TEST(RandomExpressions, SelectEachNodeOnceAndInDocumentOrderOrAreRefused) {
  Dice dice(11);
  const std::vector<std::string_view> words = {
      "a",         "b",   "*", "s:Body", "*:Fault", "/", "/",   "/",   "//", "//", "[", "]", "[1]",  "[last()]", "[b]",
      "[@id='1']", "@id", ".", "..",     "text()",  "=", "'x'", "s:*", "|",  "(",  "9", " ", "\xFF", "a[b]"};
  const auto document = parse_xml(kAnswer);
  std::map<const Node*, std::size_t> places;
  number(*document, places);
  int taken = 0;
  int found = 0;
  for (int i = 0; i < 50'000; ++i) {
    std::string expression;
    for (std::size_t count = 1 + dice.below(8); count > 0; --count) expression += dice.one_of(words);
    SCOPED_TRACE(expression);
    try {
      const XPath path(expression, {{"s", kEnvelope_1_1}});
      ++taken;
      std::size_t next = 0;
      for (const Node* node : path.select(*document->documentElement())) {
        ++found;
        if (node->nodeType() == Node::ATTRIBUTE_NODE) continue;
        ASSERT_GE(places.at(node), next);
        next = places.at(node) + 1;
      }
    } catch (const XPathError& error) {
      ASSERT_STRNE(error.what(), "");
    }
  }
  EXPECT_GT(taken, 2000);
  EXPECT_GT(found, 2000);
}

TEST(RandomTemplates, AreWellFormedForAnyInputIfTheirSampleIs) {
  Dice dice(5);
  const std::vector<std::string_view> words = {"<a>",
                                               "</a>",
                                               "<b c='",
                                               "'/>",
                                               "<a>",
                                               "</a>",
                                               "{{/x}}",
                                               "{{/y|1}}",
                                               "{{each /z}}",
                                               "{{end}}",
                                               "{{.}}",
                                               "{{./x|}}",
                                               "text",
                                               "{{secret:s}}",
                                               "<!--",
                                               "-->",
                                               "{{",
                                               "}}",
                                               "<b c='{{/x}}'/>",
                                               "{{each /z}}<a>{{.}}</a>{{end}}"};
  const auto input = *fulfill::Document::parse(R"({"x":"<'\"&>]]>\r\n","z":["</a>",1,{"x":"--"},"<b c='"]})");
  const auto secret = [](std::string_view) -> std::string_view { return "<s'\">"; };
  int rendered = 0;
  for (int i = 0; i < 50'000; ++i) {
    std::string text;
    for (std::size_t count = 1 + dice.below(7); count > 0; --count) text += dice.one_of(words);
    SCOPED_TRACE(text);
    try {
      const XmlTemplate xml("request", text);
      static_cast<void>(parse_xml("<r>" + xml.sample() + "</r>"));
      const std::string request = xml.render(input, secret);
      ASSERT_NO_THROW(static_cast<void>(parse_xml("<r>" + request + "</r>"))) << request;
      ++rendered;
    } catch (const fulfill::SettingError&) {
    } catch (const XmlError&) {
    } catch (const fulfill::Failed& failed) {
      ASSERT_EQ(failed.code(), "bad_input");
    }
  }
  EXPECT_GT(rendered, 2000);
}

}  // namespace
}  // namespace soap
