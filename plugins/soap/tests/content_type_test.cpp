// SPDX-License-Identifier: Apache-2.0
#include "../content_type.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace soap {
namespace {

std::string charset_of(std::string_view value) { return std::string(ContentType(value).parameter("charset")); }

TEST(ContentType, HasAMediaTypeAndParameters) {
  const ContentType type(
      "Multipart/Related; type=\"application/xop+xml\"; start=\"<a@b>\"; boundary=uuid:b58;"
      "start-info=\"text/xml; charset=none; \\\"x\\\"\"");
  EXPECT_EQ(type.media_type(), "multipart/related");
  EXPECT_EQ(type.parameter("type"), "application/xop+xml");
  EXPECT_EQ(type.parameter("start"), "<a@b>");
  EXPECT_EQ(type.parameter("boundary"), "uuid:b58");
  EXPECT_EQ(type.parameter("start-info"), "text/xml; charset=none; \"x\"");
  EXPECT_EQ(type.parameter("charset"), "") << "that one stands in quotes";
}

TEST(ContentType, NamesTheCharset) {
  EXPECT_EQ(charset_of("text/xml; charset=ISO-8859-1"), "ISO-8859-1");
  EXPECT_EQ(charset_of("application/soap+xml;action=\"urn:x\" ; Charset=\"utf-8\""), "utf-8");
  EXPECT_EQ(charset_of("text/xml;\tcharset=utf-8;x=y"), "utf-8");
}

TEST(ContentType, MayNameNone) {
  for (const char* none :
       {"", "text/xml", "text/xml;", "text/xml; charset", "text/xml; mycharset=x", ";;;", "charset=x"})
    EXPECT_EQ(charset_of(none), "") << none;
}

TEST(ContentType, IsReadWhateverItHolds) {
  EXPECT_EQ(charset_of("text/xml; charset=\""), "\"");
  EXPECT_EQ(charset_of("text/xml; charset="), "");
  EXPECT_EQ(charset_of("text/xml; charset=\"\""), "");
  EXPECT_EQ(charset_of("text/xml; charset=\"\\"), "\"\\");
}

TEST(ContentType, TellsWhatMayBeSoap) {
  for (const char* type : {"", "text/xml", "application/xml", "application/soap+xml", "application/xop+xml"})
    EXPECT_TRUE(ContentType(type).may_be_soap()) << type;
  for (const char* type : {"text/html", "application/json", "text/plain", "application/xhtml+xml", "multipart/related"})
    EXPECT_FALSE(ContentType(type).may_be_soap()) << type;
}

}  // namespace
}  // namespace soap
