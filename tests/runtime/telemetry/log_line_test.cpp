// SPDX-License-Identifier: Apache-2.0
#include "runtime/telemetry/log_line.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

namespace fulfilld {
namespace {

std::string json_of(std::string_view value) {
  LogLine line(LogFormat::json, "e");
  line.field("v", value);
  return '{' + std::move(line).take();
}

std::string text_of(std::string_view value) {
  LogLine line(LogFormat::text, "e");
  line.field("v", value);
  return std::move(line).take();
}

TEST(LogLine, IsJsonThatReadsBackAsWritten) {
  for (const std::string value : {"", "plain", "a \"quoted\" \\ one", "line\nline\r\ttab", "gr\xc3\xbc\xc3\x9f",
                                  "\xf0\x9f\x9a\x80", "}{\",\"level\":\"forged\""}) {
    const auto parsed = nlohmann::json::parse(json_of(value));
    EXPECT_EQ(parsed.at("v"), value);
    EXPECT_EQ(parsed.size(), 2u);
  }
  const std::string nul("a\0b\x01\x7f", 5);
  EXPECT_EQ(nlohmann::json::parse(json_of(nul)).at("v"), nul);
}

TEST(LogLine, IsOneLineOfValidUtf8WhateverComes) {
  for (int first = 0; first < 256; ++first)
    for (int second = 0; second < 256; ++second) {
      const std::string value{'x', static_cast<char>(first), static_cast<char>(second), 'y'};
      const std::string line = json_of(value);
      ASSERT_TRUE(nlohmann::json::accept(line)) << first << ' ' << second;
      ASSERT_EQ(line.find_first_of("\n\r\x1b"), std::string::npos);
      ASSERT_EQ(text_of(value).find_first_of("\n\r\x1b"), std::string::npos);
    }
}

TEST(LogLine, ReplacesWhatIsNoUtf8) {
  for (const std::string bad : {"\x80", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "\xff"}) {
    const std::string read = nlohmann::json::parse(json_of("a" + bad + "b")).at("v");
    EXPECT_EQ(read.substr(0, 4), "a\xef\xbf\xbd");
    EXPECT_EQ(read.back(), 'b');
  }
}

TEST(LogLine, CutsAnEndlessValue) {
  const std::string read = nlohmann::json::parse(json_of(std::string(1 << 20, 'a'))).at("v");
  EXPECT_EQ(read, std::string(4096, 'a') + "...");
  EXPECT_TRUE(nlohmann::json::accept(json_of(std::string(4095, 'a') + "\xc3\xbc")));
}

TEST(LogLine, KeepsTheOrderOfFieldsAndLeavesOutEmptyOnes) {
  LogLine line(LogFormat::json, "e");
  line.number("n", -5).field_if_any("none", "").field_if_any("some", "x");
  EXPECT_EQ(std::move(line).take(), R"("event":"e","n":-5,"some":"x"})");
}

TEST(LogLine, QuotesTextOnlyWhereItMust) {
  EXPECT_EQ(text_of("api.example.com/x"), "e v=api.example.com/x");
  EXPECT_EQ(text_of(""), "e v=\"\"");
  EXPECT_EQ(text_of("two words"), "e v=\"two words\"");
  EXPECT_EQ(text_of("a=b"), "e v=\"a=b\"");
  EXPECT_EQ(text_of("\x1b[31m\xc2\x9b"), "e v=\"\\u001b[31m\\u009b\"");
}

}  // namespace
}  // namespace fulfilld
