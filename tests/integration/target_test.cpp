// SPDX-License-Identifier: Apache-2.0
// How a target is treated that is broken, slow, or asks for less; and that others do not notice.
#include <thread>
#include <vector>

#include "tests/integration/fulfilld_test.hpp"

namespace fulfilld::integration {
namespace {

class Target : public FulfilldTest {
 protected:
  Target() {
    set_text("actions.other.settings", "url", other.backend() + "/backend/other");
    set("actions.default", "retry.attempts", "1");
    set_text("callback", "rate", "none");
  }

  /// Another target, that of the action `other`. Results go to `simulator` all the same.
  SimulatorClient other{FULFILLD_SIMULATOR};

  [[nodiscard]] Json result_of_other(const Service& service, const std::string& id,
                                     const std::string& data = "{}") const {
    const auto reply = service.execute(execute_body(id, data), "other");
    EXPECT_EQ(reply.status, 202) << reply.body;
    return taken_result(id);
  }

  /// `complete`, or the errorCode.
  [[nodiscard]] static std::string end(const Json& result) {
    return result.at("status") == "failed" ? result.at("result").at("errorCode").get<std::string>()
                                           : result.at("status").get<std::string>();
  }

  [[nodiscard]] int backend_calls() const { return simulator.counts().at("backend_calls"); }
};

class Broken : public Target {
 protected:
  static constexpr int least_calls = 5;

  Broken() {
    set("targets.default", "breaker.least_calls", std::to_string(least_calls));
    set_text("targets.default", "breaker.open_for", "300ms");
    set_text("targets.default", "breaker.open_max", "300ms");
    break_backend();
  }

  void break_backend() const { simulator.configure({{"backend", {{"faults", {{{"status", 500}}}}}}}); }

  /// What the circuit breaker takes to open.
  void open_breaker(const Service& service) const {
    for (int i = 0; i < least_calls; ++i)
      ASSERT_EQ(end(result_of(service, "breaks-" + std::to_string(i))), "backend_status");
    ASSERT_TRUE(service.logged("breaker_opened"));
  }

