// SPDX-License-Identifier: Apache-2.0
#include "../value_type.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

using fulfill::Document;
using mapping::converted;
using mapping::ValueType;

/// JSON in, JSON out; `none` if it is not of that type.
std::string as(ValueType type, const std::string& json) {
  const auto value = converted(Document::parse(json).value(), type);
  return value ? value->dump() : "none";
}

TEST(ValueType, MakesIntegersOfWhatIsOneAndOfNothingElse) {
  const auto integer = [](const std::string& json) { return as(ValueType::integer, json); };
  EXPECT_EQ(integer("\"12\""), "12");
  EXPECT_EQ(integer("\"-7\""), "-7");
  EXPECT_EQ(integer("\"007\""), "7");
  EXPECT_EQ(integer("12.0"), "12");
  EXPECT_EQ(integer("1.2e1"), "12");
  EXPECT_EQ(integer("18446744073709551615"), "18446744073709551615");
  for (const char* json :
       {"\"12.5\"", "12.5", "\"12x\"", "\" 12\"", "\"+12\"", "\"0x1\"", "true", "\"\"", "\"-\"", "[]", "1e-1", "1e999"})
    EXPECT_EQ(integer(json), "none") << json;
}

TEST(ValueType, LosesNoDigitOfAnInteger) {
  for (const char* digits : {"89014103211118510720", "9007199254740993", "-123456789012345678901234567890"}) {
    EXPECT_EQ(as(ValueType::integer, digits), digits);
    EXPECT_EQ(as(ValueType::integer, "\"" + std::string(digits) + "\""), digits);
    EXPECT_EQ(as(ValueType::integer, std::string(digits) + ".0"), digits);
  }
}

TEST(ValueType, MakesNumbersOfTextsDigitByDigit) {
  const auto number = [](const std::string& json) { return as(ValueType::number, json); };
  EXPECT_EQ(number("\"59.80\""), "59.80");
  EXPECT_EQ(number("\"1e3\""), "1e3");
  EXPECT_EQ(number("\"12345678901234567.89\""), "12345678901234567.89");
  EXPECT_EQ(number("\"01.50\""), "1.50");
  EXPECT_EQ(number("\".5\""), "0.5");
  EXPECT_EQ(number("\"-.5\""), "-0.5");
  EXPECT_EQ(number("\"5.\""), "5");
  EXPECT_EQ(number("\"5.e3\""), "5e3");
  EXPECT_EQ(number("\"0\""), "0");
  EXPECT_EQ(number("1.10"), "1.10");
  EXPECT_EQ(number("1e400"), "1e400");
  for (const char* json : {"\"59,80\"", "\"nan\"", "\"inf\"", "\"0x10\"", "\".\"", "\"\"", "\"--1\"", "\"1.2.3\"",
                           "\"1 \"", "\".e1\"", "true", "{}"})
    EXPECT_EQ(number(json), "none") << json;
}

TEST(ValueType, MakesBooleansOfWhatBackendsCallThem) {
  for (const char* json : {"true", "\"true\"", "\"1\"", "1", "1.0"})
    EXPECT_EQ(as(ValueType::boolean, json), "true") << json;
  for (const char* json : {"false", "\"false\"", "\"0\"", "0", "0e5"})
    EXPECT_EQ(as(ValueType::boolean, json), "false") << json;
  for (const char* json : {"\"yes\"", "\"TRUE\"", "2", "null", "1.00000000000000000001"})
    EXPECT_EQ(as(ValueType::boolean, json), "none") << json;
}

TEST(ValueType, MakesTextsOfSingleValues) {
  EXPECT_EQ(as(ValueType::string, "42"), "\"42\"");
  EXPECT_EQ(as(ValueType::string, "1.10"), "\"1.10\"");
  EXPECT_EQ(as(ValueType::string, "89014103211118510720"), "\"89014103211118510720\"");
  EXPECT_EQ(as(ValueType::string, "true"), "\"true\"");
  EXPECT_EQ(as(ValueType::string, "{}"), "none");
}

TEST(ValueType, ReadsLiteralsAsJsonWhereTheyAreThat) {
  EXPECT_EQ(mapping::literal("10").dump(), "10");
  EXPECT_EQ(mapping::literal("1.10").dump(), "1.10");
  EXPECT_EQ(mapping::literal("[]").dump(), "[]");
  EXPECT_EQ(mapping::literal("01234").dump(), "\"01234\"");
  EXPECT_EQ(mapping::literal("\"10\"").dump(), "\"10\"");
  EXPECT_EQ(mapping::literal("").dump(), "\"\"");
}

}  // namespace
