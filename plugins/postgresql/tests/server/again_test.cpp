// SPDX-License-Identifier: Apache-2.0
// What is tried again, as nothing was changed, and what is not.
#include <atomic>
#include <set>
#include <thread>
#include <vector>

#include "database_fixture.hpp"

namespace {

using namespace std::chrono_literals;

/// A statement that the server refuses so many times with that SQLSTATE, and carries out then.
class Refused : public testing::Test {
 protected:
  Refused() {
    new_table("orders", "id int PRIMARY KEY");
    server().query("DROP SEQUENCE IF EXISTS tries");
    server().query("CREATE SEQUENCE tries");
    insert.setting("operation", "unsafe").setting("result", "affected");
  }
  static void with(const std::string& state, int times, const std::string& when = "") {
    server().query(
        "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF nextval('tries') <= " +
        std::to_string(times) + " THEN RAISE EXCEPTION 'not now' USING ERRCODE = '" + state +
        "'; END IF; RETURN NEW; END $$");
    server().query("CREATE CONSTRAINT TRIGGER refuses AFTER INSERT ON orders " + when +
                   " FOR EACH ROW EXECUTE FUNCTION refuse()");
  }
  static std::string orders() { return server().query("SELECT count(*) FROM orders"); }

  DatabaseAction insert{"INSERT INTO orders VALUES (1)"};
};

TEST_F(Refused, ForAnotherTransactionIsTriedAgain) {
  for (const char* state : {"40001", "40P01", "55P03"}) {
    new_table("orders", "id int PRIMARY KEY");
    server().query("ALTER SEQUENCE tries RESTART");
    with(state, 2);
    EXPECT_EQ(insert.run().text(), R"({"affected":1})") << state;
    EXPECT_EQ(insert.bench.work_attempts(), 3U) << state;
    EXPECT_EQ(orders(), "1");
  }
}

TEST_F(Refused, AtTheCommitIsTriedAgainToo) {
  with("40001", 1, "DEFERRABLE INITIALLY DEFERRED");
  EXPECT_EQ(insert.run().text(), R"({"affected":1})");
  EXPECT_EQ(insert.bench.work_attempts(), 2U);
}

TEST_F(Refused, TooOftenEndsWithTheServersOwnWord) {
  with("40001", 100);
  const auto outcome = insert.setting("errors.40001", "busy_table").run();
  EXPECT_EQ(outcome.code(), "busy_table");
  EXPECT_EQ(outcome.message(), "SQLSTATE 40001: not now");
  EXPECT_EQ(insert.bench.work_attempts(), 3U);
  EXPECT_EQ(orders(), "0");
}

TEST_F(Refused, ForGoodIsNotTriedAgain) {
  for (const char* state : {"23505", "22P02", "42501", "P0001", "57014"}) {
    new_table("orders", "id int PRIMARY KEY");
    with(state, 1000);
    EXPECT_FALSE(insert.run().complete()) << state;
    EXPECT_EQ(insert.bench.work_attempts(), 1U) << state;
  }
}

TEST_F(Refused, AtTheCommitByAPoolerHasAnUnknownOutcome) {
  with("08P01", 1, "DEFERRABLE INITIALLY DEFERRED");
  const auto outcome = insert.run();
  EXPECT_EQ(outcome.code(), "outcome_unknown");
  EXPECT_EQ(outcome.message(), "COMMIT was sent, and then: not now" + place());
  EXPECT_EQ(insert.bench.work_attempts(), 1U);
}

TEST(ARestart, CostsNoneOf300Inserts) {
  new_table("orders", "id int PRIMARY KEY");
  DatabaseAction action("INSERT INTO orders VALUES ($1) ON CONFLICT DO NOTHING");
  action.parameter("/id", "integer").setting("operation", "idempotent").setting("result", "affected");
  auto database = action.database();
  std::atomic<int> next = 0;
  std::atomic<int> served = 0;
  const auto insert = [&](int id) {
    // What the host does, with its settings for retries.
    bool in_doubt = false;
    for (const auto end = in(60s); std::chrono::steady_clock::now() < end;) {
      try {
        (void)database.run({std::to_string(id)}, "", end, {}, in_doubt);
        ++served;
        return;
      } catch (const fulfill::TryAgain&) {
        std::this_thread::sleep_for(20ms);
      } catch (const fulfill::Failed& failed) {
        ADD_FAILURE() << failed.code() << ": " << failed.message();
        return;
      }
    }
  };
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i)
      threads.emplace_back([&] {
        for (int id = ++next; id <= 300; id = ++next) insert(id);
      });
    while (next < 50) std::this_thread::yield();
    server().restart();
  }
  EXPECT_EQ(served, 300);
  EXPECT_EQ(server().query("SELECT count(*) FROM orders"), "300");
}

}  // namespace
