// SPDX-License-Identifier: Apache-2.0
#include "../xml_text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace soap {
namespace {

TEST(XmlText, HoldsNoControlCharactersButWhiteSpace) {
  EXPECT_TRUE(is_xml_text("a\tb\nc\rd"));
  for (char c = 1; c < 0x20; ++c)
    EXPECT_EQ(is_xml_text(std::string(1, c)), c == '\t' || c == '\n' || c == '\r') << static_cast<int>(c);
  EXPECT_FALSE(is_xml_text(std::string(1, '\0')));
}

TEST(XmlText, HoldsEveryCharacterButNonCharactersAndSurrogates) {
  EXPECT_TRUE(is_xml_text("\xC3\xA4 \xE2\x82\xAC \xEF\xBF\xBD \xF0\x9F\x98\x80 \xF4\x8F\xBF\xBF"));
  EXPECT_FALSE(is_xml_text("\xEF\xBF\xBE"));      // U+FFFE
  EXPECT_FALSE(is_xml_text("\xEF\xBF\xBF"));      // U+FFFF
  EXPECT_FALSE(is_xml_text("\xED\xA0\x80"));      // U+D800
  EXPECT_FALSE(is_xml_text("\xF4\x90\x80\x80"));  // beyond U+10FFFF
}

TEST(XmlText, IsValidUtf8) {
  for (const char* broken : {"\x80", "\xC3", "\xC3(", "\xE2\x82", "\xF0\x9F\x98", "\xFF", "\xF8\x88\x80\x80\x80"})
    EXPECT_FALSE(is_xml_text(broken)) << broken;
  for (const char* overlong : {"\xC0\xAF", "\xC1\xBF", "\xE0\x80\xAF", "\xF0\x80\x80\xAF"})
    EXPECT_FALSE(is_xml_text(overlong)) << overlong;
}

TEST(XmlText, IsEscapedSuchThatAParserReadsExactlyIt) {
  EXPECT_EQ(escape_xml("a<b>&\"'\r\n\t", false), "a&lt;b&gt;&amp;\"'&#13;\n\t");
  EXPECT_EQ(escape_xml("a<b>&\"'\r\n\t", true), "a&lt;b&gt;&amp;&quot;&#39;&#13;&#10;&#9;");
  EXPECT_EQ(escape_xml("]]>", false), "]]&gt;");
}

TEST(XmlText, IsTrimmedOfTheWhiteSpaceOfXmlOnly) {
  EXPECT_EQ(trimmed(" \t\r\n a b \n"), "a b");
  EXPECT_EQ(trimmed(" \t"), "");
  EXPECT_EQ(trimmed("\xC2\xA0"), "\xC2\xA0");
}

TEST(XmlText, IsNotCutInsideACharacter) {
  EXPECT_EQ(beginning("abc", 3), "abc");
  EXPECT_EQ(beginning("abcd", 3), "abc");
  EXPECT_EQ(beginning("ab\xE2\x82\xAC", 4), "ab");
  EXPECT_EQ(beginning("\xE2\x82\xAC", 2), "");
}

TEST(XmlText, HasWordsWithoutRegardToCase) {
  EXPECT_TRUE(same_word("utf-8", "UTF-8"));
  EXPECT_FALSE(same_word("utf-8", "utf-80"));
  EXPECT_FALSE(same_word("[", "{"));
}

TEST(XmlText, PrintsWhateverCameOnOneLine) {
  EXPECT_EQ(printable("a\r\nb\x01", 100), "a  b?");
  EXPECT_EQ(printable("p\xC3\xA4ss", 100), "p\xC3\xA4ss") << "a secret may be in it, to be found and hidden";
  EXPECT_EQ(printable("p\xC3\xA4ss", 2), "p");
  EXPECT_EQ(printable("\xFF\xD8 x", 100), "?? x");
}

}  // namespace
}  // namespace soap
