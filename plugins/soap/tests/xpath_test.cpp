// SPDX-License-Identifier: Apache-2.0
#include "../xpath.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "../xml_document.hpp"

namespace soap {
namespace {

const XPath::Namespaces namespaces = {{"o", "urn:orders"}, {"xml", "http://www.w3.org/XML/1998/namespace"}};

constexpr const char* kOrders = R"(<o:orders xmlns:o="urn:orders" xmlns:c="urn:customers" version="2">
  <o:order id="1" state="open"><o:item>bolt</o:item><o:item>nut</o:item><total>3</total></o:order>
  <o:order id="2" state="closed"><o:item>gear</o:item><total>5</total><c:total>6</c:total></o:order>
  <o:order id="3" c:id="x" state="open"><o:parts><o:item xml:lang="en">lens</o:item></o:parts></o:order>
</o:orders>)";

/// The values of what the expression selects from the root element.
std::vector<std::string> found(std::string_view expression, std::string_view xml = kOrders) {
  const auto document = parse_xml(xml);
  std::vector<std::string> values;
  for (const auto* node : XPath(expression, namespaces).select(*document->documentElement()))
    values.push_back(string_value(*node));
  return values;
}

std::string refusal_of_path(std::string_view expression) {
  try {
    const XPath path(expression, namespaces);
    return "it was taken";
  } catch (const XPathError& error) {
    return error.what();
  }
}

using Values = std::vector<std::string>;

TEST(XPath, GoesFromChildToChild) {
  EXPECT_EQ(found("o:order/o:item"), Values({"bolt", "nut", "gear"}));
  EXPECT_EQ(found("o:order/missing"), Values());
  EXPECT_EQ(found(" o:order / o:parts / o:item "), Values({"lens"}));
}

TEST(XPath, TakesANameWithoutPrefixForOneWithoutNamespace) {
  EXPECT_EQ(found("o:order/total"), Values({"3", "5"}));
  EXPECT_EQ(found("o:order/item"), Values());
}

TEST(XPath, TakesWildcards) {
  EXPECT_EQ(found("*/*:total"), Values({"3", "5", "6"}));
  EXPECT_EQ(found("o:order/o:*"), Values({"bolt", "nut", "gear", "lens"}));
  EXPECT_EQ(found("*/*"), Values({"bolt", "nut", "3", "gear", "5", "6", "lens"}));
}

TEST(XPath, BeginsAtTheRootIfAbsolute) {
  EXPECT_EQ(found("/o:orders/o:order/o:item"), Values({"bolt", "nut", "gear"}));
  EXPECT_EQ(found("/o:order"), Values());
  EXPECT_TRUE(XPath("//a", {}).is_absolute());
  EXPECT_FALSE(XPath(".//a", {}).is_absolute());
}

TEST(XPath, LooksAtAnyDepth) {
  EXPECT_EQ(found("//o:item"), Values({"bolt", "nut", "gear", "lens"}));
  EXPECT_EQ(found(".//o:item"), Values({"bolt", "nut", "gear", "lens"}));
  EXPECT_EQ(found("o:order//o:item"), Values({"bolt", "nut", "gear", "lens"}));
}

TEST(XPath, GivesEachNodeOnceAndInDocumentOrder) {
  const std::string_view nested = "<r><a>1<a>2<b>3</b></a><b>4</b></a><b>5</b><a><b>6</b></a></r>";
  EXPECT_EQ(found("//a//b", nested), Values({"3", "4", "6"}));
  EXPECT_EQ(found("//*//b", nested), Values({"3", "4", "5", "6"}));
  EXPECT_EQ(found("//b", nested), Values({"3", "4", "5", "6"}));
  EXPECT_EQ(found("//a", nested), Values({"1234", "23", "6"}));
}

TEST(XPath, TakesAttributes) {
  EXPECT_EQ(found("@version"), Values({"2"}));
  EXPECT_EQ(found("o:order/@id"), Values({"1", "2", "3"}));
  EXPECT_EQ(found("//@id"), Values({"1", "2", "3"}));
  EXPECT_EQ(found("//@xml:lang"), Values({"en"}));
  EXPECT_EQ(found("o:order/@o:id"), Values());
  EXPECT_EQ(found("@version/total"), Values());
}

TEST(XPath, TakesTexts) {
  EXPECT_EQ(found("a/text()", "<r><a>1<b>2</b>3</a></r>"), Values({"1", "3"}));
  EXPECT_EQ(found("//text()", "<r>0<a>1<b>2</b>3</a></r>"), Values({"0", "1", "2", "3"}));
}

TEST(XPath, TakesACDataSectionForAPartOfItsText) {
  EXPECT_EQ(found("text()", "<r>1<![CDATA[<2>]]>3<b/><![CDATA[4]]></r>"), Values({"1<2>3", "4"}));
}

TEST(XPath, TakesPositionsFromOneAndForEachParent) {
  EXPECT_EQ(found("o:order[2]/o:item"), Values({"gear"}));
  EXPECT_EQ(found("o:order/o:item[1]"), Values({"bolt", "gear"}));
  EXPECT_EQ(found("//o:item[1]"), Values({"bolt", "gear", "lens"}));
  EXPECT_EQ(found("o:order[last()]/@id"), Values({"3"}));
  EXPECT_EQ(found("o:order[9]"), Values());
}

TEST(XPath, TakesPredicates) {
  EXPECT_EQ(found("o:order[@state='open']/@id"), Values({"1", "3"}));
  EXPECT_EQ(found("o:order[ @state = \"open\" ][2]/@id"), Values({"3"}));
  EXPECT_EQ(found("o:order[2][@state='open']/@id"), Values());
  EXPECT_EQ(found("o:order[total]/@id"), Values({"1", "2"}));
  EXPECT_EQ(found("o:order[o:item='nut']/@id"), Values({"1"}));
  EXPECT_EQ(found("o:order[o:parts[o:item='lens']]/@id"), Values({"3"}));
  EXPECT_EQ(found("o:order[o:item[2]='nut']/@id"), Values({"1"}));
  EXPECT_EQ(found("//o:item[.='gear']"), Values({"gear"}));
  EXPECT_EQ(found("//o:item[text()='gear']"), Values({"gear"}));
}

TEST(XPath, StaysWhereItIs) {
  EXPECT_EQ(found(".", "<r>1</r>"), Values({"1"}));
  EXPECT_EQ(found("./a/./b", "<r><a><b>1</b></a></r>"), Values({"1"}));
}

TEST(XPath, RefusesWhatItDoesNotKnow) {
  for (const char* unknown : {"",
                              " ",
                              "/",
                              "//",
                              "a/",
                              "a//",
                              "..",
                              "../a",
                              "a/..",
                              "@*",
                              "@o:*",
                              "@",
                              "a[",
                              "a[]",
                              "a[1",
                              "a]",
                              "a[0]",
                              "a[-1]",
                              "a[1.5]",
                              "a[2000000]",
                              "a|b",
                              "a and b",
                              "a[b and c]",
                              "a[b!='x']",
                              "a[b='x]",
                              "a[b=x]",
                              "a[b=1]",
                              "count(a)",
                              "a[position()=1]",
                              "last()",
                              "node()",
                              "child::a",
                              "a[//b]",
                              "a[/b]",
                              "a[b//c]",
                              "a[.//b]",
                              "//.",
                              "a//.",
                              "$x",
                              "'a'",
                              "1",
                              "a b",
                              "a:",
                              ":a",
                              "*:*",
                              "o:",
                              "o:1",
                              "text()[1]",
                              "@id[1]",
                              ".[a]",
                              "a\x01",
                              "#"})
    EXPECT_NE(refusal_of_path(unknown), "it was taken") << unknown;
}

TEST(XPath, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(refusal_of_path("o:order[0]"), "in o:order[0] at character 10 stands a position counts from 1");
  EXPECT_EQ(refusal_of_path("a/x:b"), "in a/x:b at character 5 stands the prefix \"x\"; set namespaces.x");
  EXPECT_EQ(refusal_of_path("a/count(b)"),
            "in a/count(b) at character 8 stands a function; there are only text() and last()");
}

TEST(XPath, HasAtMostEightPredicatesInOneAnother) {
  const auto nested = [](int depth) {
    std::string text = "a";
    for (int i = 0; i < depth; ++i) text += "[a";
    return text + std::string(static_cast<std::size_t>(depth), ']');
  };
  EXPECT_EQ(refusal_of_path(nested(8)), "it was taken");
  EXPECT_NE(refusal_of_path(nested(9)), "it was taken");
  EXPECT_NE(refusal_of_path(nested(100'000)), "it was taken");
}

TEST(XPath, GivesEachOfManyNestedNodesOnce) {
  std::string text;
  for (int i = 0; i < 20; ++i) {
    for (int depth = 0; depth < 90; ++depth) text += "<a>";
    for (int depth = 0; depth < 90; ++depth) text += "</a>";
  }
  EXPECT_EQ(found("//a//a//a//a", "<r>" + text + "</r>").size(), 20U * 87U);
}

}  // namespace
}  // namespace soap
