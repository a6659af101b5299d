// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/callback_body.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>
#include <string>

namespace fulfilld {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;
using namespace std::string_literals;

const WallTime time{1795471464123ms};

TEST(CallbackBody, CompleteIsExactlyTheContract) {
  EXPECT_EQ(complete_body(R"({"a":1})", time),
            R"({"status":"complete","result":{"success":true,"externalResponse":{"a":1},)"
            R"("processedAt":"2026-11-23T22:04:24.123Z"}})");
}

TEST(CallbackBody, CompletePassesTheAnswerOnByteForByte) {
  for (const std::string answer : {"null", "1e400", "12345678901234567890123", "\"\\u0000\"", " [ 1 ,2 ] ",
                                   "{\"a\":1,\"a\":2}", "0.10", "\"\xc3\xa4\""}) {
    EXPECT_NE(complete_body(answer, time).find("\"externalResponse\":" + answer + ",\"processedAt\""),
              std::string::npos)
        << answer;
  }
}

TEST(CallbackBody, CompleteTakesAnswersOfAnySize) {
  const std::string large = "\"" + std::string(5 << 20, 'x') + "\"";
  EXPECT_EQ(json::parse(complete_body(large, time))["result"]["externalResponse"].get_ref<const std::string&>().size(),
            5u << 20);
}

TEST(CallbackBody, FailedIsExactlyTheContract) {
  EXPECT_EQ(failed_body("backend_timeout", "The backend did not answer in time", time),
            R"({"status":"failed","result":{"success":false,"errorCode":"backend_timeout",)"
            R"("errorMessage":"The backend did not answer in time","failedAt":"2026-11-23T22:04:24.123Z"}})");
}

TEST(CallbackBody, FailedTellsTheAttemptsWhereThereAreAny) {
  const auto body = failed_body("backend_status", "no", time,
                                {{.attempt = 1, .status = 503, .reason = Reason::backend_status, .elapsed = 12ms},
                                 {.attempt = 2, .status = 0, .reason = Reason::backend_timeout, .elapsed = 5000ms},
                                 {.attempt = 1, .status = 200, .reason = Reason::none, .elapsed = 3ms}});
  EXPECT_EQ(body, R"({"status":"failed","result":{"success":false,"errorCode":"backend_status","errorMessage":"no",)"
                  R"("failedAt":"2026-11-23T22:04:24.123Z","attempts":[)"
                  R"({"attempt":1,"ms":12,"status":503,"reason":"backend_status"},)"
                  R"({"attempt":2,"ms":5000,"reason":"backend_timeout"},{"attempt":1,"ms":3,"status":200}]}})");
}

TEST(CallbackBody, FailedEscapesQuotesAndControlCharacters) {
  const auto text = "\"\\\r\n\t\x01\x1f</script>\x7f\0end"s;
  const auto body = failed_body(text, text, time);
  EXPECT_EQ(body.find('\n'), std::string::npos);
  EXPECT_EQ(body.find('\0'), std::string::npos);
  EXPECT_EQ(json::parse(body)["result"]["errorMessage"], text);
  EXPECT_EQ(json::parse(body)["result"]["errorCode"], text);
}

TEST(CallbackBody, FailedKeepsGoodUtf8) {
  const std::string text = "Grüße, 世界 🙂";
  EXPECT_EQ(json::parse(failed_body("x", text, time))["result"]["errorMessage"], text);
}

TEST(CallbackBody, FailedReplacesInvalidUtf8) {
  for (const std::string garbage : {"\xff", "\xc3", "\xe2\x82", "\xf0\x9f\x99", "\xed\xa0\x80", "\xc0\xaf", "\x80"}) {
    const auto body = failed_body("x", "before " + garbage + " after", time);
    ASSERT_TRUE(json::accept(body));
    const auto message = json::parse(body)["result"]["errorMessage"].get<std::string>();
    EXPECT_EQ(message.rfind("before \xef\xbf\xbd", 0), 0u) << message;
    EXPECT_NE(message.find(" after"), std::string::npos) << message;
  }
}

TEST(CallbackBody, InPlaceOfOneThatIsTooLargeAFailedOneOfTheSameTimeGoes) {
  const auto large = complete_body("\"" + std::string(700000, 'x') + "\"", time);
  const auto expected = R"({"status":"failed","result":{"success":false,"errorCode":"result_too_large","errorMessage":)"
                        R"("The result is larger than the platform takes: it has 700110 bytes",)"
                        R"("failedAt":"2026-11-23T22:04:24.123Z"}})"s;
  EXPECT_EQ(too_large_body(large), expected);
  EXPECT_EQ(too_large_body(large), expected) << "the same whenever it is made";
}

TEST(CallbackBody, WhatAResultHoldsDoesNotMisleadTheOneInItsPlace) {
  for (const auto* answer : {R"({"processedAt":"1999","failedAt":"1999"})", R"(["a","processedAt","b"])",
                             R"({"status":"failed","result":{"success":false,"errorCode":"x","failedAt":"1999"}})"})
    EXPECT_EQ(json::parse(too_large_body(complete_body(answer, time)))["result"]["failedAt"],
              "2026-11-23T22:04:24.123Z");
  const auto of_failed = json::parse(too_large_body(
      failed_body("no_such_customer", R"(said ","failedAt":"1999" and \","failedAt":"1998")", time, {{.attempt = 1}})));
  EXPECT_EQ(of_failed["result"]["errorCode"], "no_such_customer") << "it says more";
  EXPECT_EQ(of_failed["result"]["failedAt"], "2026-11-23T22:04:24.123Z");
  EXPECT_FALSE(of_failed["result"].contains("attempts"));
}

TEST(CallbackBody, InPlaceOfAnythingElseThereIsStillAFailedOne) {
  for (const std::string other : {"", "x", R"({"status":"failed"})", R"(,"processedAt":")",
                                  R"({"status":"failed","result":{"success":false,"errorCode":")"})
    EXPECT_EQ(json::parse(too_large_body(other))["status"], "failed") << other;
}

TEST(CallbackBody, FailedIsJsonWhateverBytesItIsGiven) {
  std::mt19937 random(20261123);
  for (int round = 0; round < 5000; ++round) {
    std::string noise(random() % 64, ' ');
    for (auto& c : noise) c = static_cast<char>(random());
    ASSERT_TRUE(json::accept(failed_body(noise, noise, time)));
  }
}

}  // namespace
}  // namespace fulfilld
