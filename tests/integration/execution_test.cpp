// SPDX-License-Identifier: Apache-2.0
// The way of an execution: from POST /execute over the backend to its result.
#include "tests/integration/fulfilld_test.hpp"

namespace fulfilld::integration {
namespace {

constexpr const char* iso_8601 = "20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?Z";

/// Retry-After, and the wall clock by which fulfilld reckons a date, have a resolution of their own.
constexpr double one_second_ms = 990;

class Execution : public FulfilldTest {
 protected:
  /// Retried quickly, given up quickly.
  void set_attempt_timeout(const std::string& timeout) {
    set_text("actions.default", "retry.attempt_timeout", timeout);
  }
};

TEST_F(Execution, TravelsFromAcceptOverTheBackendToItsResult) {
  const auto service = start();
  const std::string data = R"({"b": 1.0,  "a":"\u00e9 ü\/", "n":12345678901234567890, "l":[1, 2,{"x":null}]})";
  const auto reply = service.execute(execute_body("e-1", data));
  EXPECT_EQ(reply.status, 202);
  EXPECT_EQ(reply.body, R"({"status":"accepted","executionId":"e-1"})");
  EXPECT_EQ(reply.fields.at("content-type"), "application/json");

  const auto result = taken_result("e-1");
  const auto calls = simulator.backend_calls();
  ASSERT_EQ(calls.size(), 1U);
  EXPECT_EQ(calls[0].at("body"), data) << "data must reach the backend byte for byte";
  EXPECT_EQ(calls[0].at("method"), "POST");
  EXPECT_EQ(calls[0].at("target"), "/backend/crm");
  EXPECT_EQ(calls[0].at("headers").at("content-type"), "application/json");
  EXPECT_EQ(calls[0].at("headers").at("authorization"), std::string("Bearer ") + backend_token);
  EXPECT_EQ(calls[0].at("headers").at("idempotency-key"), "e-1");

  EXPECT_EQ(result.at("status"), "complete");
  EXPECT_EQ(result.at("result").at("success"), true);
  EXPECT_EQ(result.at("result").at("externalResponse").at("echo"), Json::parse(data));
  EXPECT_THAT(result.at("result").at("processedAt").get<std::string>(), testing::MatchesRegex(iso_8601));
  EXPECT_THAT(simulator.callbacks("e-1")[0].at("body").get<std::string>(), testing::HasSubstr(data))
      << "the backend's answer must reach Genesys byte for byte";
  EXPECT_EQ(simulator.callbacks("e-1")[0].at("headers").at("content-type"), "application/json");
}

TEST_F(Execution, IsNamedAfterTheLastSegmentOfItsUrl) {
  const auto service = start();
  const auto id_for = [&](const std::string& segment) {
    return Json::parse(service.execute(execute_body(segment, R"({"simulate":{"hold":true}})", "x=/y")).body)
        .at("executionId")
        .get<std::string>();
  };
  EXPECT_EQ(id_for("Abc-1.2_3"), "Abc-1.2_3");
  const auto ours = id_for("not%20an%20id");
  EXPECT_THAT(ours, testing::MatchesRegex("[A-Za-z0-9._-]{1,128}"));
  EXPECT_NE(ours, id_for(std::string(129, 'x')));
}

TEST_F(Execution, RunsTheActionOfItsPath) {
  set_text("actions.orders.settings", "url", simulator.backend() + "/backend/orders");
  const auto service = start();
  EXPECT_EQ(service.execute(execute_body("e-1"), "orders").status, 202);
  EXPECT_EQ(taken_result("e-1").at("status"), "complete");
  const auto calls = simulator.backend_calls();
  ASSERT_EQ(calls.size(), 1U);
  EXPECT_EQ(calls[0].at("target"), "/backend/orders");
  EXPECT_FALSE(calls[0].at("headers").contains("authorization")) << "the token belongs to the other action";
}

TEST_F(Execution, SucceedsWhenTheThirdAttemptDoes) {
  const auto service = start();
  EXPECT_EQ(result_of(service, "e-1", simulate(R"({"status":503,"times":2})")).at("status"), "complete");
  const auto calls = simulator.backend_calls("e-1");
  ASSERT_EQ(calls.size(), 3U);
  EXPECT_EQ(calls[0].at("body"), calls[2].at("body"));
}

TEST_F(Execution, FailsAfterThreeAttemptsAtABackendThatNeverAnswers) {
  set_attempt_timeout("250ms");
  const auto service = start();
  const auto result = result_of(service, "e-1", simulate(R"({"cut":"hang"})"));
  EXPECT_EQ(result.at("status"), "failed");
  EXPECT_EQ(result.at("result").at("success"), false);
  EXPECT_EQ(result.at("result").at("errorCode"), "backend_timeout");
  EXPECT_FALSE(result.at("result").at("errorMessage").get<std::string>().empty());
  EXPECT_THAT(result.at("result").at("failedAt").get<std::string>(), testing::MatchesRegex(iso_8601));
  EXPECT_EQ(result.at("result").size(), 4U) << "no stack trace, no list of attempts: " << result;
  EXPECT_TRUE(simulator.wait({{"backend_abandoned", 3}}));
  EXPECT_EQ(simulator.counts().at("backend_calls"), 3);
  ASSERT_TRUE(service.logged("delivered", "e-1"));
  const auto attempts = service.events("attempt_ended", "e-1");
  ASSERT_EQ(attempts.size(), 4U) << "the last is the callback's";
  for (int i = 0; i < 3; ++i) EXPECT_GE(attempts[i].at("ms"), 250);
}

TEST_F(Execution, ListsItsAttemptsOnlyWhenAsked) {
  set("callback", "report_attempts", "true");
  const auto service = start();
  const auto result = result_of(service, "e-1", simulate(R"({"status":500})")).at("result");
  ASSERT_TRUE(result.contains("attempts")) << result;
  EXPECT_EQ(result.at("attempts").size(), 3U);
}

TEST_F(Execution, LimitsTheWholeAttemptNotItsSingleReads) {
  set_attempt_timeout("300ms");
  const auto service = start();
  const auto result = result_of(service, "e-1", simulate(R"({"drip_ms":50,"drip":"body"})"));
  EXPECT_EQ(result.at("result").at("errorCode"), "backend_timeout");
}

TEST_F(Execution, MayWaitForAConnectionForLongerThanAnAttemptLasts) {
  set_attempt_timeout("1s");
  set("targets.default", "connections", "1");
  const auto service = start();
  const std::vector<std::string> ids{"e-1", "e-2", "e-3", "e-4"};
  for (const auto& id : ids) send(service, id, simulate(R"({"delay_ms":400})"));
  for (const auto& id : ids) EXPECT_EQ(taken_result(id).at("status"), "complete");
  EXPECT_EQ(simulator.counts().at("backend_calls"), 4);
  EXPECT_EQ(simulator.counts().at("backend_connections"), 1);
}

TEST_F(Execution, OpensNoMoreConnectionsThanTheTargetMayHave) {
  set("targets.default", "connections", "3");
  const auto service = start();
  for (int i = 0; i < 12; ++i) send(service, "e-" + std::to_string(i), simulate(R"({"delay_ms":50})"));
  ASSERT_TRUE(simulator.wait({{"callbacks", 12}}));
  EXPECT_LE(simulator.counts().at("backend_connections"), 3);
}

TEST_F(Execution, UsesAConnectionAgain) {
  const auto service = start();
  for (int i = 0; i < 10; ++i) ASSERT_EQ(result_of(service, "e-" + std::to_string(i)).at("status"), "complete");
  EXPECT_EQ(simulator.counts().at("backend_connections"), 1);
  EXPECT_LE(simulator.counts().at("genesys_connections"), 2);
}

TEST_F(Execution, CallsAgainWhenAnIdleConnectionHasGoneStale) {
  const auto service = start();
  ASSERT_EQ(result_of(service, "e-1", simulate(R"({"cut":"reset","after":"all"})")).at("status"), "complete");
  EXPECT_EQ(result_of(service, "e-2").at("status"), "complete");
}

TEST_F(Execution, HearsARedirectAsAnErrorAndFollowsNone) {
  const auto service = start();
  const auto fault = R"({"status":302,"location":")" + simulator.backend() + R"(/backend/elsewhere"})";
  const auto result = result_of(service, "e-1", simulate(fault));
  EXPECT_EQ(result.at("result").at("errorCode"), "backend_redirect");
  EXPECT_EQ(simulator.counts().at("backend_calls"), 1);
}

TEST_F(Execution, FailsWhenTheAnswerIsNoJson) {
  const auto service = start();
  EXPECT_EQ(result_of(service, "e-1", simulate(R"({"body":"bad_json"})")).at("status"), "failed");
  EXPECT_EQ(result_of(service, "e-2", simulate(R"({"body":"html"})")).at("status"), "failed");
}

TEST_F(Execution, FailsWhenTheAnswerIsTooLarge) {
  const auto service = start();
  const auto result = result_of(service, "e-1", simulate(R"({"body":"huge"})"));
  EXPECT_EQ(result.at("result").at("errorCode"), "answer_too_large");
  EXPECT_EQ(simulator.counts().at("backend_calls"), 1);
}

TEST_F(Execution, FailsWhenNobodyListens) {
  simulator.configure({{"accept", {{"backend", {{"kind", "refuse"}}}}}});
  const auto service = start();
  EXPECT_EQ(result_of(service, "e-1").at("result").at("errorCode"), "backend_unreachable");
}

TEST_F(Execution, IsToldOfEveryWayInWhichAnAnswerCanBreak) {
  set_attempt_timeout("500ms");
  set("targets.default", "breaker.enabled", "false");
  const auto service = start();
  const std::map<std::string, std::string> broken{{"reset", R"({"cut":"reset"})"},
                                                  {"reset-in-head", R"({"cut":"reset","after":20})"},
                                                  {"closed", R"({"cut":"close"})"},
                                                  {"truncated", R"({"cut":"close","after":"half"})"},
                                                  {"head-only", R"({"cut":"hang","after":"head"})"},
                                                  {"wrong-length", R"({"wire":"long_length"})"},
                                                  {"bad-chunk", R"({"wire":"bad_chunk"})"},
                                                  {"garbage", R"({"wire":"garbage"})"},
                                                  {"endless", R"({"wire":"endless_body"})"},
                                                  {"continue", R"({"wire":"endless_continue","drip_ms":1})"},
                                                  {"huge-header", R"({"wire":"huge_header"})"}};
  for (const auto& [id, fault] : broken) send(service, id, simulate(fault));
  for (const auto& [id, fault] : broken) EXPECT_EQ(taken_result(id).at("status"), "failed") << id;
  EXPECT_EQ(result_of(service, "afterwards").at("status"), "complete");
}

TEST_F(Execution, UnderstandsEveryFramingThatIsAllowed) {
  const auto service = start();
  for (const auto* wire : {"chunked", "http10"}) {
    const auto result = result_of(service, wire, simulate(R"({"wire":")" + std::string(wire) + R"("})"));
    EXPECT_EQ(result.at("status"), "complete") << wire;
  }
}

TEST_F(Execution, RunsOnceHoweverOftenItIsSent) {
  const auto service = start();
  const auto body = execute_body("e-1", R"({"a":1})");
  for (int i = 0; i < 3; ++i) {
    const auto reply = service.execute(body);
    EXPECT_EQ(reply.status, 202);
    EXPECT_EQ(Json::parse(reply.body).at("executionId"), "e-1");
  }
  static_cast<void>(taken_result("e-1"));
  ASSERT_TRUE(service.logged("delivered", "e-1"));
  EXPECT_EQ(simulator.counts().at("backend_calls"), 1);
  EXPECT_EQ(simulator.counts().at("callback_requests"), 1);
}

class Waiting : public Execution, public testing::WithParamInterface<std::string> {};

TEST_P(Waiting, IsForAsLongAsTheBackendAsks) {
  const auto service = start();
  ASSERT_EQ(result_of(service, "e-1", simulate(GetParam())).at("status"), "complete");
  const auto calls = simulator.backend_calls("e-1");
  ASSERT_EQ(calls.size(), 2U);
  EXPECT_GE(gap_ms(calls[0], calls[1]), one_second_ms);
}

INSTANTIATE_TEST_SUITE_P(RetryAfter, Waiting,
                         testing::Values(R"({"status":429,"retry_after":1,"times":1})",
                                         R"({"status":503,"retry_after":1,"times":1})",
                                         R"({"status":429,"retry_after_date":1,"times":1})",
                                         R"({"status":503,"retry_after_date":1,"times":1})"));

class Refused : public Execution, public testing::WithParamInterface<int> {};

TEST_P(Refused, IsNotTriedAgain) {
  const auto service = start();
  const auto result = result_of(service, "e-1", simulate(R"({"status":)" + std::to_string(GetParam()) + "}"));
  EXPECT_EQ(result.at("result").at("errorCode"), "backend_status");
  EXPECT_EQ(simulator.counts().at("backend_calls"), 1);
}

INSTANTIATE_TEST_SUITE_P(Status, Refused, testing::Values(400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 451));

class Passing : public Execution, public testing::WithParamInterface<int> {};

TEST_P(Passing, IsTriedAgain) {
  const auto service = start();
  const auto fault = R"({"times":1,"status":)" + std::to_string(GetParam()) + "}";
  EXPECT_EQ(result_of(service, "e-1", simulate(fault)).at("status"), "complete");
  EXPECT_EQ(simulator.counts().at("backend_calls"), 2);
}

INSTANTIATE_TEST_SUITE_P(Status, Passing, testing::Values(408, 425, 429, 500, 502, 503, 504));

}  // namespace
}  // namespace fulfilld::integration
