// SPDX-License-Identifier: Apache-2.0
// The simulator as a process, seen by a client: what it promises to the tests that build on it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/system/system_error.hpp>
#include <future>

#include "tests/integration/simulator_client.hpp"

namespace fulfilld::integration {
namespace {

constexpr const char* program = FULFILLD_SIMULATOR;
/// Long enough for a request to arrive on a busy machine, for clients that give up then.
constexpr std::chrono::seconds a_while{1};

constexpr const char* basic_id_secret = "Basic aWQ6c2VjcmV0";

class Simulator : public testing::Test {
 protected:
  SimulatorClient simulator{program};

  [[nodiscard]] HttpReply fetch_token(const std::string& query = {}) const {
    HttpCall request;
    request.method = "POST";
    request.url = simulator.token_url() + query;
    request.fields = {{"Authorization", basic_id_secret}, {"Content-Type", "application/x-www-form-urlencoded"}};
    request.body = "grant_type=client_credentials";
    return call(request);
  }

  [[nodiscard]] std::string token() const {
    return Json::parse(fetch_token().body).at("access_token").get<std::string>();
  }

  [[nodiscard]] HttpReply post_result(const std::string& bearer, const std::string& id, const std::string& query = {},
                                      const std::string& status = "complete") const {
    HttpCall request;
    request.method = "POST";
    request.url = simulator.fulfillment_url(id, query);
    request.fields = {{"Authorization", "Bearer " + bearer}, {"Content-Type", "application/json"}};
    request.body = Json{{"status", status}, {"result", Json::object()}}.dump();
    return call(request);
  }

