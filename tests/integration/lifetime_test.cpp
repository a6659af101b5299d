// SPDX-License-Identifier: Apache-2.0
// What is accepted outlives the process, and the process ends in good order.
#include <boost/system/system_error.hpp>
#include <chrono>
#include <csignal>

#include "tests/integration/fulfilld_test.hpp"
#include "tests/integration/notify_socket.hpp"

namespace fulfilld::integration {
namespace {

using namespace std::chrono_literals;

// As the program's README.md has them.
constexpr int gave_no_start = 1;
constexpr int cut_short = 71;
constexpr int bad_configuration = 78;

class Lifetime : public FulfilldTest {
 protected:
  /// An action whose adapter does what `do` in the data says: abort, segfault, exit, block, or anything else.
  void add_dangerous_action() {
    set("adapters", "directories", Json{FULFILLD_ADAPTERS, FULFILLD_TEST_ADAPTERS}.dump());
    set_text("actions.dangerous", "adapter", "dangerous");
  }

  [[nodiscard]] static std::string to(const std::string& wish) { return R"({"do":")" + wish + R"("})"; }

  /// Sends what may end the process before it answers.
  void send_dangerous(const Service& service, const std::string& id, const std::string& wish) const {
    try {
      EXPECT_EQ(service.execute(execute_body(id, to(wish)), "dangerous").status, 202);
    } catch (const boost::system::system_error&) {
      SUCCEED() << "it died first";
    }
  }

  /// A process that is killed while execution `e-1` waits for the backend, which answers the next call.
  void kill_in_the_middle_of_a_call() {
    simulator.configure({{"backend", {{"faults", {{{"cut", "hang"}, {"times", 1}}}}}}});
    auto service = start();
    send(service, "e-1");
    ASSERT_TRUE(simulator.wait({{"backend_open", 1}}));
    service.process().kill();
  }

