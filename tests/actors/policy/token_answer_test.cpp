// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/token_answer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>
#include <vector>

namespace fulfilld {
namespace {

using std::chrono::seconds;
using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

HttpAnswer answer_of(std::string body, int status = 200) {
  HttpAnswer answer;
  answer.status = status;
  answer.body = std::move(body);
  answer.request_sent = true;
  return answer;
}

seconds lifetime_of(const std::string& expires_in) {
  const auto answer = read_token_answer(answer_of(R"({"access_token":"abc","expires_in":)" + expires_in + "}"));
  EXPECT_EQ(answer.access_token, "abc") << expires_in;
  return answer.lifetime;
}

TEST(TokenAnswer, ReadsTokenAndLifetime) {
  const auto answer = read_token_answer(answer_of(R"({"access_token":"a.b-c_d~e+f/g=","token_type":"bearer",)"
                                                  R"("expires_in":86399,"more":[1,{"x":null}]})"));
  EXPECT_EQ(answer.access_token, "a.b-c_d~e+f/g=");
  EXPECT_EQ(answer.lifetime, 86399s);
  EXPECT_THAT(answer.problem, IsEmpty());
}

TEST(TokenAnswer, ALifetimeMayBeANumberInQuotesOrAFraction) {
  EXPECT_EQ(lifetime_of(R"("3600")"), 3600s);
  EXPECT_EQ(lifetime_of("3600.9"), 3600s);
  EXPECT_EQ(lifetime_of("1"), 1s);
}

TEST(TokenAnswer, AnUnusableLifetimeIsFiveMinutes) {
  for (const auto* value :
       {"0", "-1", "-86400", "0.5", "null", "true", "[]", "{}", R"("")", R"("soon")", R"("-5")", R"("nan")", "-1e308"})
    EXPECT_EQ(lifetime_of(value), 300s) << value;
  EXPECT_EQ(read_token_answer(answer_of(R"({"access_token":"abc"})")).lifetime, 300s);
}

TEST(TokenAnswer, AHugeLifetimeIsCutToThirtyDays) {
  for (const auto* value :
       {"2592001", "1e15", "1e308", "18446744073709551615", "99999999999999999999999", R"("1e300")", R"("inf")"})
    EXPECT_EQ(lifetime_of(value), 720h) << value;
}

TEST(TokenAnswer, WhatElseItHoldsIsNoReasonToRefuseIt) {
  for (const auto* more : {R"("org":"call me \ud83d")", R"("\uDE00":"\uDE00\uD83D")", R"("id":89014103211118510720)",
                           R"("quota":1E400)", R"("expires_at":-1e400)"}) {
    const auto answer =
        read_token_answer(answer_of(R"({"access_token":"abc","expires_in":60,)" + std::string(more) + "}"));
    EXPECT_EQ(answer.access_token, "abc") << more;
    EXPECT_EQ(answer.lifetime, 60s) << more;
  }
  EXPECT_EQ(lifetime_of("1e400"), 720h);
  EXPECT_EQ(lifetime_of("-1e400"), 300s);
}

TEST(TokenAnswer, IsReadInTheCharsetThatItNames) {
  const auto in = [](std::string body, const std::string& charset, int status) {
    auto answer = answer_of(std::move(body), status);
    answer.fields.push_back({"Content-Type", "application/json; charset=" + charset});
    return read_token_answer(answer);
  };
  EXPECT_EQ(in("{\"access_token\":\"abc\",\"org\":\"M\xfcller\"}", "ISO-8859-1", 200).access_token, "abc");
  EXPECT_EQ(in("\xef\xbb\xbf{\"access_token\":\"abc\"}", "utf-8", 200).access_token, "abc");
  EXPECT_EQ(in("{\"error\":\"invalid_client\",\"error_description\":\"M\xfcller\"}", "\"windows-1252\"", 401).problem,
            "status 401 (invalid_client: M\xc3\xbcller); are client_id, client_secret and send_as right?");
  std::string wide;
  for (const char c : std::string(R"({"access_token":"abc"})")) wide.append({c, '\0'});
  EXPECT_EQ(in(wide, "utf-16", 200).access_token, "abc");
  EXPECT_EQ(in("{\"access_token\":\"abc\",\"org\":\"M\xfcller\"}", "x-none", 200).problem,
            "the answer is in the charset \"x-none\", which cannot be decoded");
  EXPECT_EQ(in("{\"error\":\"M\xfcller\"}", "x-none", 400).problem,
            "status 400 (the answer is in the charset \"x-none\", which cannot be decoded)");
}

TEST(TokenAnswer, WithoutATokenThereIsAProblem) {
  for (const auto* body :
       {"", " ", "null", "[]", "\"abc\"", "{", "{}", "<html><body>502</body></html>", R"({"access_token":null})",
        R"({"access_token":""})", R"({"access_token":17})", R"({"access_token":["abc"]})", R"({"token":"abc"})",
        "{\"access_token\":\"abc\"", "{\"access_token\":\"abc\"}{}", "{\"access_token\":\"\xff\"}"}) {
    const auto answer = read_token_answer(answer_of(body));
    EXPECT_THAT(answer.access_token, IsEmpty()) << body;
    EXPECT_THAT(answer.problem, Not(IsEmpty())) << body;
  }
}

TEST(TokenAnswer, ATokenThatWouldBreakTheHeaderIsNone) {
  for (const auto* token : {"a b", " a", "a\\r\\nX-Injected: 1", "a\\u0000b", "a\\tb", "\\u00e4", "a\\u007f"}) {
    const auto answer = read_token_answer(answer_of(R"({"access_token":")" + std::string(token) + "\"}"));
    EXPECT_THAT(answer.access_token, IsEmpty()) << token;
    EXPECT_THAT(answer.problem, HasSubstr("forbidden characters")) << token;
  }
}

TEST(TokenAnswer, TheEndpointsOwnWordsTellAWrongSecretFromAWrongUrl) {
  const auto problem = [](const char* body, int status) { return read_token_answer(answer_of(body, status)).problem; };
  EXPECT_EQ(problem(R"({"error":"invalid_client","error_description":"unknown id"})", 401),
            "status 401 (invalid_client: unknown id); are client_id, client_secret and send_as right?");
  EXPECT_EQ(problem(R"({"code":"invalid.client","message":"no"})", 400), "status 400 (invalid.client: no)");
  EXPECT_EQ(problem("<html>Not found</html>", 404), "status 404; is token_url right?");
  EXPECT_EQ(problem(R"({"error":17.5})", 400), "status 400");
}

TEST(TokenAnswer, ARefusalThatComesWithASuccessIsARefusal) {
  for (const auto* body : {R"({"error":"incorrect_client_credentials","error_description":"are incorrect."})",
                           "error=incorrect_client_credentials&error_description=are+incorrect."}) {
    const auto answer = read_token_answer(answer_of(body));
    EXPECT_EQ(answer.problem, "status 200 (incorrect_client_credentials: are incorrect.)");
    EXPECT_TRUE(answer.lasting);
  }
  EXPECT_EQ(read_token_answer(answer_of(R"({"error":"no","access_token":"abc"})")).access_token, "abc");
}

TEST(TokenAnswer, SaysWhatItIsThatIsNoJson) {
  auto page = answer_of("<html>Log in</html>");
  page.fields.push_back({"Content-Type", "text/html; charset=utf-8"});
  EXPECT_EQ(read_token_answer(page).problem,
            "the answer is not a JSON object but text/html; charset=utf-8; is token_url right?");
}

TEST(TokenAnswer, TellsAPlainTextAndWhereARedirectLeads) {
  auto answer = answer_of("Client authentication\nfailed", 401);
  answer.fields.push_back({"Content-Type", "text/plain; charset=utf-8"});
  EXPECT_EQ(read_token_answer(answer).problem,
            "status 401 (Client authentication failed); are client_id, client_secret and send_as right?");
  for (const auto& [location, place] : std::vector<std::pair<std::string, std::string>>{
           {"https://u:s3cr3t@sso.example/login?code=s3cr3t#x", "https://sso.example/login"},
           {"//u@sso.example/a@b", "//sso.example/a@b"},
           {"/login?s3cr3t", "/login"}}) {
    auto redirect = answer_of("", 307);
    redirect.fields.push_back({"Location", location});
    EXPECT_EQ(read_token_answer(redirect).problem, "status 307 to " + place + ", which is not followed");
  }
  EXPECT_EQ(read_token_answer(answer_of("", 307)).problem, "status 307");
}

TEST(TokenAnswer, OnlyABearerTokenCanBeUsed) {
  const auto of_type = [](const std::string& type) {
    return read_token_answer(answer_of(R"({"access_token":"abc","token_type":)" + type + "}"));
  };
  for (const auto* type : {R"("Bearer")", R"("bearer")", R"("BEARER")", R"("BearerToken")", R"("Bearer ")", "null"})
    EXPECT_EQ(of_type(type).access_token, "abc") << type;
  EXPECT_EQ(of_type(R"("mac")").problem, "its token_type is \"mac\", and only bearer can be used");
  for (const auto* type : {R"("mac")", R"("MAC")", R"("DPoP")", R"("N_A")", R"("")", "17", "[]", "{}"}) {
    EXPECT_THAT(of_type(type).access_token, IsEmpty()) << type;
    EXPECT_THAT(of_type(type).problem, HasSubstr("token_type")) << type;
    EXPECT_TRUE(of_type(type).lasting) << type;
  }
}

TEST(TokenAnswer, NoProblemEverTellsAToken) {
  const std::string with_token = R"({"access_token":"s3cr3t-t0k3n","refresh_token":"s3cr3t-t0k3n","expires_in":1})";
  for (const int status : {301, 400, 401, 500, 503})
    EXPECT_THAT(read_token_answer(answer_of(with_token, status)).problem, Not(HasSubstr("s3cr3t"))) << status;
  for (const auto& body : {with_token + "x", "[" + with_token + "]", std::string(R"({"access_token":"s3cr3t t0k3n"})")})
    EXPECT_THAT(read_token_answer(answer_of(body)).problem, Not(HasSubstr("s3cr3t"))) << body;
}

TEST(TokenAnswer, ATokenInAnAnswerThatIsNotASuccessIsNotTaken) {
  EXPECT_THAT(read_token_answer(answer_of(R"({"access_token":"abc"})", 400)).access_token, IsEmpty());
  EXPECT_THAT(read_token_answer(answer_of(R"({"access_token":"abc"})", 302)).access_token, IsEmpty());
  auto cut = answer_of(R"({"access_token":"abc"})");
  cut.failure = HttpFailure::reset;
  EXPECT_THAT(read_token_answer(cut).access_token, IsEmpty());
}

TEST(TokenAnswer, ProblemsStayShort) {
  const std::string words(100000, 'x');
  EXPECT_LT(read_token_answer(answer_of(R"({"error":")" + words + R"(","error_description":")" + words + "\"}", 400))
                .problem.size(),
            700u);
}

