// SPDX-License-Identifier: Apache-2.0
#include "runtime/config/dotenv.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fulfilld {
namespace {

std::string value_of(const std::string& text) {
  const auto parsed = parse_dotenv(text, ".env");
  EXPECT_TRUE(parsed.problems.empty()) << text << parsed.problems.front().text();
  const auto found = parsed.variables.find("A");
  return found == parsed.variables.end() ? "(none)" : found->second.text;
}

TEST(Dotenv, ReadsPlainValues) {
  EXPECT_EQ(value_of("A=b"), "b");
  EXPECT_EQ(value_of("  A = b c \r\n"), "b c");
  EXPECT_EQ(value_of("export A=b\n"), "b");
  EXPECT_EQ(value_of("A="), "");
  EXPECT_EQ(value_of("A=b=c=="), "b=c==");
  EXPECT_EQ(value_of("A=b\nA=c"), "c");
  EXPECT_EQ(value_of("\xef\xbb\xbf"
                     "A=b"),
            "b");
  EXPECT_EQ(value_of("A=$HOME"), "$HOME");
}

TEST(Dotenv, DropsComments) {
  EXPECT_EQ(value_of("# A=x\n\n   # y\nA=b # c"), "b");
  EXPECT_EQ(value_of("A=#b"), "");
  EXPECT_EQ(value_of("A=https://a/#b"), "https://a/#b");
  EXPECT_EQ(value_of("A='b # c' # d"), "b # c");
}

TEST(Dotenv, ReadsQuotedValues) {
  EXPECT_EQ(value_of("A='b \\n \"c\"'"), "b \\n \"c\"");
  EXPECT_EQ(value_of("A=`'b' \"c\"`"), "'b' \"c\"");
  EXPECT_EQ(value_of(R"(A="b\nc\"d\\n\t")"), "b\nc\"d\\n\\t");
  EXPECT_EQ(value_of("A=''"), "");
  EXPECT_EQ(value_of("A=b'c'"), "b'c'");
}

TEST(Dotenv, LetsAQuotedValueSpanLinesAndCountsOn) {
  const auto parsed = parse_dotenv("A='1\n2\n3'\nB=4\nnonsense\n", ".env");
  EXPECT_EQ(parsed.variables.at("A").text, "1\n2\n3");
  EXPECT_EQ(parsed.variables.at("A").line, 1u);
  EXPECT_EQ(parsed.variables.at("B").line, 4u);
  ASSERT_EQ(parsed.problems.size(), 1u);
  EXPECT_EQ(parsed.problems[0].place.line, 5u);
}

TEST(Dotenv, ReportsEveryLineThatIsNoAssignmentWithoutRepeatingIt) {
  for (const auto* text : {"hunter2", "=hunter2", "1A=hunter2", "A B=hunter2", "A-B=hunter2", "A='hunter2",
                           "A=\"hunter2\\\"", "A='x' hunter2", "export hunter2"}) {
    const auto parsed = parse_dotenv(std::string(text) + "\nB=c", ".env");
    ASSERT_EQ(parsed.problems.size(), 1u) << text;
    EXPECT_EQ(parsed.problems[0].place.line, 1u);
    EXPECT_THAT(parsed.problems[0].text(), testing::Not(testing::HasSubstr("hunter2")));
    EXPECT_EQ(parsed.variables.count("B"), 1u) << text;
    EXPECT_EQ(parsed.variables.count("A"), 0u) << text;
  }
}

}  // namespace
}  // namespace fulfilld
