// SPDX-License-Identifier: Apache-2.0
#include "../value_type.hpp"

#include <gtest/gtest.h>

namespace {

using fulfill::Json;
using mapping::converted;
using mapping::ValueType;

TEST(ValueType, MakesIntegersOfWhatIsOneAndOfNothingElse) {
  EXPECT_EQ(converted("12", ValueType::integer), Json(12));
  EXPECT_EQ(converted("-7", ValueType::integer), Json(-7));
  EXPECT_EQ(converted(12.0, ValueType::integer)->dump(), "12");
  EXPECT_EQ(converted(18446744073709551615U, ValueType::integer), Json(18446744073709551615U));
  for (const Json& value : {Json("12.5"), Json(12.5), Json("12x"), Json(" 12"), Json("+12"), Json("0x1"), Json(true),
                            Json("99999999999999999999"), Json(1e300), Json(9007199254740992.0), Json::array()})
    EXPECT_EQ(converted(value, ValueType::integer), std::nullopt) << value;
}

TEST(ValueType, MakesNumbersOfTexts) {
  EXPECT_EQ(converted("59.80", ValueType::number), Json(59.8));
  EXPECT_EQ(converted("1e3", ValueType::number), Json(1000.0));
  EXPECT_EQ(converted(7, ValueType::number), Json(7));
  for (const Json& value : {Json("59,80"), Json("nan"), Json("inf"), Json("1e999"), Json("0x10"), Json(true)})
    EXPECT_EQ(converted(value, ValueType::number), std::nullopt) << value;
}

TEST(ValueType, MakesBooleansOfWhatBackendsCallThem) {
  for (const Json& value : {Json(true), Json("true"), Json("1"), Json(1)})
    EXPECT_EQ(converted(value, ValueType::boolean), Json(true)) << value;
  for (const Json& value : {Json(false), Json("false"), Json("0"), Json(0)})
    EXPECT_EQ(converted(value, ValueType::boolean), Json(false)) << value;
  for (const Json& value : {Json("yes"), Json("TRUE"), Json(2), Json(nullptr)})
    EXPECT_EQ(converted(value, ValueType::boolean), std::nullopt) << value;
}

TEST(ValueType, MakesTextsOfSingleValues) {
  EXPECT_EQ(converted(42, ValueType::string), Json("42"));
  EXPECT_EQ(converted(1.5, ValueType::string), Json("1.5"));
  EXPECT_EQ(converted(true, ValueType::string), Json("true"));
  EXPECT_EQ(converted(Json::object(), ValueType::string), std::nullopt);
}

TEST(ValueType, MakesNoTextOfANumberWhoseDigitsAreLost) {
  const Json rounded = Json::parse("123456789012345678901234567890");
  EXPECT_EQ(mapping::text_of(rounded), std::nullopt);
  EXPECT_EQ(mapping::text_of(Json::parse("18446744073709551615")), "18446744073709551615");
}

TEST(ValueType, ReadsLiteralsAsJsonWhereTheyAreThat) {
  EXPECT_EQ(mapping::literal("10"), Json(10));
  EXPECT_EQ(mapping::literal("[]"), Json::array());
  EXPECT_EQ(mapping::literal("01234"), Json("01234"));
  EXPECT_EQ(mapping::literal("\"10\""), Json("10"));
  EXPECT_EQ(mapping::literal(""), Json(""));
}

}  // namespace
