// SPDX-License-Identifier: Apache-2.0
#include "../multipart.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "../xml_document.hpp"

namespace soap {
namespace {

constexpr const char* kRelated = "multipart/related; boundary=b; type=\"application/xop+xml\"";

/// `body` has line feeds where CR LF is meant.
std::string message(std::string body, const std::string& type = kRelated) {
  for (auto at = body.find('\n'); at != std::string::npos; at = body.find('\n', at + 2)) body.insert(at, "\r");
  try {
    return std::string(message_in(body, type).bytes);
  } catch (const XmlError& error) {
    return std::string("refused: ") + error.what();
  }
}

const std::string kTwoParts =
    "preamble\n--b\nContent-Type: image/png\nContent-ID: <1@x>\n\npng\n--b  \n"
    "content-id: <0@x>\nContent-Type: text/xml; charset=ISO-8859-1\n\n<a>\n</a>\n--b--\nepilogue";

TEST(Message, IsTheWholeAnswerUnlessThatHasParts) {
  EXPECT_EQ(message("<a/>", "text/xml"), "<a/>");
  EXPECT_EQ(message("--b\n\n<a/>\n--b--", ""), "--b\r\n\r\n<a/>\r\n--b--");
}

TEST(Message, IsTheFirstPart) {
  EXPECT_EQ(message("--b\nContent-Type: text/xml\n\n<a/>\n--b\n\nmore\n--b--\n"), "<a/>");
  EXPECT_EQ(message("--b\n\n<a/>\n--b--"), "<a/>");
  EXPECT_EQ(message("--b\n\n<a>--b</a>\n--b--"), "<a>--b</a>") << "no line begins there";
}

TEST(Message, IsThePartThatStartNames) {
  const std::string type = kRelated;
  EXPECT_EQ(message(kTwoParts), "png");
  EXPECT_EQ(message(kTwoParts, type + "; start=\"<0@x>\""), "<a>\r\n</a>");
  EXPECT_EQ(message(kTwoParts, type + "; start=0@x"), "<a>\r\n</a>") << "some leave the brackets out";
  EXPECT_EQ(message(kTwoParts, type + "; start=\"<9@x>\""), "png") << "there is none of that name";
  const auto part = message_in(kTwoParts, type + "; start=\"<0@x>\"");
  EXPECT_EQ(part.type.media_type(), "text/xml");
  EXPECT_EQ(part.type.parameter("charset"), "ISO-8859-1");
}

TEST(Message, HasABoundaryInQuotesOrNot) {
  const std::string body = "--uuid:b58\n\n<a/>\n--uuid:b58--";
  EXPECT_EQ(message(body, "multipart/related; boundary=uuid:b58"), "<a/>");
  EXPECT_EQ(message(body, "multipart/related; boundary=\"uuid:b58\""), "<a/>");
}

TEST(Message, MayLackItsEndAndTheCarriageReturns) {
  EXPECT_EQ(message("--b\n\n<a/>"), "<a/>");
  EXPECT_EQ(message_in("--b\nContent-Type: text/xml\n\n<a/>\n--b--", kRelated).bytes, "<a/>");
}

TEST(Message, IsNotThereWithoutABoundaryOrAPart) {
  EXPECT_EQ(message("--b\n\n<a/>", "multipart/related"), "refused: its Content-Type names no boundary");
  for (const char* body : {"", "<a/>", "--b--", "--c\n\n<a/>\n--c--"})
    EXPECT_EQ(message(body), "refused: it has no part between its boundaries") << body;
  EXPECT_EQ(message("--b"), "") << "a part with nothing in it";
}

TEST(Message, IsNotReadFromAnEncodedPart) {
  EXPECT_EQ(message("--b\nContent-Transfer-Encoding: BASE64\n\nPGEvPg==\n--b--"),
            "refused: its part has the Content-Transfer-Encoding base64, which is not supported");
  EXPECT_EQ(message("--b\nContent-Transfer-Encoding: 8bit\n\n<a/>\n--b--"), "<a/>");
}

}  // namespace
}  // namespace soap
