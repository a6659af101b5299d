// SPDX-License-Identifier: Apache-2.0
// The way of a result to the fulfillmentUrl, and the token that it needs.
#include "tests/integration/fulfilld_test.hpp"

namespace fulfilld::integration {
namespace {

class Callback : public FulfilldTest {
 protected:
  void set_authorization(const std::string& mode) { set_text("callback", "authorization", mode); }

  /// Authorization of the one callback of that execution.
  [[nodiscard]] std::string authorization_of(const std::string& id) const {
    const auto callbacks = simulator.callbacks(id);
    return callbacks.empty() ? "" : callbacks.back().at("headers").value("authorization", "");
  }

  [[nodiscard]] std::string body_with_token(const std::string& id, const std::string& token) const {
    auto body = execute_body(id);
    body.pop_back();
    return body + R"(,"fulfillmentToken":")" + token + "\"}";
  }
};

TEST_F(Callback, IsRepeatedWithTheSameBodyUntilItIsTaken) {
  const auto service = start();
  EXPECT_EQ(result_of(service, "e-1", "{}", "status=503&times=3").at("status"), "complete");
  ASSERT_TRUE(service.logged("delivered", "e-1"));
  const auto callbacks = simulator.callbacks("e-1");
  ASSERT_EQ(callbacks.size(), 4U);
  for (const auto& callback : callbacks) EXPECT_EQ(callback.at("body"), callbacks[0].at("body"));
  EXPECT_EQ(simulator.counts().at("backend_calls"), 1);
}

TEST_F(Callback, WaitsForAsLongAsGenesysAsks) {
  const auto service = start();
  EXPECT_EQ(result_of(service, "e-1", "{}", "status=429&retry_after=1&times=1").at("status"), "complete");
  const auto callbacks = simulator.callbacks("e-1");
  ASSERT_EQ(callbacks.size(), 2U);
  EXPECT_GE(gap_ms(callbacks[0], callbacks[1]), 990);
}

TEST_F(Callback, IsGivenUpAfterItsOwnTimeLimitAndRepeated) {
  set_text("callback", "retry.attempt_timeout", "250ms");
  const auto service = start();
  EXPECT_EQ(result_of(service, "e-1", "{}", "cut=hang&times=1").at("status"), "complete");
  const auto callbacks = simulator.callbacks("e-1");
  ASSERT_EQ(callbacks.size(), 2U);
  EXPECT_TRUE(callbacks[0].contains("abandoned_after_ms"));
  EXPECT_GE(service.events("attempt_ended", "e-1").at(1).at("ms"), 250) << "the first is the backend's";
}

class AnyAnswer : public Callback, public testing::WithParamInterface<std::string> {};

TEST_P(AnyAnswer, OfThe2xxKindIsASuccess) {
  const auto service = start();
  EXPECT_EQ(result_of(service, "e-1", "{}", GetParam()).at("status"), "complete");
  ASSERT_TRUE(service.logged("delivered", "e-1"));
  EXPECT_EQ(simulator.counts().at("callback_requests"), 1) << "no second callback";
}

INSTANTIATE_TEST_SUITE_P(Kind, AnyAnswer,
                         testing::Values("body=empty", "body=html", "body=bad_json", "status=204", "status=202",
                                         "wire=chunked", "wire=http10"));

class LastingRefusal : public Callback, public testing::WithParamInterface<std::string> {};

TEST_P(LastingRefusal, EndsTheDelivery) {
  const auto service = start();
  send(service, "e-1", "{}", GetParam());
  ASSERT_TRUE(service.logged("not_delivered", "e-1"));
  EXPECT_EQ(simulator.counts().at("callback_requests"), 1);
  EXPECT_EQ(simulator.counts().at("callbacks"), 0);
}

INSTANTIATE_TEST_SUITE_P(Status, LastingRefusal,
                         testing::Values("status=400", "status=404", "status=410", "status=302&location=/elsewhere",
                                         "status=307&location=/api/v2/dataactions/fulfillments/other"));

TEST_F(Callback, NeverSaysFailedAfterACompleteThatMayHaveBeenTaken) {
  const auto service = start();
  send(service, "e-1", "{}", "cut=reset&after=half&times=2");
  ASSERT_TRUE(service.logged("delivered", "e-1"));
  EXPECT_EQ(simulator.outcomes(), Json::parse(R"({"e-1":{"complete":3,"failed":0}})"));
  const auto callbacks = simulator.callbacks("e-1");
  EXPECT_EQ(callbacks[0].at("body"), callbacks[2].at("body"));
}

TEST_F(Callback, FetchesOneTokenForMany) {
  const auto service = start();
  for (int i = 0; i < 40; ++i) send(service, "e-" + std::to_string(i));
  ASSERT_TRUE(simulator.wait({{"callbacks", 40}}));
  EXPECT_EQ(simulator.counts().at("token_requests"), 1);
}

TEST_F(Callback, FetchesOneNewTokenAfter401AndRepeats) {
  const auto service = start();
  ASSERT_EQ(result_of(service, "e-1").at("status"), "complete");
  simulator.revoke_tokens();
  EXPECT_EQ(result_of(service, "e-2").at("status"), "complete");
  EXPECT_EQ(simulator.counts().at("token_requests"), 2);
  const auto callbacks = simulator.callbacks("e-2");
  ASSERT_EQ(callbacks.size(), 2U);
  EXPECT_EQ(callbacks[0].at("status"), 401);
}

TEST_F(Callback, SendsTheTokenThatGenesysSentAlongWhenToldSo) {
  set_authorization("fulfillment_token");
  unset("credentials.genesys");
  simulator.configure({{"callback", {{"fulfillment_token", "sent-along"}}}});
  const auto service = start();
  ASSERT_EQ(service.execute(body_with_token("e-1", "sent-along")).status, 202);
  EXPECT_EQ(taken_result("e-1").at("status"), "complete");
  EXPECT_EQ(authorization_of("e-1"), "Bearer sent-along");
}

TEST_F(Callback, SendsItsOwnTokenByDefaultWhateverWasSentAlong) {
  const auto service = start();
  ASSERT_EQ(service.execute(body_with_token("e-1", "sent-along")).status, 202);
  EXPECT_EQ(taken_result("e-1").at("status"), "complete");
  EXPECT_THAT(authorization_of("e-1"), testing::StartsWith("Bearer simulated-token-"));
}

TEST_F(Callback, PrefersTheTokenSentAlongWhenEitherWillDo) {
  set_authorization("fulfillment_token_or_oauth");
  simulator.configure({{"callback", {{"fulfillment_token", "sent-along"}}}});
  const auto service = start();
  ASSERT_EQ(service.execute(body_with_token("with", "sent-along")).status, 202);
  EXPECT_EQ(taken_result("with").at("status"), "complete");
  EXPECT_EQ(authorization_of("with"), "Bearer sent-along");
  EXPECT_EQ(result_of(service, "without").at("status"), "complete");
  EXPECT_THAT(authorization_of("without"), testing::StartsWith("Bearer simulated-token-"));
}

TEST_F(Callback, AsksForItsTokenByHttpBasic) {
  simulator.configure({{"token", {{"credentials_in", "basic"}}}});
  const auto service = start();
  EXPECT_EQ(result_of(service, "e-1").at("status"), "complete");
  const auto asked = simulator.record().at("token").at(0);
  EXPECT_EQ(asked.at("body"), "grant_type=client_credentials");
  EXPECT_EQ(asked.at("headers").at("content-type"), "application/x-www-form-urlencoded");
}

TEST_F(Callback, AsksForItsTokenByFormFieldsAsTheTutorialDoes) {
  simulator.configure({{"token", {{"credentials_in", "form"}}}});
  set_text("credentials.genesys", "send_as", "form");
  set_text("credentials.genesys", "scope", "dataactions:write");
  const auto service = start();
  EXPECT_EQ(result_of(service, "e-1").at("status"), "complete");
  const auto asked = simulator.record().at("token").at(0);
  EXPECT_FALSE(asked.at("headers").contains("authorization"));
  EXPECT_THAT(asked.at("body").get<std::string>(), testing::HasSubstr("scope=dataactions%3Awrite"));
}

class TokenTrouble : public Callback, public testing::WithParamInterface<std::string> {};

TEST_P(TokenTrouble, CostsDelayNeverAnExecution) {
  simulator.configure(Json::parse(GetParam()));
  set_text("credentials.genesys", "retry.attempt_timeout", "300ms");
  const auto service = start();
  EXPECT_EQ(result_of(service, "e-1").at("status"), "complete");
  EXPECT_EQ(result_of(service, "e-2").at("status"), "complete");
  EXPECT_EQ(simulator.counts().at("backend_calls"), 2);
}

INSTANTIATE_TEST_SUITE_P(Kind, TokenTrouble,
                         testing::Values(R"({"token":{"faults":[{"status":503,"times":2}]}})",
                                         R"({"token":{"faults":[{"status":429,"retry_after":1,"times":1}]}})",
                                         R"({"token":{"faults":[{"cut":"hang","times":1}]}})",
                                         R"({"token":{"faults":[{"cut":"reset","times":1}]}})",
                                         R"({"token":{"faults":[{"body":"html","times":1}]}})",
                                         R"({"token":{"faults":[{"body":"empty","times":1}]}})",
                                         R"({"token":{"expires_in":null}})", R"({"token":{"expires_in":0}})",
                                         R"({"token":{"expires_in":"soon"}})"));

}  // namespace
}  // namespace fulfilld::integration
