// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/token_error.hpp"

#include <gtest/gtest.h>

#include <string>

namespace fulfilld {
namespace {

std::string words(std::string_view body) { return read_token_error(body).words; }

// As the standard has it, and as Okta, Apigee, Azure, Keycloak, Spring, GitHub do.
TEST(TokenError, IsFoundWhateverItsForm) {
  EXPECT_EQ(words(R"({"error":"invalid_client","error_description":"Bad id","error_uri":"https://x"})"),
            "invalid_client: Bad id");
  EXPECT_EQ(words(R"({"error_description":"Bad id","error":"invalid_client"})"), "invalid_client: Bad id");
  EXPECT_EQ(words(R"({"errorCode":"E0000011","errorSummary":"Invalid token provided","errorLink":"E0000011"})"),
            "E0000011: Invalid token provided");
  EXPECT_EQ(words(R"({"ErrorCode":"invalid_client","Error":"ClientId is Invalid"})"),
            "ClientId is Invalid: invalid_client");
  EXPECT_EQ(words(R"({"fault":{"faultstring":"Invalid client","detail":{"errorcode":"oauth.v2.InvalidClient"}}})"),
            "Invalid client: oauth.v2.InvalidClient");
  EXPECT_EQ(words(R"({"error":{"code":401,"message":"no such client"}})"), "401: no such client");
  EXPECT_EQ(words(R"({"errors":[],"error":[{"code":"a"},{"code":"b"}]})"), "a");
  EXPECT_EQ(words(R"({"errors":[{"code":"E1","message":"Client disabled"}]})"), "E1: Client disabled");
  EXPECT_EQ(words(R"({"errors":["Client disabled","more"]})"), "Client disabled");
  EXPECT_EQ(words(R"({"errors":"Client disabled"})"), "Client disabled");
  EXPECT_EQ(words("error=bad_verification&error_description=It+is%20over%21&x=y"), "bad_verification: It is over!");
  EXPECT_EQ(words("x=y&error=only"), "only");
}

TEST(TokenError, IsFoundBesideWhatNoMachineTypeHolds) {
  EXPECT_EQ(words(R"({"error":"invalid_client","error_description":"half \ud83d"})"),
            "invalid_client: half \xef\xbf\xbd");
  EXPECT_EQ(words(R"({"error":"invalid_client","trace":1e400})"), "invalid_client");
  EXPECT_EQ(words(R"({"error":{"code":89014103211118510720}})"), "89014103211118510720");
}

TEST(TokenError, IsNoneWhereNothingIsSaid) {
  for (const auto* body : {"", "{}", "[]", "null", "\"error\"", "{\"error\":null}", "{\"error\":\"\"}", "{\"error\":",
                           "<html>error</html>", "a=b", "{\"access_token\":\"s3cr3t\",\"id_token\":\"x\"}"})
    EXPECT_EQ(words(body), "") << body;
}

TEST(TokenError, IsOneShortLine) {
  EXPECT_EQ(words(R"({"error":"AADSTS7\r\nTrace ID: 1\u0000\u001b[31m\t 2"})"), "AADSTS7 Trace ID: 1 [31m 2");
  const std::string much(100000, 'x');
  EXPECT_LT(words(R"({"error":")" + much + R"(","message":")" + much + "y" + R"(","detail":")" + much + "z\"}").size(),
            620u);
  std::string accents;
  for (int n = 0; n < 150; ++n) accents += "\xc3\xa9";
  const auto cut = words(R"({"error":"x)" + accents + "\"}");
  EXPECT_EQ(cut.size() % 2, 1u) << "no letter is cut in two";
  EXPECT_EQ(words("error=" + std::string(100000, '%')).size(), 200u);
}

TEST(TokenError, IsNotLookedForInTheDepths) {
  std::string deep;
  for (int n = 0; n < 100000; ++n) deep += R"([{"error":)";
  EXPECT_EQ(words(deep), "");
  deep += "\"x\"";
  for (int n = 0; n < 100000; ++n) deep += "}]";
  EXPECT_EQ(words(deep), "");
  EXPECT_EQ(words(std::string(100000, '[') + std::string(100000, ']')), "");
}

TEST(LastingRefusal, OfTheClientItIs) {
  EXPECT_TRUE(is_lasting_refusal(401, {}));
  EXPECT_TRUE(is_lasting_refusal(400, {}));
  EXPECT_TRUE(is_lasting_refusal(401, read_token_error(R"({"error":"invalid_client"})")));
  EXPECT_TRUE(is_lasting_refusal(400, read_token_error(R"({"error":"whatever"})")));
  EXPECT_TRUE(is_lasting_refusal(403, read_token_error(R"({"error":"unauthorized_client"})")));
  EXPECT_TRUE(is_lasting_refusal(200, read_token_error(R"({"error":"incorrect_client_credentials"})")));
}

TEST(LastingRefusal, OfWhatMayPassItIsNot) {
  for (const int status : {301, 403, 404, 408, 425, 429, 500, 502, 503}) EXPECT_FALSE(is_lasting_refusal(status, {}));
  EXPECT_FALSE(is_lasting_refusal(404, read_token_error(R"({"error":"Not Found"})")));
  EXPECT_FALSE(is_lasting_refusal(500, read_token_error(R"({"error":"invalid_client"})")));
  EXPECT_FALSE(is_lasting_refusal(429, read_token_error(R"({"error":"invalid_request"})")));
  for (const auto* word : {"slow_down", "temporarily_unavailable", "server_error", "too_many_requests"})
    for (const int status : {200, 400, 401, 403})
      EXPECT_FALSE(is_lasting_refusal(status, {.code = word, .words = word})) << word;
  EXPECT_FALSE(is_lasting_refusal(200, {}));
}

}  // namespace
}  // namespace fulfilld
