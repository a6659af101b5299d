// SPDX-License-Identifier: Apache-2.0
#include "runtime/config/quantity.hpp"

#include <gtest/gtest.h>

namespace fulfilld {
namespace {

using std::chrono::milliseconds;

TEST(Duration, ReadsAWholeNumberWithAUnit) {
  EXPECT_EQ(parse_duration("250ms"), milliseconds(250));
  EXPECT_EQ(parse_duration("5s"), milliseconds(5000));
  EXPECT_EQ(parse_duration("15m"), milliseconds(900000));
  EXPECT_EQ(parse_duration("1h"), milliseconds(3600000));
  EXPECT_EQ(parse_duration("7d"), milliseconds(604800000));
  EXPECT_EQ(parse_duration("0s"), milliseconds(0));
}

TEST(Duration, RefusesEverythingElse) {
  for (const auto* text : {"", "5", "s", "-5s", "+5s", "5 s", " 5s", "5s ", "1.5s", "5sec", "5S", "1m30s", "1e3s",
                           "99999999999999999999s", "9223372036854775807s", "0x5s"})
    EXPECT_FALSE(parse_duration(text)) << text;
}

TEST(Duration, IsWrittenInTheLargestUnitThatFits) {
  for (const auto* text : {"0s", "1ms", "1500ms", "5s", "90s", "15m", "36h", "7d"})
    EXPECT_EQ(duration_text(parse_duration(text).value()), text);
  EXPECT_EQ(duration_text(milliseconds(60000)), "1m");
}

TEST(Size, ReadsAWholeNumberWithAUnit) {
  EXPECT_EQ(parse_size("7B"), 7u);
  EXPECT_EQ(parse_size("512KiB"), 524288u);
  EXPECT_EQ(parse_size("1MiB"), 1048576u);
  EXPECT_EQ(parse_size("2GiB"), 2147483648u);
  for (const auto* text : {"", "1", "1MB", "1 MiB", "-1B", "1.5MiB", "1kib", "9223372036854775807GiB"})
    EXPECT_FALSE(parse_size(text)) << text;
}

TEST(Size, IsWrittenInTheLargestUnitThatFits) {
  for (const auto* text : {"0B", "1000B", "1KiB", "1025KiB", "64MiB", "2GiB"})
    EXPECT_EQ(size_text(parse_size(text).value()), text);
}

TEST(Rate, ReadsANumberInAPeriod) {
  const auto rate = parse_rate("300/min").value();
  EXPECT_EQ(rate.count, 300);
  EXPECT_EQ(rate.period, milliseconds(60000));
  EXPECT_EQ(rate.burst, 0);
  EXPECT_EQ(parse_rate("0.5/s").value().count, 0.5);
  EXPECT_EQ(parse_rate("1000/h").value().period, milliseconds(3600000));
  EXPECT_FALSE(parse_rate("none").value().limited());
}

TEST(Rate, RefusesEverythingElse) {
  for (const auto* text : {"", "/", "300", "300/", "/s", "0/s", "-1/s", "nan/s", "inf/s", "1e400/s", "1/day", "1 /s",
                           "1/ s", "None", "1/s/s", "1e3/s", "10000000000/s"})
    EXPECT_FALSE(parse_rate(text)) << text;
}

TEST(Rate, IsWrittenAsItIsRead) {
  for (const auto* text : {"none", "300/min", "50/s", "0.5/s", "1000/h"})
    EXPECT_EQ(rate_text(parse_rate(text).value()), text);
  EXPECT_EQ(rate_text({.count = 5, .period = milliseconds(500)}), "10/s");
}

}  // namespace
}  // namespace fulfilld
