// SPDX-License-Identifier: Apache-2.0
#include "../content_type.hpp"

#include <gtest/gtest.h>

namespace soap {
namespace {

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
}

}  // namespace
}  // namespace soap
