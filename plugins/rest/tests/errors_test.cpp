// SPDX-License-Identifier: Apache-2.0
// What becomes of calls that fail.
#include <fulfill/testing.hpp>
#include <string>

namespace {

using fulfill::testing::Bench;

class RestErrors : public testing::Test {
 protected:
  RestErrors() { bench.setting("url", url).setting("errors.404", "no_such_customer").setting("errors.4xx", "refused"); }

  auto answer(int status, const std::string& body = "") {
    bench.on("GET", url).answer(status, body);
    return bench.run("{}");
  }

  const std::string url = "https://crm.example/";
  Bench bench;
};

TEST_F(RestErrors, HaveTheWordOfTheirStatus) { EXPECT_EQ(answer(404).code(), "no_such_customer"); }

TEST_F(RestErrors, HaveElseTheWordOfTheirClass) { EXPECT_EQ(answer(403).code(), "refused"); }

TEST_F(RestErrors, KeepElseTheReasonOfTheHost) { EXPECT_EQ(answer(500).code(), "backend_status"); }

TEST_F(RestErrors, IncludeRedirects) {
  EXPECT_EQ(answer(302).code(), "backend_redirect");
  bench.setting("errors.3xx", "moved");
  EXPECT_EQ(bench.run("{}").code(), "moved");
}

TEST_F(RestErrors, SayWhichCallFailed) {
  bench.setting("url", "https://crm.example/customers/{{/id}}?key={{secret:key}}").secret("key", "s3cret");
  bench.setting("query.token", "{{secret:key}}");
  bench.otherwise().answer(500, "down");
  EXPECT_EQ(bench.run(R"({"id":"a b"})").message(),
            "GET https://crm.example/customers/a%20b: the backend answered 500: down");
  bench.otherwise().unreachable();
  EXPECT_EQ(bench.run(R"({"id":"7"})").message(), "GET https://crm.example/customers/7: no connection to the backend");
}

TEST_F(RestErrors, ShowNoSecretOfThePath) {
  bench.setting("url", "https://crm.example/{{secret:key}}/x").secret("key", "s3cret");
  bench.otherwise().unreachable();
  EXPECT_EQ(bench.run("{}").message(), "GET https://crm.example/***/x: no connection to the backend");
}

TEST_F(RestErrors, SayWhereARedirectLeads) {
  bench.on("GET", url).answer(307, "", {{"Location", "https://www.shop.example/x?token=1"}});
  EXPECT_EQ(bench.run("{}").message(),
            "GET https://crm.example/: the backend answered 307 to https://www.shop.example/x");
}

TEST_F(RestErrors, HaveTheMessageOfTheBody) {
  bench.setting("error_message", "/error/message");
  EXPECT_EQ(answer(404, R"({"error":{"message":"customer\n42 is gone"}})").message(), "customer 42 is gone");
  ASSERT_EQ(bench.logs().size(), 1U) << "the log tells which call it was";
  EXPECT_TRUE(bench.logs()[0].text().starts_with("GET https://crm.example/: the backend answered 404: {"));
}

TEST_F(RestErrors, AreDecodedLikeAnyAnswer) {
  bench.setting("error_message", "");
  EXPECT_EQ(answer(404, "\xEF\xBB\xBF\"gone\"").message(), "gone");
  bench.on("GET", url).answer(404, "\"M\xFCller\"", {{"Content-Type", "application/json; charset=latin1"}});
  EXPECT_EQ(bench.run("{}").message(), "M\xC3\xBCller");
}

TEST_F(RestErrors, HaveTheDigitsOfTheirCode) {
  bench.setting("error_code", "/code").setting("errors.89014103211118510720", "no_such_sim");
  EXPECT_EQ(answer(404, R"({"code":89014103211118510720})").code(), "no_such_sim");
}

TEST_F(RestErrors, HaveTheMessageOfTheHostIfTheBodyHasNone) {
  bench.setting("error_message", "/error/message");
  EXPECT_EQ(answer(404, "<html>").message(), "GET https://crm.example/: the backend answered 404: <html>");
}

TEST_F(RestErrors, HaveABoundedMessage) {
  bench.setting("error_message", "/m");
  EXPECT_EQ(answer(404, R"({"m":")" + std::string(5000, 'x') + "\"}").message().size(), 300U);
}

TEST_F(RestErrors, HaveTheWordOfTheCodeInTheBodyFirst) {
  bench.setting("error_code", "/code").setting("errors.OUT_OF_STOCK", "out_of_stock").setting("errors.17", "blocked");
  EXPECT_EQ(answer(404, R"({"code":"OUT_OF_STOCK"})").code(), "out_of_stock");
}

TEST_F(RestErrors, MayHaveACodeThatIsANumber) {
  bench.setting("error_code", "/code").setting("errors.17", "blocked");
  EXPECT_EQ(answer(400, R"({"code":17})").code(), "blocked");
}

TEST_F(RestErrors, HaveTheWordOfTheStatusIfTheirCodeHasNone) {
  bench.setting("error_code", "/code");
  EXPECT_EQ(answer(404, R"({"code":{"x":1}})").code(), "no_such_customer");
}

TEST_F(RestErrors, OfTheConnectionKeepTheReasonOfTheHost) {
  bench.on("GET", url).timeout();
  EXPECT_EQ(bench.run("{}").code(), "backend_timeout");
}

TEST_F(RestErrors, ThatLeaveTheOutcomeOpenStayThat) {
  bench.setting("method", "POST").setting("accept", "1xx 2xx 3xx 4xx 5xx");
  bench.on("POST", url).reset();
  EXPECT_EQ(bench.run("{}").code(), "outcome_unknown");
}

TEST_F(RestErrors, DoNotOverflowTheStack) {
  bench.setting("error_code", "/code").setting("error_message", "/m");
  EXPECT_EQ(answer(404, std::string(500'000, '[')).code(), "no_such_customer");
}

}  // namespace
