// SPDX-License-Identifier: Apache-2.0
// An adapter that hangs or crashes is named, the process ends, and the next one parks the culprit.
#include <boost/system/system_error.hpp>
#include <chrono>
#include <csignal>
#include <thread>

#include "tests/integration/fulfilld_test.hpp"

namespace fulfilld::integration {
namespace {

using namespace std::chrono_literals;

// As the program's README.md has it.
constexpr int adapter_hung = 75;

class LastWords : public FulfilldTest {
 protected:
  LastWords() {
    set("adapters", "directories", Json{FULFILLD_ADAPTERS, FULFILLD_TEST_ADAPTERS}.dump());
    set_text("actions.dangerous", "adapter", "dangerous");
    set("limits", "park_after", "1");
    set_text("health", "hung_adapter", "4s");
  }

  void send_dangerous(const Service& service, const std::string& id, const std::string& wish) const {
    try {
      EXPECT_EQ(service.execute(execute_body(id, R"({"do":")" + wish + R"("})"), "dangerous").status, 202);
    } catch (const boost::system::system_error&) {
      SUCCEED() << "it died first";
    }
  }

  /// The answer to that request once it is one of 503.
  template <class Ask>
  [[nodiscard]] static HttpReply refusal(Ask ask) {
    const auto limit = std::chrono::steady_clock::now() + patience;
    for (;;) {
      auto reply = ask();
      if (reply.status == 503 || std::chrono::steady_clock::now() > limit) return reply;
      std::this_thread::sleep_for(20ms);
    }
  }

  void expect_parked(const std::string& id) {
    auto service = start();
    EXPECT_EQ(taken_result(id).at("result").at("errorCode"), "parked");
    ASSERT_TRUE(service.logged("delivered", id));
    ASSERT_TRUE(service.stop());
  }
};

TEST_F(LastWords, AnAdapterInAnEndlessLoopEndsTheProcessAndIsParked) {
  {
    simulator.configure({{"backend", {{"faults", {{{"cut", "hang"}, {"times", 1}}}}}}});
    auto service = start();
    send(service, "innocent");
    ASSERT_TRUE(simulator.wait({{"backend_open", 1}}));
    send_dangerous(service, "culprit", "loop");
    EXPECT_EQ(refusal([&] { return service.get("/healthz"); }).status, 503);
    const auto refused = service.execute(execute_body("late"));
    EXPECT_EQ(refused.status, 503) << refused.body;
    EXPECT_EQ(Json::parse(refused.body).at("code"), "overloaded");
    EXPECT_TRUE(refused.fields.contains("retry-after"));
    EXPECT_EQ(service.get("/readyz").status, 503);

    const auto exit = service.process().wait();
    ASSERT_TRUE(exit);
    EXPECT_EQ(exit->status, adapter_hung) << service.log();
    const auto said = service.events("adapter_hung", "culprit");
    ASSERT_EQ(said.size(), 1U) << service.log();
    EXPECT_EQ(said[0].at("adapter"), "dangerous 1.0.0");
    EXPECT_EQ(said[0].at("action"), "dangerous");
    EXPECT_GE(said[0].at("ms").get<int>(), 4000);
  }
  auto service = start();
  EXPECT_EQ(taken_result("culprit").at("result").at("errorCode"), "parked");
  EXPECT_EQ(taken_result("innocent").at("status"), "complete");
  EXPECT_EQ(service.get("/healthz").status, 200);
}

TEST_F(LastWords, AnAdapterThatHangsDoesNotHoldUpTheShutdown) {
  set_text("health", "hung_adapter", "1s");
  set_text("shutdown", "grace", "1h");
  {
    auto service = start();
    send_dangerous(service, "culprit", "loop");
    const auto exit = service.stop();
    ASSERT_TRUE(exit);
    EXPECT_EQ(exit->status, adapter_hung) << service.log();
  }
  expect_parked("culprit");
}

TEST_F(LastWords, AnAdapterThatGoesOnAfterAWhileIsForgiven) {
  set_text("health", "hung_adapter", "none");
  auto service = start();
  send_dangerous(service, "slow", "pause");
  EXPECT_EQ(refusal([&] { return service.get("/healthz"); }).status, 503);
  EXPECT_EQ(taken_result("slow").at("status"), "complete");
  EXPECT_TRUE(service.said("a thread is free again"));
  EXPECT_EQ(service.get("/healthz").status, 200);
  EXPECT_EQ(result_of(service, "e-1").at("status"), "complete");
}

TEST_F(LastWords, WorkThatMayBlockMayDoSoForEver) {
  set_text("health", "hung_adapter", "1s");
  set_text("actions.dangerous", "deadline", "3s");
  set_text("actions.dangerous", "retry.attempt_timeout", "1s");
  auto service = start();
  send_dangerous(service, "blocks", "work block");
  EXPECT_EQ(taken_result("blocks").at("result").at("errorCode"), "deadline");
  EXPECT_EQ(service.get("/healthz").status, 200);
}

TEST_F(LastWords, AProcessThatCrashesSaysWhoseItWas) {
  struct Way {
    std::string wish;
    int signal;
    std::string words;
  };
  int number = 0;
  for (const auto& [wish, signal, words] :
       {Way{"fault", SIGSEGV, "SIGSEGV"}, Way{"overflow", SIGSEGV, "the stack has overflown"},
        Way{"abort", SIGABRT, "SIGABRT"}, Way{"terminate", SIGABRT, "std::terminate after an exception of type int"},
        Way{"work fault", SIGSEGV, "SIGSEGV"}, Way{"exit_properly", 0, "exit()"}}) {
    const auto id = "culprit-" + std::to_string(number++);
    {
      auto service = start();
      send_dangerous(service, id, wish);
      const auto exit = service.process().wait();
      ASSERT_TRUE(exit) << wish;
      EXPECT_EQ(exit->signal, signal) << wish;
      const auto said = service.events("crashed", id);
      ASSERT_EQ(said.size(), 1U) << wish << '\n' << service.log();
      EXPECT_EQ(said[0].at("adapter"), "dangerous 1.0.0");
      EXPECT_EQ(said[0].at("action"), "dangerous");
      EXPECT_NE(said[0].dump().find(words), std::string::npos) << said[0];
    }
    expect_parked(id);
  }
}

}  // namespace
}  // namespace fulfilld::integration