TEST(TokenAnswer, AFailureBelowHttpIsToldInItsOwnWords) {
  HttpAnswer answer;
  answer.failure = HttpFailure::connect;
  answer.detail = "connect: Connection refused";
  EXPECT_EQ(read_token_answer(answer).problem, "connect: Connection refused");
  answer.detail.clear();
  EXPECT_EQ(read_token_answer(answer).problem, "no answer");
}

TEST(TokenAnswer, AnyBytesAreATokenOrAProblemNeverBoth) {
  std::mt19937 random(20261123);
  const std::string good = R"({"access_token":"abc","expires_in":3600})";
  for (int round = 0; round < 20000; ++round) {
    std::string body = good;
    for (int n = 0; n < 3; ++n) body[random() % body.size()] = static_cast<char>(random());
    const auto answer = read_token_answer(answer_of(body));
    ASSERT_NE(answer.access_token.empty(), answer.problem.empty()) << body;
    if (!answer.access_token.empty()) {
      ASSERT_GE(answer.lifetime, 1s) << body;
      ASSERT_LE(answer.lifetime, 720h) << body;
    }
  }
}

TEST(RefreshAfter, EightyPerCentOfALifeButNotWithinTenSeconds) {
  EXPECT_EQ(refresh_after(86400s), 69120s);
  EXPECT_EQ(refresh_after(300s), 240s);
  EXPECT_EQ(refresh_after(12s), 10s);
  EXPECT_EQ(refresh_after(1s), 10s);
  EXPECT_EQ(refresh_after(720h), 576h);
}

}  // namespace
}  // namespace fulfilld
