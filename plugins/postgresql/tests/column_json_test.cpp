// SPDX-License-Identifier: Apache-2.0
// What a server that is none of ours might send.
#include "../column_json.hpp"

#include <gtest/gtest.h>

#include <fulfill/error.hpp>
#include <fulfill/json.hpp>

namespace {

std::string json(Oid type, std::string_view text) {
  std::string result;
  postgresql::append_json(result, type, text);
  return result;
}

constexpr Oid kBytea = 17;
constexpr Oid kBigint = 20;
constexpr Oid kText = 25;
constexpr Oid kJson = 114;
constexpr Oid kDouble = 701;
constexpr Oid kTimestamptz = 1184;
constexpr Oid kNumeric = 1700;

TEST(ColumnJson, IsJsonWhateverTheServerSends) {
  for (const Oid type : {Oid{16}, kBigint, kText, kDouble, Oid{1114}, kTimestamptz, kNumeric, Oid{0}, Oid{99999}})
    for (const char* text : {"", "1", "01", "1.", ".5", "-", "1e", "0x1F", "+1", "NaN", "\"", "\\", "{", "1 ", "t",
                             "2024-05-01 12:30:00+02", "99999999999999999999999"})
      EXPECT_TRUE(fulfill::Json::accept(json(type, text))) << type << ' ' << text << ": " << json(type, text);
}

TEST(ColumnJson, IsANumberOnlyIfADoubleHoldsIt) {
  EXPECT_EQ(json(kBigint, "-9007199254740991"), "-9007199254740991");
  EXPECT_EQ(json(kBigint, "-9007199254740992"), "\"-9007199254740992\"");
  EXPECT_EQ(json(kNumeric, "123456789012345"), "123456789012345");
  EXPECT_EQ(json(kNumeric, "1234567890123456"), "\"1234567890123456\"");
  EXPECT_EQ(json(kNumeric, "-0.000123"), "-0.000123");
  EXPECT_EQ(json(kNumeric, "0.00"), "0.00");
  EXPECT_EQ(json(kNumeric, "0." + std::string(400, '0') + "1").front(), '"');
}

TEST(ColumnJson, PassesJsonOnWhateverItsNumbersAndTexts) {
  for (const char* text : {R"({"a":1e400,"b":1.10,"c":89014103211118510720})", R"(["\ud83d"])", "12345678901234567.89"})
    EXPECT_EQ(json(kJson, text), text);
}

TEST(ColumnJson, OfTextThatIsNotUtf8OrNotJsonIsABadAnswer) {
  const auto code = [](Oid type, std::string_view text) {
    try {
      return json(type, text);
    } catch (const fulfill::Failed& failed) {
      return failed.code();
    }
  };
  EXPECT_EQ(code(kText, "caf\xe9"), "backend_bad_answer");
  EXPECT_EQ(code(kJson, "{"), "backend_bad_answer");
  EXPECT_EQ(code(kBytea, "\\x0"), "backend_bad_answer");
  EXPECT_EQ(code(kBytea, "\\xzz"), "backend_bad_answer");
  EXPECT_EQ(code(kBytea, "\\000"), "backend_bad_answer");
}

TEST(ColumnJson, OfTimesIsRfc3339) {
  EXPECT_EQ(json(kTimestamptz, "2024-05-01 12:30:00+02"), "\"2024-05-01T12:30:00+02:00\"");
  EXPECT_EQ(json(kTimestamptz, "2024-05-01 12:30:00.123456-03:30"), "\"2024-05-01T12:30:00.123456-03:30\"");
  EXPECT_EQ(json(kTimestamptz, "infinity"), "\"infinity\"");
  EXPECT_EQ(json(kTimestamptz, "0044-03-15 12:00:00+00 BC"), "\"0044-03-15 12:00:00+00 BC\"");
}

}  // namespace