  /// The action whose adapter does blocking work before it makes its call.
  void add_work(const std::string& operation) {
    set("adapters", "directories", Json{FULFILLD_TEST_ADAPTERS}.dump());
    set_text("actions.default", "adapter", "working");
    set_text("actions.default.settings", "operation", operation);
  }

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

TEST_F(Lifetime, SendsNoUnsafeCallAgainThatMayHaveBeenSent) {
  set_text("actions.default.settings", "operation", "unsafe");
  kill_in_the_middle_of_a_call();
  auto service = start();
  const auto result = taken_result("e-1");
  EXPECT_EQ(result.at("status"), "failed");
  EXPECT_EQ(result.at("result").at("errorCode"), "outcome_unknown");
  EXPECT_EQ(simulator.counts().at("backend_calls"), 1);
  ASSERT_TRUE(service.stop());
}

TEST_F(Lifetime, DoesNoUnsafeBlockingWorkAgain) {
  add_work("unsafe");
  kill_in_the_middle_of_a_call();
  const auto service = start();
  EXPECT_EQ(taken_result("e-1").at("result").at("errorCode"), "outcome_unknown");
  EXPECT_EQ(simulator.counts().at("backend_calls"), 1);
}

TEST_F(Lifetime, DoesSafeBlockingWorkAgain) {
  add_work("safe");
  kill_in_the_middle_of_a_call();
  const auto service = start();
  EXPECT_EQ(taken_result("e-1").at("status"), "complete");
  EXPECT_EQ(simulator.counts().at("backend_calls"), 2);
}

TEST_F(Lifetime, RunsAnIdempotentCallAgainUnderTheSameKey) {
  kill_in_the_middle_of_a_call();
  const auto service = start();
  EXPECT_EQ(taken_result("e-1").at("status"), "complete");
  // The simulator tells executions apart by their Idempotency-Key.
  EXPECT_EQ(simulator.backend_calls("e-1").size(), 2U);
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

TEST_F(Lifetime, EndsAtOnceOnTheSecondSigtermAlthoughAnExecutionHangs) {
  set_text("shutdown", "grace", "1h");
  simulator.configure({{"backend", {{"faults", {{{"cut", "hang"}}}}}}});
  auto service = start();
  send(service, "e-1");
  ASSERT_TRUE(simulator.wait({{"backend_open", 1}}));
  service.process().send_signal(SIGTERM);
  ASSERT_TRUE(service.said("another signal ends at once"));
  const auto exit = service.stop();
  ASSERT_TRUE(exit);
  EXPECT_EQ(exit->status, 0);
  EXPECT_TRUE(service.said("1 executions are left to the journal"));
}

TEST_F(Lifetime, EndsWithinTheGraceAlthoughAnAdapterBlocksItsThread) {
  add_dangerous_action();
  set_text("shutdown", "grace", "2s");
  auto service = start();
  send_dangerous(service, "e-1", "block");
  const auto exit = service.stop();
  ASSERT_TRUE(exit);
  EXPECT_EQ(exit->status, cut_short) << service.log();
  EXPECT_TRUE(service.said("the shutdown is cut short"));
}

TEST_F(Lifetime, LaysNoShutdownToAnExecutionHoweverItEnds) {
  add_dangerous_action();
  set_text("shutdown", "grace", "2s");
  set("limits", "park_after", "1");
  {
    auto service = start();
    send_dangerous(service, "e-1", "block");
    ASSERT_TRUE(service.stop());
  }
  auto service = start();
  EXPECT_TRUE(service.logged("resumed", "e-1"));
  const auto exit = service.stop();
  ASSERT_TRUE(exit);
  EXPECT_EQ(exit->status, cut_short) << "it was not run again: " << service.log();
  EXPECT_EQ(simulator.counts().at("callback_requests"), 0);
}

TEST_F(Lifetime, ParksAnExecutionThatKillsTheProcessAgainAndAgain) {
  add_dangerous_action();
  simulator.configure({{"backend", {{"faults", {{{"cut", "hang"}}}}}}});
  {
    auto service = start();
    for (int i = 0; i < 3; ++i) send(service, "innocent-" + std::to_string(i));
    ASSERT_TRUE(simulator.wait({{"backend_open", 3}}));
    send_dangerous(service, "poison", "abort");
    const auto exit = service.process().wait();
    ASSERT_TRUE(exit);
    ASSERT_EQ(exit->signal, SIGABRT);
  }
  for (int death = 2; death <= 3; ++death) {
    const auto finished = run(command());
    ASSERT_EQ(finished.exit.signal, SIGABRT) << "death " << death << '\n' << finished.output;
  }
  simulator.configure({{"backend", {{"faults", Json::array()}}}});
  auto service = start();
  const auto parked = taken_result("poison");
  EXPECT_EQ(parked.at("status"), "failed");
  EXPECT_EQ(parked.at("result").at("errorCode"), "parked") << parked;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(taken_result("innocent-" + std::to_string(i)).at("status"), "complete");
  ASSERT_TRUE(service.logged("delivered", "poison"));
  ASSERT_TRUE(service.stop());
  expect_nothing_more_to_be_done();
}

TEST_F(Lifetime, CountsEachWayInWhichAnAdapterCanEndTheProcess) {
  add_dangerous_action();
  set("limits", "park_after", "1");
  for (const std::string way : {"segfault", "exit"}) {
    {
      auto service = start();
      send_dangerous(service, way, way);
      ASSERT_TRUE(service.process().wait());
    }
    auto service = start();
    EXPECT_EQ(taken_result(way).at("result").at("errorCode"), "parked");
    ASSERT_TRUE(service.logged("delivered", way));
    ASSERT_TRUE(service.stop());
  }
}

TEST_F(Lifetime, RunsAnExecutionAgainThatDidNotKillTheProcessTooOften) {
  add_dangerous_action();
  set("limits", "park_after", "2");
  kill_in_the_middle_of_a_call();
  const auto service = start();
  EXPECT_EQ(taken_result("e-1").at("status"), "complete");
}

TEST_F(Lifetime, TellsSystemdThatItIsReadyThatItIsAliveAndThatItStops) {
  const NotifySocket systemd(directory.path());
  auto with_watchdog = command();
  with_watchdog.environment["NOTIFY_SOCKET"] = systemd.path();
  with_watchdog.environment["WATCHDOG_USEC"] = "400000";
  Service service(with_watchdog);
  EXPECT_EQ(systemd.receive(), "READY=1\nSTATUS=listening on port " + std::to_string(service.port()));
  for (int n = 0; n < 3; ++n) EXPECT_EQ(systemd.receive(), "WATCHDOG=1");
  ASSERT_TRUE(service.stop());
  auto last = systemd.receive();
  while (last == "WATCHDOG=1") last = systemd.receive();
  EXPECT_EQ(last.substr(0, last.find('\n')), "STOPPING=1");
}

TEST_F(Lifetime, LetsTheWatchdogBiteWhenAnAdapterBlocksItsThread) {
  add_dangerous_action();
  set_text("shutdown", "grace", "1s");
  set_text("health", "stuck_after", "1s");
  const NotifySocket systemd(directory.path());
  auto with_watchdog = command();
  with_watchdog.environment["NOTIFY_SOCKET"] = systemd.path();
  with_watchdog.environment["WATCHDOG_USEC"] = "400000";
  Service service(with_watchdog);
  send_dangerous(service, "e-1", "block");
  ASSERT_TRUE(service.said("has not answered for"));
  EXPECT_TRUE(service.said("an adapter must not block"));
  EXPECT_EQ(service.get("/readyz").status, 503);
  while (!systemd.receive(0ms).empty()) continue;
  EXPECT_EQ(systemd.receive(1s), "");
}

TEST_F(Lifetime, TellsByItsExitStatusWhetherToStartItAgain) {
  const auto service = start();
  set("server", "port", std::to_string(service.port()));
  set_text("journal", "directory", directory.path() / "another");
  EXPECT_EQ(run(command()).exit.status, gave_no_start);
  set_text("server", "adress", "127.0.0.1");
  EXPECT_EQ(run(command()).exit.status, bad_configuration);
}

}  // namespace
}  // namespace fulfilld::integration
