// SPDX-License-Identifier: Apache-2.0
#include "tests/simulator/wire.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace fulfilld::simulator {
namespace {

WireImage rendered(const char* fault, bool keep_alive = true) {
  Reply reply;
  reply.body = R"({"ok":true})";
  return render(reply, parse_fault_rule(nlohmann::json::parse(fault)).fault, keep_alive, false);
}

TEST(Wire, RendersAnAnswerWithoutAFault) {
  const auto image = rendered("{}");
  EXPECT_EQ(image.bytes,
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{\"ok\":true}");
  EXPECT_EQ(image.head, image.bytes.size() - 11);
  EXPECT_EQ(image.cut, WireImage::no_cut);
  EXPECT_TRUE(image.keep_alive);
}

TEST(Wire, AnnouncesThatItCloses) {
  const auto image = rendered("{}", false);
  EXPECT_THAT(image.bytes, testing::HasSubstr("\r\nConnection: close\r\n"));
  EXPECT_FALSE(image.keep_alive);
}

TEST(Wire, CutsWhereItIsTold) {
  const auto whole = rendered("{}").bytes;
  EXPECT_EQ(rendered(R"({"cut":"reset"})").cut, 0U);
  EXPECT_EQ(rendered(R"({"cut":"hang","after":"head"})").cut, whole.size() - 11);
  EXPECT_EQ(rendered(R"({"cut":"close","after":"half"})").cut, whole.size() - 11 + 5);
  EXPECT_EQ(rendered(R"({"cut":"close","after":"all"})").cut, whole.size());
  EXPECT_EQ(rendered(R"({"cut":"reset","after":3})").cut, 3U);
  EXPECT_EQ(rendered(R"({"cut":"reset","after":100000})").cut, whole.size());
}

TEST(Wire, SaysWhenToComeBack) {
  EXPECT_THAT(rendered(R"({"status":429,"retry_after":2})").bytes, testing::HasSubstr("\r\nRetry-After: 2\r\n"));
  EXPECT_THAT(rendered(R"({"status":503,"retry_after":"later"})").bytes,
              testing::HasSubstr("\r\nRetry-After: later\r\n"));
  EXPECT_THAT(rendered(R"({"status":503,"retry_after_date":-9})").bytes,
              testing::ContainsRegex("\r\nRetry-After: [A-Z][a-z][a-z], [0-9]+ [A-Za-z]+ 20[0-9]+ [0-9:]+ GMT\r\n"));
}

TEST(Wire, ReplacesTheBody) {
  EXPECT_THAT(rendered(R"({"body":"empty"})").bytes, testing::EndsWith("Content-Length: 0\r\n\r\n"));
  EXPECT_THAT(rendered(R"({"body":"html"})").bytes, testing::HasSubstr("Content-Type: text/html\r\n"));
  EXPECT_THAT(rendered(R"({"text":{"a":[1]}})").bytes, testing::EndsWith("\r\n\r\n{\"a\":[1]}"));
  const auto huge = rendered(R"({"body":"huge","size":100000})");
  EXPECT_EQ(huge.bytes.size() - huge.head, 100002U);
  EXPECT_FALSE(nlohmann::json::accept(rendered(R"({"body":"bad_json"})").bytes.substr(huge.head)));
}

TEST(Wire, SendsNoBodyWhereNoneMayBe) {
  EXPECT_THAT(rendered(R"({"status":204})").bytes, testing::EndsWith("\r\n\r\n"));
  EXPECT_THAT(rendered(R"({"status":204})").bytes, testing::Not(testing::HasSubstr("Content-Length")));
}

TEST(Wire, FramesInChunks) {
  EXPECT_THAT(rendered(R"({"wire":"chunked"})").bytes, testing::EndsWith("\r\n\r\nb\r\n{\"ok\":true}\r\n0\r\n\r\n"));
}

TEST(Wire, FramesWrongly) {
  EXPECT_THAT(rendered(R"({"wire":"long_length"})").bytes, testing::HasSubstr("Content-Length: 21\r\n"));
  EXPECT_FALSE(rendered(R"({"wire":"long_length"})").keep_alive);
  EXPECT_THAT(rendered(R"({"wire":"short_length"})").bytes, testing::HasSubstr("Content-Length: 5\r\n"));
  EXPECT_THAT(rendered(R"({"wire":"http10"})").bytes, testing::StartsWith("HTTP/1.0 200"));
  EXPECT_THAT(rendered(R"({"wire":"http10"})").bytes, testing::Not(testing::HasSubstr("Content-Length")));
  EXPECT_THAT(rendered(R"({"wire":"bad_chunk"})").bytes, testing::HasSubstr("\r\n\r\nno-number\r\n"));
  EXPECT_FALSE(rendered(R"({"wire":"endless_body"})").endless.empty());
  EXPECT_EQ(rendered(R"({"wire":"endless_continue"})").bytes, "");
  EXPECT_THAT(rendered(R"({"wire":"garbage"})").bytes, testing::Not(testing::HasSubstr("HTTP/1.1")));
  EXPECT_GT(rendered(R"({"wire":"huge_header","size":1000000})").head, 1000000U);
}

}  // namespace
}  // namespace fulfilld::simulator