  [[nodiscard]] HttpReply call_backend(const std::string& body, std::chrono::milliseconds limit = patience) const {
    HttpCall request;
    request.method = "POST";
    request.url = simulator.backend() + "/backend/crm";
    request.body = body;
    request.limit = limit;
    return call(request);
  }
};

TEST_F(Simulator, IssuesATokenForCredentialsByBasicOrByForm) {
  const auto basic = Json::parse(fetch_token().body);
  EXPECT_EQ(basic.at("token_type"), "bearer");
  EXPECT_EQ(basic.at("expires_in"), 86400);

  HttpCall form;
  form.method = "POST";
  form.url = simulator.token_url();
  form.body = "grant_type=client_credentials&client_id=id&client_secret=a%26b";
  EXPECT_NE(Json::parse(call(form).body).at("access_token"), basic.at("access_token"));
  EXPECT_EQ(simulator.counts().at("tokens_issued"), 2);
}

TEST_F(Simulator, RefusesWrongCredentials) {
  simulator.configure({{"token", {{"client_id", "id"}, {"client_secret", "other"}}}});
  EXPECT_EQ(fetch_token().status, 401);
  simulator.configure({{"token", {{"client_secret", "secret"}}}});
  EXPECT_EQ(fetch_token().status, 200);
  simulator.configure({{"token", {{"credentials_in", "form"}}}});
  EXPECT_EQ(fetch_token().status, 401);
}

TEST_F(Simulator, SaysOfATokensLifetimeWhatItIsTold) {
  simulator.configure({{"token", {{"expires_in", nullptr}}}});
  EXPECT_FALSE(Json::parse(fetch_token().body).contains("expires_in"));
  simulator.configure({{"token", {{"expires_in", 0}}}});
  EXPECT_EQ(Json::parse(fetch_token().body).at("expires_in"), 0);
  EXPECT_THAT(fetch_token("?body=html").body, testing::StartsWith("<!doctype html>"));
}

TEST_F(Simulator, TakesAResultOnlyWithAValidToken) {
  EXPECT_EQ(post_result("made-up", "e1").status, 401);
  const auto bearer = token();
  EXPECT_EQ(post_result(bearer, "e1").status, 200);
  simulator.revoke_tokens();
  EXPECT_EQ(post_result(bearer, "e1").status, 401);
  simulator.configure({{"callback", {{"fulfillment_token", "from-genesys"}}}});
  EXPECT_EQ(post_result("from-genesys", "e1").status, 200);
  simulator.configure({{"callback", {{"check_authorization", false}}}});
  EXPECT_EQ(post_result("made-up", "e2").status, 200);
}

TEST_F(Simulator, ForgetsATokenWhenItsLifetimeIsOver) {
  simulator.configure({{"token", {{"lifetime_ms", 0}}}});
  EXPECT_EQ(post_result(token(), "e1").status, 401);
}

TEST_F(Simulator, CountsAnExecutionOnceHoweverOftenItIsReported) {
  const auto bearer = token();
  ASSERT_EQ(post_result(bearer, "e1", "", "in-progress").status, 200);
  EXPECT_EQ(simulator.counts().at("callbacks"), 0);
  ASSERT_EQ(post_result(bearer, "e1").status, 200);
  ASSERT_EQ(post_result(bearer, "e1", "", "failed").status, 200);
  const auto counts = simulator.counts();
  EXPECT_EQ(counts.at("callbacks"), 1);
  EXPECT_EQ(counts.at("callback_duplicates"), 1);
  EXPECT_EQ(counts.at("callback_contradictions"), 1);
  EXPECT_EQ(counts.at("progress"), 1);
  EXPECT_EQ(simulator.outcomes(), Json::parse(R"({"e1":{"complete":1,"failed":1}})"));
}

TEST_F(Simulator, RefusesWhatIsNoResult) {
  EXPECT_EQ(post_result(token(), "e1", "", "done").status, 400);
  EXPECT_EQ(simulator.counts().at("callbacks"), 0);
}

TEST_F(Simulator, FailsTheFirstAttemptsOfAnExecutionByItsQuery) {
  const auto bearer = token();
  EXPECT_EQ(post_result(bearer, "e1", "status=503&times=1&retry_after=2").fields.at("retry-after"), "2");
  EXPECT_EQ(post_result(bearer, "e1", "status=503&times=1&retry_after=2").status, 200);
  EXPECT_EQ(post_result(bearer, "e2", "status=503&times=1").status, 503);
  const auto seen = simulator.callbacks("e1");
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_FALSE(seen[0].at("taken").get<bool>());
  EXPECT_TRUE(seen[1].at("taken").get<bool>());
}

TEST_F(Simulator, EchoesTheBodyByteForByte) {
  EXPECT_EQ(call_backend(R"({"n": 1.0,  "s":"\u00e9"})").body,
            R"({"ok":true,"attempt":1,"echo":{"n": 1.0,  "s":"\u00e9"}})");
}

TEST_F(Simulator, FailsTheFirstAttemptsOfACallByItsBody) {
  const std::string body = R"({"simulate":{"status":503,"times":2}})";
  EXPECT_EQ(call_backend(body).status, 503);
  EXPECT_EQ(call_backend(body).status, 503);
  EXPECT_EQ(call_backend(body).status, 200);
  EXPECT_EQ(call_backend(R"({"simulate":{"statsu":503}})").status, 400);
}

TEST_F(Simulator, NotesWhoGaveUpWaiting) {
  EXPECT_THROW(static_cast<void>(call_backend(R"({"simulate":{"cut":"hang"}})", a_while)), boost::system::system_error);
  ASSERT_TRUE(simulator.wait({{"backend_abandoned", 1}}));
  const auto calls = simulator.backend_calls();
  ASSERT_EQ(calls.size(), 1U);
  EXPECT_GT(calls[0].at("abandoned_after_ms").get<double>(), 0);
  EXPECT_EQ(calls[0].at("status"), 0);
}

TEST_F(Simulator, CutsAnAnswerOff) {
  for (const auto* fault : {R"({"cut":"close"})", R"({"cut":"reset"})", R"({"cut":"close","after":"half"})",
                            R"({"cut":"reset","after":40})", R"({"wire":"long_length"})", R"({"wire":"bad_chunk"})",
                            R"({"wire":"garbage"})"})
    EXPECT_THROW(static_cast<void>(call_backend(R"({"simulate":)" + std::string(fault) + "}")),
                 boost::system::system_error)
        << fault;
}

TEST_F(Simulator, KnowsThatAResultWasTakenThoughItsAnswerWasCutOff) {
  const auto bearer = token();
  EXPECT_THROW(static_cast<void>(post_result(bearer, "e1", "cut=reset&after=half")), boost::system::system_error);
  EXPECT_THROW(static_cast<void>(post_result(bearer, "e2", "cut=close")), boost::system::system_error);
  EXPECT_THROW(static_cast<void>(post_result(bearer, "e3", "cut=close&taken=true")), boost::system::system_error);
  EXPECT_EQ(simulator.outcomes(), Json::parse(R"({"e1":{"complete":1,"failed":0},"e3":{"complete":1,"failed":0}})"));
}

TEST_F(Simulator, DripsByteByByte) {
  EXPECT_EQ(call_backend(R"({"simulate":{"drip_ms":1}})").status, 200);
  EXPECT_THROW(static_cast<void>(call_backend(R"({"simulate":{"drip_ms":1000,"drip":"body"}})", a_while)),
               boost::system::system_error);
  EXPECT_TRUE(simulator.wait({{"backend_abandoned", 1}}));
}

TEST_F(Simulator, HoldsAnAnswerUntilItIsReleased) {
  auto held = std::async(std::launch::async, [this] { return call_backend(R"({"simulate":{"hold":true}})"); });
  ASSERT_TRUE(simulator.wait({{"backend_open", 1}}));
  simulator.release();
  EXPECT_EQ(held.get().status, 200);
}

TEST_F(Simulator, WaitsNoLongerThanItIsTold) {
  EXPECT_FALSE(simulator.wait({{"callbacks", 1}}, std::chrono::milliseconds(20)));
  EXPECT_THROW(static_cast<void>(simulator.wait({{"calbacks", 1}})), std::invalid_argument);
}

TEST_F(Simulator, EndsAWaitAsSoonAsTheCountIsReached) {
  const auto bearer = token();
  auto waiting = std::async(std::launch::async, [this] { return simulator.wait({{"callbacks", 2}}); });
  ASSERT_EQ(post_result(bearer, "e1").status, 200);
  ASSERT_EQ(post_result(bearer, "e2").status, 200);
  EXPECT_TRUE(waiting.get());
}

TEST_F(Simulator, MeetsNewConnectionsAsItIsTold) {
  simulator.configure({{"accept", {{"backend", {{"kind", "refuse"}}}}}});
  EXPECT_THROW(static_cast<void>(call_backend("{}")), boost::system::system_error);
  simulator.configure({{"accept", {{"backend", {{"kind", "reset"}, {"times", 1}}}}}});
  EXPECT_THROW(static_cast<void>(call_backend("{}")), boost::system::system_error);
  EXPECT_EQ(call_backend("{}").status, 200);
  simulator.configure({{"accept", {{"backend", {{"kind", "silent"}}}}}});
  EXPECT_THROW(static_cast<void>(call_backend("{}", std::chrono::milliseconds(50))), boost::system::system_error);
}

TEST_F(Simulator, LeavesWhoeverConnectsWithoutAnAnswer) {
  simulator.configure({{"accept", {{"backend", {{"kind", "unreachable"}}}}}});
  EXPECT_THROW(static_cast<void>(call_backend("{}", a_while)), boost::system::system_error);
  EXPECT_EQ(simulator.counts().at("backend_connections"), 0);
  simulator.configure({{"accept", {{"backend", Json::object()}}}});
  EXPECT_EQ(call_backend("{}").status, 200);
}

TEST_F(Simulator, SendsByteByByteFromTheFirst) {
  simulator.configure({{"accept", {{"backend", {{"drip_ms", 1}}}}}});
  EXPECT_EQ(call_backend("{}").status, 200);
  simulator.configure({{"accept", {{"backend", {{"drip_ms", 1000}}}}}});
  EXPECT_THROW(static_cast<void>(call_backend("{}", a_while)), boost::system::system_error);
}

TEST_F(Simulator, BreaksAConnectionOffAfterSoManyBytes) {
  for (const auto* kind : {"silent", "reset", "close"})
    for (const int after : {0, 20}) {
      simulator.configure({{"accept", {{"backend", {{"kind", kind}, {"after", after}, {"times", 1}}}}}});
      const auto limit = kind == std::string("silent") ? a_while : std::chrono::seconds(patience);
      EXPECT_THROW(static_cast<void>(call_backend("{}", limit)), boost::system::system_error) << kind << after;
      EXPECT_EQ(call_backend("{}").status, 200);
    }
  simulator.configure({{"accept", {{"backend", {{"kind", "reset"}, {"after", 100000}}}}}});
  EXPECT_EQ(call_backend("{}").status, 200);
}

TEST_F(Simulator, CountsTheCallbacksOfEachTokenAsThePlatformDoes) {
  simulator.configure({{"callback", {{"rate_limit", {{"allowed", 2}, {"window_ms", 60000}}}}}});
  const auto bearer = token();
  const auto first = post_result(bearer, "e1");
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.fields.at("inin-ratelimit-count"), "1");
  EXPECT_EQ(first.fields.at("inin-ratelimit-allowed"), "2");
  EXPECT_EQ(first.fields.at("inin-ratelimit-reset"), "60");
  EXPECT_EQ(post_result(bearer, "e2", "status=503").fields.at("inin-ratelimit-count"), "2");
  const auto refused = post_result(bearer, "e3");
  EXPECT_EQ(refused.status, 429);
  EXPECT_GE(std::stoi(refused.fields.at("retry-after")), 1);
  EXPECT_EQ(refused.fields.at("inin-ratelimit-count"), "2");
  EXPECT_EQ(post_result(token(), "e3").status, 200);
  EXPECT_EQ(simulator.counts().at("callbacks"), 2);
  simulator.configure({{"callback", {{"rate_limit", nullptr}}}});
  EXPECT_FALSE(post_result(bearer, "e2").fields.contains("inin-ratelimit-count"));
}

TEST_F(Simulator, RefusesWhatIsMoreThanTheBackendAllows) {
  simulator.configure({{"backend", {{"rate_limit", {{"allowed", 2}, {"window_ms", 60000}}}}}});
  EXPECT_EQ(call_backend("{}").status, 200);
  EXPECT_EQ(call_backend("{}").status, 200);
  const auto refused = call_backend("{}");
  EXPECT_EQ(refused.status, 429);
  EXPECT_GE(std::stoi(refused.fields.at("retry-after")), 59);
  simulator.reset();
  EXPECT_EQ(call_backend("{}").status, 200);
}

TEST_F(Simulator, RefusesEverythingForAWhile) {
  simulator.configure({{"backend", {{"faults", {{{"status", 429}, {"retry_after", 1}, {"until_ms", 300}}}}}}});
  int status = 0;
  for (status = call_backend("{}").status; status == 429; status = call_backend("{}").status) continue;
  EXPECT_EQ(status, 200);
  const auto calls = simulator.backend_calls();
  ASSERT_GE(calls.size(), 2U);
  EXPECT_EQ(calls.front().at("status"), 429);
  EXPECT_GE(calls.back().at("at_ms").get<double>() - calls.front().at("at_ms").get<double>(), 299);
}

TEST_F(Simulator, ChangesNothingWhenASettingIsWrong) {
  EXPECT_THROW(simulator.configure({{"backend", {{"faults", {{{"status", 503}}}}}}, {"tokens", 1}}),
               std::invalid_argument);
  EXPECT_EQ(call_backend("{}").status, 200);
}

TEST_F(Simulator, StartsAnewOnReset) {
  simulator.configure({{"backend", {{"faults", {{{"status", 503}}}}}}});
  EXPECT_EQ(call_backend("{}").status, 503);
  simulator.reset();
  EXPECT_EQ(simulator.counts().at("backend_calls"), 0);
  EXPECT_EQ(call_backend("{}").status, 200);
}

TEST_F(Simulator, ServesManyRequestsOnOneConnection) {
  const auto answers = exchange_bytes(port_of(simulator.backend()),
                                      "GET /backend/a HTTP/1.1\r\nHost: h\r\n\r\n"
                                      "GET /backend/b HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(answers, testing::ContainsRegex("200 OK(.|\n|\r)*200 OK"));
  const auto calls = simulator.backend_calls();
  ASSERT_EQ(calls.size(), 2U);
  EXPECT_EQ(calls[0].at("connection"), calls[1].at("connection"));
  EXPECT_EQ(simulator.counts().at("backend_connections"), 1);
}

TEST_F(Simulator, EndsInOrderOnSigterm) {
  simulator.process().send_signal(SIGTERM);
  const auto exit = simulator.process().wait();
  ASSERT_TRUE(exit);
  EXPECT_EQ(exit->status, 0);
  EXPECT_EQ(exit->signal, 0);
}

}  // namespace
}  // namespace fulfilld::integration
