// SPDX-License-Identifier: Apache-2.0
// What an execution ends as when nobody can know whether the backend has done what was asked.
#include "tests/integration/fulfilld_test.hpp"

namespace fulfilld::integration {
namespace {

class Doubt : public FulfilldTest {
 protected:
  Doubt() { set_text("actions.default", "retry.backoff", "50ms"); }

  void be_unsafe() { set_text("actions.default.settings", "operation", "unsafe"); }

  [[nodiscard]] std::string code_of(const Service& service, const std::string& id, const std::string& fault) const {
    return code_in(result_of(service, id, simulate(fault)));
  }
  /// With the faults that the simulator is configured to have: one in the request would take their place.
  [[nodiscard]] std::string code_of(const Service& service, const std::string& id) const {
    return code_in(result_of(service, id));
  }

 private:
  static std::string code_in(const Json& result) {
    return result.at("status") == "complete" ? "complete" : result.at("result").at("errorCode").get<std::string>();
  }
};

class OfAnUnsafeCall : public Doubt, public testing::WithParamInterface<std::string> {};

TEST_P(OfAnUnsafeCall, IsToldAndTheCallIsMadeOnce) {
  be_unsafe();
  const auto service = start();
  EXPECT_EQ(code_of(service, "e-1", GetParam()), "outcome_unknown");
  EXPECT_EQ(simulator.counts().at("backend_calls"), 1);
}

INSTANTIATE_TEST_SUITE_P(Faults, OfAnUnsafeCall,
                         testing::Values(R"({"status":502})", R"({"status":503})", R"({"status":504})",
                                         R"({"status":503,"retry_after":1})", R"({"body":"bad_json"})",
                                         R"({"body":"html"})", R"({"body":"huge"})", R"({"cut":"reset"})",
                                         R"({"cut":"close","after":"half"})", R"({"wire":"garbage"})",
                                         R"({"wire":"bad_chunk"})"));

TEST_F(Doubt, ThereIsNoneOfAnUnsafeCallThatWasRefused) {
  be_unsafe();
  const auto service = start();
  EXPECT_EQ(code_of(service, "e-1", R"({"status":422})"), "backend_status");
  EXPECT_EQ(code_of(service, "e-2", R"({"status":500})"), "backend_status");
  EXPECT_EQ(code_of(service, "e-3", R"({"status":429,"retry_after":"0","times":1})"), "complete");
  EXPECT_EQ(simulator.counts().at("backend_calls"), 4);
}

TEST_F(Doubt, ThereIsNoneOfA503WhereTheActionTrustsItsRetryAfter) {
  be_unsafe();
  set("actions.default", "retry.unsafe_after_503", "true");
  const auto service = start();
  EXPECT_EQ(code_of(service, "e-1", R"({"status":503,"retry_after":"0","times":1})"), "complete");
  EXPECT_EQ(code_of(service, "e-2", R"({"status":503})"), "outcome_unknown");
}

TEST_F(Doubt, IsWhatTheRefusalOfARepetitionLeaves) {
  simulator.configure(
      {{"backend", {{"faults", {{{"cut", "reset"}, {"times", 1}, {"per", "execution"}}, {{"status", 404}}}}}}});
  const auto service = start();
  EXPECT_EQ(code_of(service, "e-1"), "outcome_unknown");
}

TEST_F(Doubt, IsWhatAKeyInUseResolves) {
  simulator.configure({{"backend",
                        {{"faults",
                          {{{"cut", "reset"}, {"times", 1}, {"per", "execution"}},
                           {{"status", 409}, {"times", 4}, {"per", "execution"}}}}}}});
  const auto service = start();
  EXPECT_EQ(code_of(service, "e-1"), "complete");
  EXPECT_EQ(simulator.counts().at("backend_calls"), 6) << "more than retry.attempts";
}

TEST_F(Doubt, IsLeftByAProcessThatWasKilled) {
  simulator.configure({{"backend", {{"faults", {{{"cut", "hang"}, {"times", 1}}, {{"status", 404}}}}}}});
  {
    auto service = start();
    send(service, "e-1");
    ASSERT_TRUE(simulator.wait({{"backend_open", 1}}));
    service.process().kill();
  }
  const auto service = start();
  EXPECT_EQ(taken_result("e-1").at("result").at("errorCode"), "outcome_unknown");
}

class TooLarge : public Doubt {};

TEST_F(TooLarge, AResultIsNotPosted) {
  set_text("actions.default", "max_result", "1KiB");
  const auto service = start();
  const auto result = result_of(service, "e-1", R"({"a":")" + std::string(2000, 'x') + "\"}");
  EXPECT_EQ(result.at("result").at("errorCode"), "result_too_large");
  EXPECT_EQ(simulator.counts().at("callback_requests"), 1);
}

TEST_F(TooLarge, AResultIsReplacedByAFailedOne) {
  const auto service = start();
  const auto result = result_of(service, "e-1", "{}", "status=413&times=1");
  EXPECT_EQ(result.at("status"), "failed");
  EXPECT_EQ(result.at("result").at("errorCode"), "result_too_large");
  ASSERT_TRUE(service.logged("delivered", "e-1"));
  EXPECT_EQ(simulator.counts().at("callback_requests"), 2);
}

// Each process learns anew that the platform does not take it, and makes the same of it.
TEST_F(TooLarge, TheOneInItsPlaceIsTheSameAfterARestart) {
  simulator.configure({{"callback", {{"faults", {{{"status", 413}, {"times", 1}}, {{"status", 503}}}}}}});
  std::string body;
  {
    auto service = start();
    send(service, "e-1");
    ASSERT_TRUE(simulator.wait({{"callback_requests", 2}}));
    service.process().kill();
    body = simulator.callbacks("e-1")[1].at("body").get<std::string>();
  }
  simulator.configure({{"callback", {{"faults", {{{"status", 413}, {"times", 1}}}}}}});
  const auto service = start();
  EXPECT_EQ(taken_result("e-1"), Json::parse(body));
  ASSERT_TRUE(service.logged("delivered", "e-1"));
  EXPECT_EQ(simulator.counts().at("backend_calls"), 1);
}

}  // namespace
}  // namespace fulfilld::integration
