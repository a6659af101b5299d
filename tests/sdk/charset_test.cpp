// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <fulfill/charset.hpp>

#include <string>
#include <string_view>

namespace fulfill {
namespace {

using namespace std::string_view_literals;

std::string decoded(std::string_view bytes, std::string_view charset) {
  try {
    return std::string(DecodedText(bytes, charset).view());
  } catch (const CharsetError& error) {
    return error.what();
  }
}

TEST(CharsetOf, IsAParameterOfTheContentType) {
  EXPECT_EQ(charset_of("application/json"), "");
  EXPECT_EQ(charset_of("application/json; charset=utf-8"), "utf-8");
  EXPECT_EQ(charset_of("application/json;x=\"y\" ; CharSet = \"ISO-8859-1\" ; z=1"), "ISO-8859-1");
  EXPECT_EQ(charset_of("application/json; charset"), "");
  EXPECT_EQ(charset_of("application/json; xcharset=a; charset='b'"), "b");
}

TEST(DecodedText, IsWhatItWasIfItIsUtf8OrOfNoNamedCharset) {
  for (const char* charset : {"", "utf-8", "UTF-8", "utf8", "us-ascii"}) {
    EXPECT_EQ(decoded("M\xC3\xBCller", charset), "M\xC3\xBCller");
    EXPECT_EQ(decoded("\xFF", charset), "\xFF");
  }
  const std::string_view bytes = "plain";
  EXPECT_EQ(DecodedText(bytes, "").view().data(), bytes.data()) << "not copied";
  EXPECT_EQ(DecodedText(bytes, "iso-8859-1").view().data(), bytes.data());
}

TEST(DecodedText, KnowsTheCharsetsOfOneByte) {
  EXPECT_EQ(decoded("M\xFCller", "ISO-8859-1"), "M\xC3\xBCller");
  EXPECT_EQ(decoded("\xA4", "iso-8859-15"), "\xE2\x82\xAC");
  EXPECT_EQ(decoded("\x80 \x93", "windows-1252"), "\xE2\x82\xAC \xE2\x80\x9C");
  EXPECT_EQ(decoded("\xCF\xF0", "Windows-1251"), "\xD0\x9F\xD1\x80");
  EXPECT_EQ(decoded("\xE9", "cp1252"), "\xC3\xA9");
  EXPECT_EQ(decoded("\xE9", "latin1"), "\xC3\xA9");
}

TEST(DecodedText, KnowsUtf16InBothOrdersWithAndWithoutAMark) {
  const std::string wanted = "{\"\xC3\xA4\xF0\x9F\x98\x80\"";
  const std::string_view little = "{\0\"\0\xE4\0\x3D\xD8\x00\xDE\"\0"sv;
  const std::string_view big = "\0{\0\"\0\xE4\xD8\x3D\xDE\x00\0\""sv;
  const auto marked = [](std::string_view mark, std::string_view text) {
    return std::string(mark) + std::string(text);
  };
  for (const char* charset : {"utf-16", "UTF-16"}) {
    EXPECT_EQ(decoded(little, charset), wanted);
    EXPECT_EQ(decoded(big, charset), wanted);
  }
  for (const char* charset : {"", "utf-16", "utf-8"}) {
    EXPECT_EQ(decoded(marked("\xFF\xFE", little), charset), wanted);
    EXPECT_EQ(decoded(marked("\xFE\xFF", big), charset), wanted);
  }
  EXPECT_EQ(decoded(little, "UTF-16LE"), wanted);
  EXPECT_EQ(decoded(big, "utf-16be"), wanted);
  EXPECT_EQ(decoded("{\0\0\0\xE4\0\0\0"sv, "utf-32"), "{\xC3\xA4");
}

TEST(DecodedText, HasTheReplacementCharacterForWhatMeansNothing) {
  EXPECT_EQ(decoded("a\0\x3D\xD8"sv, "utf-16"), "a\xEF\xBF\xBD") << "half a character";
  EXPECT_EQ(decoded("a\0b"sv, "utf-16"), "a\xEF\xBF\xBD") << "half a code unit";
  EXPECT_EQ(decoded("a\x81z", "windows-1252"), "a\xEF\xBF\xBDz");
  EXPECT_EQ(decoded("\x83\x65\x83", "Shift_JIS"), "\xE3\x83\x86\xEF\xBF\xBD");
}

TEST(DecodedText, TakesWhatCannotBeUtf16ForWhatItIs) { EXPECT_EQ(decoded("{\"a\":1}", "utf-16"), "{\"a\":1}"); }

TEST(DecodedText, HasNoByteOrderMark) {
  EXPECT_EQ(decoded("\xEF\xBB\xBF{}", ""), "{}");
  EXPECT_EQ(decoded("\xEF\xBB\xBF{}", "iso-8859-1"), "{}") << "a mark says more than a header";
  EXPECT_EQ(decoded("\xEF\xBB\xBF", ""), "");
  EXPECT_EQ(decoded("\xFF\xFEx", "windows-1252"), "\xC3\xBF\xC3\xBEx") << "letters there";
}

TEST(DecodedText, NamesACharsetThatItDoesNotKnow) {
  EXPECT_EQ(decoded("\xFC", "x-Secret"), "is in the charset \"x-Secret\", which cannot be decoded");
  EXPECT_EQ(decoded("\xFC", "iso-8859-99"), "is in the charset \"iso-8859-99\", which cannot be decoded");
  EXPECT_EQ(decoded("\xFC", "iso-8859-1//translit"),
            "is in the charset \"iso-8859-1//translit\", which cannot be decoded");
  EXPECT_EQ(decoded("\xFC", "a\nb"), "is in the charset \"a?b\", which cannot be decoded");
  EXPECT_EQ(decoded("plain", "x-secret"), "plain") << "the same in all of them";
}

TEST(DecodedText, IsOfAnyLength) {
  const std::string wanted(3 * 9999, '\xFC');
  std::string utf8;
  for (std::size_t i = 0; i < wanted.size(); ++i) utf8 += "\xC3\xBC";
  EXPECT_EQ(decoded(wanted, "iso-8859-1"), utf8);
}

}  // namespace
}  // namespace fulfill
