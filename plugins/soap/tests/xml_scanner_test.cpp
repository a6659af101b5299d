// SPDX-License-Identifier: Apache-2.0
#include "../xml_scanner.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace soap {
namespace {

using Place = XmlScanner::Place;

XmlScanner after(std::string_view text) {
  XmlScanner scanner;
  for (const char c : text) scanner.read(c);
  return scanner;
}

TEST(XmlScanner, TellsTextFromTagsAndValues) {
  EXPECT_EQ(after("").place(), Place::text);
  EXPECT_EQ(after("<").place(), Place::tag);
  EXPECT_EQ(after("<a b=").place(), Place::tag);
  EXPECT_EQ(after("<a b='").place(), Place::quoted);
  EXPECT_EQ(after("<a b='\">").place(), Place::quoted);
  EXPECT_EQ(after("<a b='x'").place(), Place::tag);
  EXPECT_EQ(after("<a b='x'>").place(), Place::text);
  EXPECT_EQ(after("</a").place(), Place::tag);
}

TEST(XmlScanner, TellsSectionsWhereTagsAreNoTags) {
  EXPECT_EQ(after("<!--<a>-->").place(), Place::text);
  EXPECT_EQ(after("<!--<a>--").place(), Place::other);
  EXPECT_EQ(after("<!-->").place(), Place::other);
  EXPECT_EQ(after("<![CDATA[<a>]]").place(), Place::cdata);
  EXPECT_EQ(after("<![CDATA[<a>]]]>").place(), Place::text);
  EXPECT_EQ(after("<?x <a> ?").place(), Place::other);
  EXPECT_EQ(after("<?x <a> ?>").place(), Place::text);
}

TEST(XmlScanner, TellsTheValueOfANamespace) {
  for (const char* namespaced :
       {"<a xmlns='", "<a xmlns:p=\"u", "<a b='1' xmlns = 'u", "<a\txmlns\n=\r'", "<a b=''xmlns='"})
    EXPECT_TRUE(after(namespaced).in_namespace()) << namespaced;
  for (const char* none :
       {"<a xmlns", "<a xmlns=", "<a xmlns='u'", "<a xmlns='u' b='", "<a b='xmlns=", "<a axmlns='", "xmlns='"})
    EXPECT_FALSE(after(none).in_namespace()) << none;
}

TEST(XmlScanner, CountsOpenElements) {
  EXPECT_EQ(after("<a><b><c/><d x='/'>").depth(), 3);
  EXPECT_EQ(after("<a><b></b></a>").depth(), 0);
  EXPECT_EQ(after("<a/><b x=\"1\"/>").depth(), 0);
  EXPECT_EQ(after("<!--<a>--><![CDATA[<a>]]><?x <a>?>").depth(), 0);
  EXPECT_EQ(after("</a>").depth(), -1);
}

TEST(XmlScanner, SeesEveryDeclaration) {
  for (const char* declaration : {"<!D", "<!DOCTYPE", "<!d", "<!ENTITY", "<![I", "<![CDATAx", "<!-x", "<! "})
    EXPECT_TRUE(after(declaration).declares()) << declaration;
  for (const char* none : {"<!", "<!-", "<!--D", "<![CDATA[<!DOCTYPE", "<?x <!DOCTYPE", "<a b='<!DOCTYPE"})
    EXPECT_FALSE(after(none).declares()) << none;
}

}  // namespace
}  // namespace soap
