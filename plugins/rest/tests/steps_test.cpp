// SPDX-License-Identifier: Apache-2.0
// Several calls, one after the other.
#include <fulfill/testing.hpp>
#include <string>

namespace {

using fulfill::Json;
using fulfill::testing::Bench;

class RestSteps : public testing::Test {
 protected:
  RestSteps() {
    bench.setting("base_url", "https://shop.example");
    bench.setting("steps.0.name", "customer").setting("steps.0.url", "/customers");
    bench.setting("steps.0.query.phone", "{{/phone}}").setting("steps.0.errors.404", "no_such_customer");
    bench.setting("steps.1.url", "/orders").setting("steps.1.body", R"({"customer":"{{customer:/id}}"})");
    bench.setting("steps.1.errors.404", "shop_closed");
  }

  void customer_is(const std::string& json) { bench.on("GET", customers).answer(200, json); }
  auto run() { return bench.run(R"({"phone":"+44"})"); }

  const std::string customers = "https://shop.example/customers?phone=%2B44";
  const std::string orders = "https://shop.example/orders";
  Bench bench;
};

TEST_F(RestSteps, SeeWhatEarlierOnesWereAnswered) {
  customer_is(R"({"id":42})");
  bench.on("POST", orders).answer(201, R"({"id":7})");
  EXPECT_EQ(run().text(), R"({"id":7})");
  ASSERT_EQ(bench.calls().size(), 2U);
  EXPECT_EQ(bench.calls()[1].body(), R"({"customer":42})");
}

TEST_F(RestSteps, GiveTheResultTogether) {
  bench.setting("result.name", "customer:/name").setting("result.order", "/id").setting("result.phone", "input:/phone");
  customer_is(R"({"id":42,"name":"Ada"})");
  bench.on("POST", orders).answer(201, R"({"id":7})");
  EXPECT_EQ(run().json(), Json({{"name", "Ada"}, {"order", 7}, {"phone", "+44"}}));
}

TEST_F(RestSteps, EndWithTheFirstThatFails) {
  bench.on("GET", customers).answer(404);
  EXPECT_EQ(run().code(), "no_such_customer");
  EXPECT_EQ(bench.calls().size(), 1U);
}

TEST_F(RestSteps, AreNamedInTheLogWhereOneFails) {
  bench.on("GET", customers).answer(404);
  EXPECT_EQ(run().code(), "no_such_customer");
  ASSERT_EQ(bench.logs().size(), 1U);
  EXPECT_EQ(bench.logs()[0].text(), "no_such_customer in step customer (GET https://shop.example/customers)");
}

TEST_F(RestSteps, HaveWordsForErrorsOfTheirOwn) {
  customer_is(R"({"id":42})");
  bench.on("POST", orders).answer(404);
  EXPECT_EQ(run().code(), "shop_closed");
}

TEST_F(RestSteps, DoNotTrustEarlierAnswers) {
  customer_is(R"({"name":"Ada"})");
  const auto outcome = run();
  EXPECT_EQ(outcome.code(), "backend_bad_answer");
  EXPECT_EQ(outcome.message(),
            "step customer (GET https://shop.example/customers): the answer's customer:/id is missing");
}

TEST_F(RestSteps, SayWhichOfThemFailed) {
  bench.on("GET", customers).unreachable();
  EXPECT_EQ(run().message(), "step customer (GET https://shop.example/customers): no connection to the backend");
  customer_is(R"({"id":42})");
  bench.on("POST", orders).answer(302, "", {{"Location", "/login"}});
  EXPECT_EQ(run().message(), "step 2 (POST https://shop.example/orders): the backend answered 302 to /login");
}

TEST_F(RestSteps, LeaveTheOutcomeOpenOnceAnUnsafeOneIsDoneAndItsAnswerIsOfNoUse) {
  bench.setting("steps.0.method", "POST");
  bench.on("POST", customers).answer(201, R"({"name":"Ada"})");
  const auto outcome = run();
  EXPECT_EQ(outcome.code(), "outcome_unknown") << "a later step needs the id";
  EXPECT_EQ(
      outcome.message(),
      "step customer (POST https://shop.example/customers): the call was carried out, but the answer's customer:/id "
      "is missing");
  bench.on("POST", customers).answer(201, "<html>");
  EXPECT_EQ(run().code(), "outcome_unknown");
  bench.on("POST", customers).answer(201, R"({"id":"../x"})");
  bench.setting("steps.1.url", "/orders/{{customer:/id}}");
  EXPECT_EQ(run().code(), "outcome_unknown");
}

TEST_F(RestSteps, BlameASafeOneForItsOwnAnswerOnly) {
  bench.setting("steps.0.method", "POST").setting("steps.1.operation", "safe").setting("result.id", "/id");
  bench.on("POST", customers).answer(201, R"({"id":42})");
  bench.on("POST", orders).answer(200, "{}");
  EXPECT_EQ(run().code(), "backend_bad_answer");
  bench.setting("result.id", "customer:/number");
  EXPECT_EQ(run().code(), "outcome_unknown");
}

TEST_F(RestSteps, LetNoAnswerLeadOutOfThePathNorAddAHeader) {
  bench.setting("steps.1.url", "/orders/{{customer:/id}}").setting("steps.1.headers.X-Name", "{{customer:/name|}}");
  customer_is(R"({"id":"../admin"})");
  EXPECT_EQ(run().code(), "backend_bad_answer");
  customer_is(R"({"id":1,"name":"a\r\nb"})");
  EXPECT_EQ(run().code(), "backend_bad_answer");
}

TEST_F(RestSteps, AreSkippedWithoutWhatTheyAreFor) {
  bench.setting("steps.1.when", "customer:/id").setting("steps.1.name", "order");
  bench.setting("result.order", "order:/id").setting("defaults.order", "null");
  for (const char* customer : {"{}", R"({"id":null})", R"({"id":false})"}) {
    customer_is(customer);
    EXPECT_EQ(run().json(), Json({{"order", nullptr}})) << customer;
    EXPECT_EQ(bench.calls().size(), 1U);
  }
}

TEST_F(RestSteps, HaveTheResultNullIfTheLastIsSkipped) {
  bench.setting("steps.1.when", "/order");
  customer_is(R"({"id":42})");
  EXPECT_EQ(run().json(), Json(nullptr));
}

TEST_F(RestSteps, GoOnAfterAnAcceptedStatus) {
  bench.setting("steps.0.accept", "404").setting("steps.1.body", R"({"customer":"{{customer:/id|null}}"})");
  bench.on("GET", customers).answer(404, "<html>");
  bench.on("POST", orders).answer(201, "{}");
  EXPECT_TRUE(run().complete());
  EXPECT_EQ(bench.calls()[1].body(), R"({"customer":null})");
}

TEST_F(RestSteps, SendSecretsOnlyWhereTheyAreNamed) {
  bench.setting("steps.1.headers.Authorization", "Bearer {{secret:token}}").secret("token", "s3cret");
  customer_is(R"({"id":42})");
  bench.on("POST", orders).answer(201, "{}");
  EXPECT_TRUE(run().complete());
  EXPECT_EQ(bench.calls()[0].header("Authorization"), "");
  EXPECT_EQ(bench.calls()[1].header("Authorization"), "Bearer s3cret");
}

TEST_F(RestSteps, TakeNoKeysRightUnderTheSettings) {
  bench.setting("url", "https://shop.example/");
  EXPECT_NE(bench.refusal().find("unknown setting \"url\""), std::string::npos);
}

}  // namespace
