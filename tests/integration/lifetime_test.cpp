// SPDX-License-Identifier: Apache-2.0
// What is accepted outlives the process, and the process ends in good order.
#include <boost/system/system_error.hpp>
#include <csignal>

#include "tests/integration/fulfilld_test.hpp"

namespace fulfilld::integration {
namespace {

class Lifetime : public FulfilldTest {
 protected:
  /// Executions delivered by a later process still end exactly once: a whole further life adds nothing.
  void expect_nothing_more_to_be_done() {
    const auto before = simulator.counts();
    auto service = start();
    const auto exit = service.stop();
    ASSERT_TRUE(exit);
    EXPECT_EQ(exit->status, 0);
    const auto after = simulator.counts();
    EXPECT_EQ(before.at("backend_calls"), after.at("backend_calls"));
    EXPECT_EQ(before.at("callback_requests"), after.at("callback_requests"));
  }
};

TEST_F(Lifetime, GoesOnWithWhatAKilledProcessLeftUnfinished) {
  simulator.configure({{"backend", {{"faults", {{{"cut", "hang"}, {"times", 5}}}}}}});
  {
    auto service = start();
    for (int i = 0; i < 5; ++i) send(service, "e-" + std::to_string(i));
    ASSERT_TRUE(simulator.wait({{"backend_open", 5}}));
    service.process().kill();
  }
  {
    auto service = start();
    ASSERT_TRUE(simulator.wait({{"callbacks", 5}}));
    EXPECT_TRUE(service.logged("resumed", "e-0"));
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(service.logged("delivered", "e-" + std::to_string(i)));
    ASSERT_TRUE(service.stop());
  }
  const auto outcomes = simulator.outcomes();
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(outcomes.at("e-" + std::to_string(i)), Json::parse(R"({"complete":1,"failed":0})"));
  EXPECT_EQ(simulator.counts().at("callback_duplicates"), 0);
  expect_nothing_more_to_be_done();
}

TEST_F(Lifetime, RepeatsOnlyTheCallbackOfAnExecutionWhoseOutcomeIsKnown) {
  simulator.configure({{"callback", {{"faults", {{{"status", 503}}}}}}});
  std::string first_body;
  {
    auto service = start();
    send(service, "e-1");
    ASSERT_TRUE(simulator.wait({{"callback_requests", 1}}));
    service.process().kill();
    first_body = simulator.callbacks("e-1")[0].at("body").get<std::string>();
  }
  simulator.configure({{"callback", {{"faults", Json::array()}}}});
  auto service = start();
  EXPECT_EQ(taken_result("e-1"), Json::parse(first_body));
  ASSERT_TRUE(service.logged("delivered", "e-1"));
  EXPECT_EQ(simulator.counts().at("backend_calls"), 1);
  ASSERT_TRUE(service.stop());
  expect_nothing_more_to_be_done();
}

TEST_F(Lifetime, KnowsARepeatAfterARestart) {
  {
    auto service = start();
    ASSERT_EQ(result_of(service, "e-1").at("status"), "complete");
    ASSERT_TRUE(service.logged("delivered", "e-1"));
    ASSERT_TRUE(service.stop());
  }
  auto service = start();
  const auto reply = service.execute(execute_body("e-1"));
  EXPECT_EQ(reply.status, 202);
  EXPECT_EQ(Json::parse(reply.body).at("executionId"), "e-1");
  ASSERT_TRUE(service.stop());
  EXPECT_EQ(simulator.counts().at("backend_calls"), 1);
  EXPECT_EQ(simulator.counts().at("callback_requests"), 1);
}

TEST_F(Lifetime, EndsOnSigtermAfterWhatIsRunningHasEnded) {
  auto service = start();
  send(service, "e-1", simulate(R"({"hold":true})"));
  ASSERT_TRUE(simulator.wait({{"backend_open", 1}}));
  service.process().send_signal(SIGTERM);
  ASSERT_TRUE(service.said("stopping"));
  EXPECT_FALSE(service.process().wait(std::chrono::milliseconds(0)));
  simulator.release();
  const auto exit = service.process().wait();
  ASSERT_TRUE(exit);
  EXPECT_EQ(exit->status, 0);
  EXPECT_EQ(exit->signal, 0);
  EXPECT_EQ(taken_result("e-1").at("status"), "complete");
}

TEST_F(Lifetime, LeavesToTheJournalWhatDoesNotEndWithinTheGracePeriod) {
  set_text("shutdown", "grace", "100ms");
  simulator.configure({{"backend", {{"faults", {{{"cut", "hang"}, {"times", 1}}}}}}});
  {
    auto service = start();
    send(service, "e-1");
    ASSERT_TRUE(simulator.wait({{"backend_open", 1}}));
    const auto exit = service.stop();
    ASSERT_TRUE(exit);
    EXPECT_EQ(exit->status, 0);
    EXPECT_EQ(simulator.counts().at("callback_requests"), 0);
  }
  const auto service = start();
  EXPECT_EQ(taken_result("e-1").at("status"), "complete");
}

TEST_F(Lifetime, AcceptsNothingMoreOnceItIsStopping) {
  auto service = start();
  send(service, "e-1", simulate(R"({"hold":true})"));
  ASSERT_TRUE(simulator.wait({{"backend_open", 1}}));
  service.process().send_signal(SIGTERM);
  ASSERT_TRUE(service.said("stopping"));
  try {
    EXPECT_EQ(service.execute(execute_body("e-2")).status, 503);
  } catch (const boost::system::system_error&) {
    SUCCEED() << "the door is shut";
  }
  simulator.release();
  ASSERT_TRUE(service.process().wait());
  EXPECT_EQ(simulator.counts().at("callbacks"), 1);
}

TEST_F(Lifetime, EndsAtOnceWhenNothingIsRunning) {
  auto service = start();
  const auto exit = service.stop();
  ASSERT_TRUE(exit);
  EXPECT_EQ(exit->status, 0);
}

}  // namespace
}  // namespace fulfilld::integration
