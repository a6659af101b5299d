// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <future>
#include <thread>
#include <vector>

#include "database_fixture.hpp"

namespace {

using namespace std::chrono_literals;

TEST(ThePool, HasAtMostSoManyConnectionsHoweverManyThreadsAsk) {
  DatabaseAction action(
      "SELECT count(*)::int AS v, pg_sleep(0.01) FROM pg_stat_activity "
      "WHERE application_name LIKE 'fulfilld pooled %'");
  auto database = action.setting("pool", "4").setting("result", "one").database();
  std::atomic<int> most = 0;
  std::atomic<int> answers = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 20; ++i)
      threads.emplace_back([&] {
        for (int k = 0; k < 5; ++k) {
          const int sessions = fulfill::Json::parse(database.run({}, "", in(1h), {})).at("v").get<int>();
          for (int seen = most; seen < sessions && !most.compare_exchange_weak(seen, sessions);) continue;
          ++answers;
        }
      });
  }
  EXPECT_EQ(answers, 100);
  EXPECT_LE(most, 4);
  EXPECT_LE(database.pool().open(), 4U);
}

TEST(ThePool, SaysThatItIsFullAtTheDeadline) {
  DatabaseAction action("SELECT pg_advisory_xact_lock(4711)");
  auto database = action.setting("pool", "1").database();
  server().query("SELECT pg_advisory_lock(4711)");
  auto holder = std::async(std::launch::async, [&] { return database.run({}, "", in(1h), {}); });
  server().wait_for("SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted");
  try {
    (void)database.run({}, "", in(50ms), {});
    ADD_FAILURE() << "there was a second connection";
  } catch (const fulfill::Failed& failed) {
    EXPECT_EQ(failed.code(), "queue_full");
    EXPECT_EQ(failed.message(), "all 1 connections of the pool were in use");
  }
  server().query("SELECT pg_advisory_unlock(4711)");
  EXPECT_NE(holder.get(), "");
}

TEST(ThePool, UsesAConnectionAgainAndAgain) {
  DatabaseAction action("SELECT pg_backend_pid() AS pid");
  const auto first = action.run().json();
  EXPECT_EQ(action.run().json(), first);
}

TEST(ThePool, ClosesWhatHasBeenIdleForTooLong) {
  DatabaseAction action("SELECT pg_backend_pid() AS pid");
  action.setting("idle_timeout", "1ms");
  const auto first = action.run().json();
  server().query("SELECT pg_sleep(0.005)");
  EXPECT_NE(action.run().json(), first);
}

TEST(ThePool, ReplacesAConnectionThatTheServerHasClosed) {
  DatabaseAction action("SELECT pg_backend_pid() AS pid");
  const auto pid = action.run().json().at(0).at("pid").get<int>();
  server().query("SELECT pg_terminate_backend(" + std::to_string(pid) + ")");
  const auto outcome = action.run();
  ASSERT_TRUE(outcome.complete()) << outcome.message();
  EXPECT_NE(outcome.json().at(0).at("pid").get<int>(), pid);
}

TEST(ThePool, SurvivesARestartOfTheServer) {
  DatabaseAction action("SELECT 1 AS v");
  EXPECT_TRUE(action.run().complete());
  server().restart();
  EXPECT_EQ(action.run().text(), "[{\"v\":1}]");
}

TEST(ASession, IsAfterAStatementAsItWasBefore) {
  const postgresql::Patience patience{std::stop_token()};
  const postgresql::Time until = in(1h);
  for (const char* operation : {"safe", "unsafe"}) {
    const fulfill::Settings settings("alone",
                                     {{"connection", server().connection()},
                                      {"query", "SELECT current_setting('statement_timeout') AS v"},
                                      {"operation", operation}},
                                     {});
    postgresql::Connection connection(postgresql::ConnectionTarget(settings), "", patience, until);
    const postgresql::TimeBudget budget(std::chrono::steady_clock::now(), until);
    bool in_doubt = false;
    EXPECT_EQ(postgresql::Statement(settings, 0).execute(connection, {}, patience, budget, in_doubt),
              R"([{"v":"30s"}])");
    EXPECT_TRUE(connection.is_idle());

    std::string now;
    connection.queue("SELECT current_setting('statement_timeout') || ' ' || current_setting('transaction_read_only')");
    connection.send(patience, until);
    connection.read(patience, until, [&](const PGresult* row) { now = PQgetvalue(row, 0, 0); });
    connection.read_end(patience, until);
    EXPECT_EQ(now, "0 off");
  }
}

}  // namespace
