// SPDX-License-Identifier: Apache-2.0
// What an adapter does wrong stays its own.
#include <algorithm>

#include "tests/integration/fulfilld_test.hpp"

namespace fulfilld::integration {
namespace {

class Misbehaviour : public FulfilldTest {
 protected:
  Misbehaviour() {
    set("adapters", "directories", Json{FULFILLD_ADAPTERS, FULFILLD_TEST_ADAPTERS}.dump());
    set_text("actions.wrong", "adapter", "misbehaving");
    set_text("actions.wrong", "deadline", "2s");
    set_text("actions.wrong", "retry.attempt_timeout", "1s");
    set("actions.wrong", "blocking_threads", "2");
    set("actions.wrong", "blocking_waiting", "1");
    set_text("callback", "rate", "none");
  }

  void wish(const Service& service, const std::string& id, const std::string& what) const {
    const auto reply = service.execute(execute_body(id, Json{{"do", what}}.dump()), "wrong");
    ASSERT_EQ(reply.status, 202) << reply.body;
  }
  /// The errorCode of an execution that does that.
  [[nodiscard]] std::string code_of(const Service& service, const std::string& what) const {
    wish(service, what, what);
    const auto taken = taken_result(what);
    return taken.at("status") == "complete" ? "complete" : taken.at("result").at("errorCode").get<std::string>();
  }
};

TEST_F(Misbehaviour, IsAnOutcomeOfItsOwnAndTouchesNobodyElse) {
  const auto service = start();
  send(service, "before", R"({"simulate":{"hold":true}})");
  for (const auto* what :
       {"throw_int", "throw_class", "throw_bad_alloc", "throw_in_work", "garbage", "nothing", "wait_for_nobody"})
    EXPECT_EQ(code_of(service, what), "adapter_fault") << what;
  EXPECT_EQ(code_of(service, "sleep_for_ever"), "deadline");
  EXPECT_EQ(code_of(service, "work_for_ever"), "outcome_unknown") << "it is not declared safe, and has begun";
  EXPECT_EQ(code_of(service, "a_thousand_calls"), "request_not_allowed");
  EXPECT_EQ(code_of(service, "complete"), "complete");
  simulator.release();
  EXPECT_EQ(taken_result("before").at("status"), "complete");
  EXPECT_EQ(result_of(service, "after").at("status"), "complete");
}

TEST_F(Misbehaviour, AFloodOfLinesAndReportsIsCutOff) {
  const auto service = start();
  EXPECT_EQ(code_of(service, "flood"), "complete");
  const auto lines = service.events("adapter_said", "flood");
  EXPECT_LE(lines.size(), 101U);
  EXPECT_TRUE(std::any_of(lines.begin(), lines.end(), [](const Json& line) {
    return line.at("text") == "further log lines of this execution are dropped";
  }));
  EXPECT_LT(service.log().size(), 1U << 20);
  EXPECT_LE(simulator.callbacks("flood").size(), 3U);
}

TEST_F(Misbehaviour, AnAdapterThatKeepsItsThreadIsNamed) {
  const auto service = start();
  EXPECT_EQ(code_of(service, "keep_the_thread"), "complete");
  ASSERT_TRUE(service.logged("adapter_kept_thread", "keep_the_thread"));
  const auto line = service.events("adapter_kept_thread", "keep_the_thread").front();
  EXPECT_EQ(line.at("adapter"), "misbehaving 1.0.0");
  EXPECT_EQ(line.at("action"), "wrong");
  EXPECT_GE(line.at("ms").get<int>(), 150);
  EXPECT_TRUE(service.logged("slow_handler"));
}

TEST_F(Misbehaviour, WorkThatHangsTakesOnlyTheThreadsOfItsAction) {
  set_text("actions.wrong", "deadline", "1m");
  set_text("actions.other", "adapter", "misbehaving");
  const auto service = start();
  EXPECT_EQ(code_of(service, "throw_in_work"), "adapter_fault") << "from now on it is known that it blocks";
  for (const auto* id : {"w-1", "w-2", "w-3"}) wish(service, id, "work_for_ever");
  const auto refused = service.execute(execute_body("w-4", R"({"do":"work_for_ever"})"), "wrong");
  EXPECT_EQ(refused.status, 503) << "two run and one waits";
  EXPECT_EQ(Json::parse(refused.body).at("code"), "overloaded");
  EXPECT_TRUE(refused.fields.contains("retry-after"));
  const auto reply = service.execute(execute_body("o-1", R"({"do":"throw_in_work"})"), "other");
  ASSERT_EQ(reply.status, 202);
  EXPECT_EQ(taken_result("o-1").at("result").at("errorCode"), "adapter_fault") << "a thread of its own was free";
}

}  // namespace
}  // namespace fulfilld::integration
