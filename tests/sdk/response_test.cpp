// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <fulfill/error.hpp>
#include <fulfill/response.hpp>
#include <fulfill/result.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fulfill {
namespace {

fulfill_text lend(std::string_view text) { return {text.data(), text.size()}; }

Response response(int status, const std::vector<std::pair<std::string, std::string>>& headers, std::string_view body) {
  std::vector<fulfill_field> fields;
  for (const auto& [name, value] : headers) fields.push_back({lend(name), lend(value)});
  fulfill_answer_v1 answer{};
  answer.size = sizeof answer;
  answer.status = status;
  answer.fields = fields.data();
  answer.field_count = fields.size();
  answer.body = lend(body);
  return Response(answer);
}

TEST(Response, KeepsItsBytesWhenTheHostTakesTheAnswerBack) {
  const Response copy = response(201, {{"A", "1"}, {"Content-Type", "text/plain"}, {"Empty", ""}}, "body");
  EXPECT_EQ(copy.status(), 201);
  EXPECT_TRUE(copy.ok());
  EXPECT_EQ(copy.body(), "body");
  ASSERT_EQ(copy.header_count(), 3u);
  EXPECT_EQ(copy.header(std::size_t{1}).name(), "Content-Type");
  EXPECT_EQ(copy.header(std::size_t{1}).value(), "text/plain");
  EXPECT_EQ(copy.header(std::size_t{2}).value(), "");
}

TEST(Response, FindsHeadersWithoutRegardToCase) {
  const Response answer = response(200, {{"Retry-After", "3"}, {"retry-after", "4"}}, "");
  EXPECT_EQ(answer.header("retry-AFTER"), "3");
  EXPECT_EQ(answer.header("Retry"), "");
}

TEST(Response, TwoXxAreOk) {
  EXPECT_FALSE(response(199, {}, "").ok());
  EXPECT_TRUE(response(299, {}, "").ok());
  EXPECT_FALSE(response(300, {}, "").ok());
}

TEST(Response, MovesAndCopies) {
  Response first = response(200, {{"A", "1"}}, "a body that is longer than any small string");
  Response second = std::move(first);
  const Response third = second;
  EXPECT_EQ(third.body(), "a body that is longer than any small string");
  EXPECT_EQ(second.header("a"), "1");
}

TEST(Response, IsADocumentWithTheDigitsThatCame) {
  EXPECT_EQ(response(200, {}, "\xEF\xBB\xBF[1.10,1e400]").document().dump(), "[1.10,1e400]");
  EXPECT_THROW((void)response(200, {}, "<html>").document(), Failed);
}

TEST(Response, GivesItsTextDecoded) {
  EXPECT_EQ(response(200, {{"content-type", "text/plain; charset=iso-8859-1"}}, "M\xFCller").text(), "M\xC3\xBCller");
  EXPECT_EQ(response(200, {}, "\xEF\xBB\xBFx").text(), "x");
}

TEST(Result, PassesOnNumbersThatNobodyCouldHoldAndHalvesOfCharacters) {
  for (const char* json : {"1e400", "[89014103211118510720]", R"("\ud83d")"})
    EXPECT_EQ(Result::pass_on(response(200, {}, json)).text(), json);
}

TEST(Result, PassesOnUtf8WithoutAMark) {
  EXPECT_EQ(Result::pass_on(response(200, {}, "\xEF\xBB\xBF{ }")).text(), "{ }");
  EXPECT_EQ(Result::pass_on(response(200, {{"Content-Type", "a/b; charset=latin1"}}, "\"\xFC\"")).text(),
            "\"\xC3\xBC\"");
}

TEST(Result, PassesOnNothingThatIsNotJson) {
  try {
    (void)Result::pass_on(response(200, {}, "<html>"));
    FAIL();
  } catch (const Failed& failed) {
    EXPECT_EQ(failed.code(), "backend_bad_answer");
    EXPECT_EQ(failed.message(), "the backend's answer is not JSON");
  }
}

TEST(Result, PassesAnAnswerOnByteForByte) {
  EXPECT_EQ(Result::pass_on(response(200, {{"A", "1"}}, " {\"a\" : 1.0}\n")).text(), " {\"a\" : 1.0}\n");
  EXPECT_TRUE(Result::pass_on(response(200, {}, "1")).from_backend());
  EXPECT_FALSE(Result::raw("1").from_backend());
}

TEST(Result, TakesAnEmptyAnswerForNull) {
  for (const char* nothing : {"", " \r\n", "\xEF\xBB\xBF"})
    EXPECT_EQ(Result::pass_on(response(204, {}, nothing)).text(), "null");
}

}  // namespace
}  // namespace fulfill