  /// Sends executions until one of them reaches the backend.
  void wait_for_probe(const Service& service) const {
    const int before = backend_calls();
    const auto limit = std::chrono::steady_clock::now() + patience;
    for (int i = 0; backend_calls() == before; ++i) {
      ASSERT_LT(std::chrono::steady_clock::now(), limit) << "no probe";
      send(service, "tries-" + std::to_string(before) + "-" + std::to_string(i));
    }
  }
};

TEST_F(Broken, IsNotCalledAnyMoreWhileOthersAre) {
  set_text("targets.default", "breaker.open_for", "1m");
  set_text("targets.default", "breaker.open_max", "1m");
  const auto service = start();
  open_breaker(service);
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(end(result_of(service, "e-" + std::to_string(i))), "circuit_open");
    EXPECT_EQ(end(result_of_other(service, "other-" + std::to_string(i))), "complete");
  }
  EXPECT_EQ(backend_calls(), least_calls);
}

TEST_F(Broken, IsTriedByOneCallAtATimeUntilItIsWell) {
  set("targets.default", "breaker.probes", "2");
  set_text("actions.default", "retry.attempt_timeout", "20s");  // longer than anything is held here
  set_text("targets.default", "breaker.slow_call", "1m");
  const auto service = start();
  open_breaker(service);
  simulator.configure({{"backend", {{"faults", {{{"hold", true}}}}}}});
  for (int probe = 1; probe <= 2; ++probe) {
    wait_for_probe(service);
    for (int i = 0; i < 5; ++i)
      EXPECT_EQ(end(result_of(service, "beside-" + std::to_string(probe) + "-" + std::to_string(i))), "circuit_open");
    EXPECT_EQ(backend_calls(), least_calls + probe) << "one call at a time";
    simulator.release();
  }
  ASSERT_TRUE(service.logged("breaker_closed"));
  simulator.configure({{"backend", {{"faults", Json::array()}}}});
  for (int i = 0; i < 5; ++i) EXPECT_EQ(end(result_of(service, "after-" + std::to_string(i))), "complete");
}

TEST_F(Broken, IsLeftAloneAgainWhenTheProbeFails) {
  const auto service = start();
  open_breaker(service);
  wait_for_probe(service);
  const int calls = backend_calls();
  EXPECT_EQ(calls, least_calls + 1);
  wait_for_probe(service);
  const auto record = simulator.backend_calls();
  EXPECT_GE(gap_ms(record[static_cast<std::size_t>(calls) - 1], record[static_cast<std::size_t>(calls)]), 290);
}

TEST_F(Target, ThatAsksForMoreTimeThanThereIsEndsTheExecutionAtOnce) {
  set("actions.default", "retry.attempts", "3");
  set_text("actions.default", "deadline", "20s");
  const auto service = start();
  EXPECT_EQ(end(result_of(service, "e-1", simulate(R"({"status":429,"retry_after":60})"))),
            "retry_after_exceeds_deadline");
  EXPECT_EQ(end(result_of(service, "e-2", simulate(R"({"status":503,"retry_after_date":60})"))),
            "retry_after_exceeds_deadline");
  EXPECT_EQ(backend_calls(), 2);
  for (const auto* id : {"e-1", "e-2"})
    EXPECT_LT(gap_ms(simulator.backend_calls(id).at(0), simulator.callbacks(id).at(0)), 5000) << "at once";
}

TEST_F(Target, ThatRefusesAsARuleIsClosedForExecutionsThatCannotWait) {
  set("actions.default", "retry.attempts", "3");
  set_text("actions.default", "deadline", "20s");
  simulator.configure({{"backend", {{"faults", {{{"status", 429}, {"retry_after", "60"}}}}}}});
  const auto service = start();
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(end(result_of(service, "e-" + std::to_string(i))), "retry_after_exceeds_deadline");
  EXPECT_EQ(backend_calls(), 5) << "five in a row are a rule";
  EXPECT_TRUE(service.logged("target_closed"));
  EXPECT_EQ(end(result_of_other(service, "other")), "complete");
}

TEST_F(Target, ThatIsSlowLetsNoAttemptOutliveItsExecution) {
  set("targets.default", "connections", "1");
  set_text("actions.default", "deadline", "2s");
  set_text("actions.default", "retry.attempt_timeout", "2s");
  set_text("actions.short", "deadline", "1500ms");
  set_text("actions.short", "retry.attempt_timeout", "1s");
  set_text("actions.short.settings", "url", simulator.backend() + "/backend/crm");
  const auto service = start();
  const auto slow = simulate(R"({"delay_ms":1200})");
  for (const auto* id : {"e-1", "e-2"}) send(service, id, slow);
  for (const auto* id : {"e-3", "e-4"})
    ASSERT_EQ(service.execute(execute_body(id, slow), "short").status, 202)
        << "their time is up before it is their turn";
  EXPECT_EQ(end(taken_result("e-1")), "complete");
  // The second call ends with the time of its execution: either may be noticed first.
  EXPECT_THAT(end(taken_result("e-2")), testing::AnyOf("deadline", "backend_timeout"));
  for (const auto* id : {"e-3", "e-4"}) EXPECT_EQ(end(taken_result(id)), "deadline");
  EXPECT_TRUE(simulator.wait({{"backend_abandoned", 1}}));
  const auto calls = simulator.backend_calls();
  ASSERT_EQ(calls.size(), 2U) << "there is no time for more";
  EXPECT_LT(calls[1].at("abandoned_after_ms"), 1100) << "it was cut short";
}

TEST_F(Target, ThatIsSlowKeepsNoMoreWaitingThanItMay) {
  set("targets.default", "connections", "1");
  set("targets.default", "max_waiting", "2");
  const auto service = start();
  send(service, "e-1", simulate(R"({"hold":true})"));
  ASSERT_TRUE(simulator.wait({{"backend_calls", 1}}));
  for (const auto* id : {"e-2", "e-3"}) send(service, id);
  for (const auto* id : {"e-4", "e-5"}) {
    const auto refused = service.execute(execute_body(id));
    EXPECT_EQ(refused.status, 503) << "it could not even wait";
    EXPECT_EQ(Json::parse(refused.body).at("code"), "overloaded");
    EXPECT_TRUE(refused.fields.contains("retry-after"));
  }
  EXPECT_EQ(end(result_of_other(service, "other")), "complete");
  simulator.release();
  for (const auto* id : {"e-1", "e-2", "e-3"}) EXPECT_EQ(end(taken_result(id)), "complete");
}

TEST_F(Target, MayHaveAnAnswerLimitOfItsOwn) {
  set_text("targets.\"" + simulator.backend() + "\"", "answer_limit", "2KiB");
  const auto service = start();
  const auto answer = Json{{"simulate", {{"text", "\"" + std::string(4000, 'x') + "\""}}}}.dump();
  EXPECT_EQ(end(result_of(service, "e-1", answer)), "answer_too_large");
  EXPECT_EQ(end(result_of_other(service, "other", answer)), "complete");
}

TEST_F(Target, IsToldWhoCallsAndHowItMayAnswerAsAreThePlatformAndItsTokenEndpoint) {
  set_text("egress", "user_agent", "orders of ACME/7");
  const auto service = start();
  ASSERT_EQ(end(result_of(service, "e-1")), "complete");
  const auto record = simulator.record();
  for (const auto* side : {"backend", "token", "callback"}) {
    const auto& headers = record.at(side).at(0).at("headers");
    EXPECT_EQ(headers.at("user-agent"), "orders of ACME/7") << side;
    EXPECT_EQ(headers.at("accept-encoding"), "gzip, deflate") << side;
    EXPECT_EQ(headers.at("connection"), "keep-alive") << side;
  }
}

TEST_F(Target, MayHaveItsUnusedConnectionsClosedSooner) {
  set_text("targets.\"" + simulator.backend() + "\"", "idle_timeout", "0ms");
  const auto service = start();
  for (const auto* id : {"e-1", "e-2"}) {
    ASSERT_EQ(end(result_of(service, id)), "complete");
    ASSERT_EQ(end(result_of_other(service, std::string("other-") + id)), "complete");
  }
  EXPECT_NE(simulator.backend_calls().at(0).at("connection"), simulator.backend_calls().at(1).at("connection"));
  EXPECT_EQ(other.backend_calls().at(0).at("connection"), other.backend_calls().at(1).at("connection"));
}

TEST_F(Target, ThatEncodesItsAnswerAsNobodyUnderstandsIsNamedTogetherWithThat) {
  const auto service = start();
  const auto result = result_of(service, "e-1", simulate(R"({"headers":{"Content-Encoding":"br"}})"));
  EXPECT_EQ(end(result), "backend_bad_answer");
  const auto message = result.at("result").at("errorMessage").get<std::string>();
  EXPECT_THAT(message, testing::HasSubstr("encoded as \"br\""));
  EXPECT_THAT(message, testing::HasSubstr(simulator.backend()));
}

TEST_F(Target, ThatFailsGetsNoMoreRepeatsThanItsBudgetHas) {
  set("targets.default", "breaker.enabled", "false");
  set("targets.default", "retry_budget.percent", "0");
  set("targets.default", "retry_budget.per_second", "1");
  set("actions.default", "retry.attempts", "1000");
  set_text("actions.default", "retry.backoff", "1ms");
  set_text("actions.default", "deadline", "3s");
  set_text("actions.default", "retry.attempt_timeout", "3s");
  simulator.configure({{"backend", {{"faults", {{{"status", 500}}}}}}});
  const auto service = start();
  constexpr int count = 10;
  for (int i = 0; i < count; ++i) send(service, "e-" + std::to_string(i));
  ASSERT_TRUE(simulator.wait({{"callbacks", count}}));
  const auto calls = simulator.backend_calls();
  const auto seconds = (calls.back().at("at_ms").get<double>() - calls.front().at("at_ms").get<double>()) / 1000;
  EXPECT_GE(calls.size(), count + 2);
  EXPECT_LE(static_cast<double>(calls.size()), count + seconds + 2 + 1) << "one a second, and two seconds' worth";
}

}  // namespace
}  // namespace fulfilld::integration
