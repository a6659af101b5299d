// SPDX-License-Identifier: Apache-2.0
// Deadlines, time limits, and stops. That these tests end is part of what they hold.
#include <csignal>
#include <future>
#include <stop_token>
#include <thread>

#include "database_fixture.hpp"

namespace {

using namespace std::chrono_literals;

std::string sessions(const std::string& query) {
  return "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND state <> 'idle' AND query LIKE '" +
         query + "'";
}
std::string is_running(const std::string& query) { return "(" + sessions(query) + ") = 1"; }

/// The code with which it fails.
std::string failure_of(postgresql::Database& database, postgresql::Time deadline, std::stop_token stop = {}) {
  try {
    return "answers " + database.run({}, "", deadline, std::move(stop));
  } catch (const fulfill::Failed& failed) {
    return failed.code();
  }
}

TEST(AStatement, ThatTakesTooLongIsEndedByTheServerShortlyBeforeTheDeadline) {
  DatabaseAction action("SELECT pg_sleep(60), 'to the deadline'");
  action.bench.deadline(400ms);
  const auto outcome = action.run();
  EXPECT_EQ(outcome.code(), "backend_timeout");
  EXPECT_EQ(outcome.message(), "SQLSTATE 57014: canceling statement due to statement timeout");
  EXPECT_EQ(server().query(sessions("%to the deadline%")), "0");
}

TEST(AStatement, MayHaveALimitOfItsOwnAndItsConnectionGoesOn) {
  DatabaseAction action("SELECT pg_sleep($1), pg_backend_pid() AS pid");
  action.parameter("/seconds", "number").setting("statement_timeout", "50ms").setting("pool", "1");
  const auto first = action.run(R"({"seconds":0})").json();
  EXPECT_EQ(action.run(R"({"seconds":60})").code(), "backend_timeout");
  EXPECT_EQ(action.run(R"({"seconds":0})").json(), first);
}

TEST(AStatement, IsNotBegunIfItIsTooLate) {
  auto database = DatabaseAction("SELECT 1").database();
  EXPECT_EQ(failure_of(database, in(-1ms)), "backend_timeout");
  EXPECT_EQ(failure_of(database, in(0ms)), "backend_timeout");
}

TEST(AStatement, WhoseServerHangsIsGivenUpInTimeAndItsConnectionIsThrownAway) {
  auto database = DatabaseAction("SELECT pg_sleep(60), 'in a server that hangs'").database();
  auto code = std::async(std::launch::async, [&] { return failure_of(database, in(1500ms)); });
  server().wait_for(is_running("%in a server that hangs%"));
  server().signal_session("%in a server that hangs%", SIGSTOP);
  EXPECT_EQ(code.get(), "backend_timeout");
  EXPECT_EQ(database.pool().open(), 0U);
  server().signal_session("%in a server that hangs%", SIGCONT);
}

TEST(AStop, EndsTheStatementInTheServerToo) {
  auto database = DatabaseAction("SELECT pg_sleep(60), 'to be stopped'").database();
  std::stop_source stop;
  auto code = std::async(std::launch::async, [&] { return failure_of(database, in(1h), stop.get_token()); });
  server().wait_for(is_running("%to be stopped%"));
  stop.request_stop();
  EXPECT_EQ(code.get(), "backend_timeout");
  server().wait_for("(" + sessions("%to be stopped%") + ") = 0");
  EXPECT_EQ(database.pool().open(), 0U);
}

TEST(AStop, EndsAWriteWithoutATrace) {
  new_table("stopped_writes", "id int");
  DatabaseAction action("INSERT INTO stopped_writes SELECT 1 FROM pg_sleep(60)");
  auto database = action.setting("operation", "unsafe").database();
  std::stop_source stop;
  auto code = std::async(std::launch::async, [&] { return failure_of(database, in(1h), stop.get_token()); });
  server().wait_for(is_running("INSERT INTO stopped_writes%"));
  stop.request_stop();
  code.wait();
  server().wait_for("(" + sessions("INSERT INTO stopped_writes%") + ") = 0");
  EXPECT_EQ(server().query("SELECT count(*) FROM stopped_writes"), "0");
}

TEST(AStop, ComesBackAlsoIfTheServerTakesNoConnections) {
  auto database = DatabaseAction("SELECT pg_sleep(60), 'with a deaf server'").database();
  std::stop_source stop;
  auto code = std::async(std::launch::async, [&] { return failure_of(database, in(1h), stop.get_token()); });
  server().wait_for(is_running("%with a deaf server%"));
  server().signal_listener(SIGSTOP);
  stop.request_stop();
  EXPECT_EQ(code.get(), "backend_timeout");
  server().signal_listener(SIGCONT);
  server().signal_session("%with a deaf server%", SIGTERM);
}

TEST(AStop, EndsTheWaitForAConnection) {
  auto database = DatabaseAction("SELECT pg_sleep(60), 'takes the only one'").setting("pool", "1").database();
  std::stop_source first;
  std::stop_source second;
  auto code = std::async(std::launch::async, [&] { return failure_of(database, in(1h), first.get_token()); });
  server().wait_for(is_running("%takes the only one%"));
  auto other = std::async(std::launch::async, [&] { return failure_of(database, in(1h), second.get_token()); });
  second.request_stop();
  EXPECT_EQ(other.get(), "backend_timeout");
  first.request_stop();
  EXPECT_EQ(code.get(), "backend_timeout");
}

TEST(ADeadline, OfADayOrMoreIsNoTroubleForTheServer) {
  auto database = DatabaseAction("SELECT 1 AS v").setting("statement_timeout", "7d").database();
  EXPECT_EQ(failure_of(database, in(24h * 365)), "answers [{\"v\":1}]");
}

}  // namespace
