// SPDX-License-Identifier: Apache-2.0
// What is committed, what is rolled back, and what nobody knows.
#include "database_fixture.hpp"

namespace {

class Writes : public testing::Test {
 protected:
  Writes() {
    new_table("orders", "id int PRIMARY KEY, note text");
    insert.parameter("/id", "integer").setting("operation", "unsafe").setting("result", "affected");
  }
  static std::string orders() { return server().query("SELECT count(*) FROM orders"); }

  /// Ends the session while it commits.
  static void break_at_commit() {
    server().query(
        "CREATE OR REPLACE FUNCTION break_off() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "PERFORM nextval('attempts'), pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$");
    server().query("DROP SEQUENCE IF EXISTS attempts");
    server().query("CREATE SEQUENCE attempts");
    server().query(
        "CREATE CONSTRAINT TRIGGER breaks AFTER INSERT ON orders DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION break_off()");
  }
  static std::string attempts() { return server().query("SELECT last_value FROM attempts"); }

  DatabaseAction insert{"INSERT INTO orders VALUES ($1)"};
};

TEST_F(Writes, AreCommittedAndCounted) {
  EXPECT_EQ(insert.run(R"({"id":1})").text(), R"({"affected":1})");
  EXPECT_EQ(orders(), "1");
}

TEST_F(Writes, MayReturnRows) {
  DatabaseAction action("INSERT INTO orders SELECT generate_series(1, 3) RETURNING id");
  EXPECT_EQ(action.setting("operation", "unsafe").run().text(), R"([{"id":1},{"id":2},{"id":3}])");
  EXPECT_EQ(orders(), "3");
}

TEST_F(Writes, AreRefusedByTheServerWhereTheOperationIsSafe) {
  const auto outcome = insert.setting("operation", "safe").run(R"({"id":1})");
  EXPECT_EQ(outcome.code(), "sql_error");
  EXPECT_EQ(outcome.message(), "SQLSTATE 25006: cannot execute INSERT in a read-only transaction");
  EXPECT_EQ(orders(), "0");
}

TEST_F(Writes, ThatViolateAConstraintEndWithTheWordForItAndWithoutDetail) {
  insert.setting("errors.23505", "duplicate_order").setting("errors.23", "conflict");
  EXPECT_TRUE(insert.run(R"({"id":1})").complete());
  const auto outcome = insert.run(R"({"id":1})");
  EXPECT_EQ(outcome.code(), "duplicate_order");
  EXPECT_EQ(outcome.message(), "SQLSTATE 23505: duplicate key value violates unique constraint \"orders_pkey\"");
  insert.setting("query", "INSERT INTO orders VALUES (NULLIF($1, 2))");
  EXPECT_EQ(insert.run(R"({"id":2})").code(), "conflict");
}

TEST_F(Writes, ThatFailLeaveAConnectionThatWorks) {
  insert.setting("pool", "1");
  EXPECT_TRUE(insert.run(R"({"id":1})").complete());
  const std::string session = "SELECT max(pid) FROM pg_stat_activity WHERE application_name LIKE 'fulfilld %'";
  const std::string before = server().query(session);
  EXPECT_EQ(insert.run(R"({"id":1})").code(), "sql_error");
  EXPECT_TRUE(insert.run(R"({"id":2})").complete());
  EXPECT_EQ(server().query(session), before);
}

TEST_F(Writes, WhoseAnswerIsNotAsItShouldBeAreRolledBack) {
  DatabaseAction two("INSERT INTO orders SELECT generate_series(1, 2) RETURNING id");
  two.setting("operation", "unsafe");
  EXPECT_EQ(two.setting("result", "one").run().code(), "too_many_rows");
  EXPECT_EQ(two.setting("result", "rows").setting("max_rows", "1").run().code(), "answer_too_large");
  EXPECT_EQ(orders(), "0");
}

TEST_F(Writes, ThatConcernNoRowMayBeAFailure) {
  DatabaseAction update("UPDATE orders SET note = 'x' WHERE id = $1");
  update.parameter("/id", "integer").setting("operation", "idempotent").setting("result", "affected");
  EXPECT_EQ(update.run(R"({"id":1})").text(), R"({"affected":0})");
  EXPECT_EQ(update.setting("no_row", "no_such_order").run(R"({"id":1})").code(), "no_such_order");
}

TEST_F(Writes, ThatFailAtTheCommitAreRolledBack) {
  new_table("lines", "id int PRIMARY KEY, of int REFERENCES orders DEFERRABLE INITIALLY DEFERRED");
  DatabaseAction action("INSERT INTO lines VALUES (1, 99)");
  action.setting("operation", "unsafe").setting("errors.23503", "no_such_order");
  EXPECT_EQ(action.run().code(), "no_such_order");
  EXPECT_EQ(server().query("SELECT count(*) FROM lines"), "0");
  server().query("DROP TABLE lines");
}

TEST_F(Writes, WhoseConnectionBreaksAtTheCommitHaveAnUnknownOutcomeAndAreNotRepeated) {
  EXPECT_TRUE(insert.run(R"({"id":1})").complete());  // so that the connection comes from the pool
  break_at_commit();
  const auto outcome = insert.run(R"({"id":2})");
  EXPECT_EQ(outcome.code(), "outcome_unknown");
  EXPECT_EQ(outcome.message(),
            "COMMIT was sent, and then: terminating connection due to administrator command" + place());
  EXPECT_EQ(attempts(), "1");
}

TEST_F(Writes, ThatAreIdempotentAreRepeatedOnceOnAnotherConnection) {
  insert.setting("operation", "idempotent");
  EXPECT_TRUE(insert.run(R"({"id":1})").complete());
  break_at_commit();
  insert.bench.attempts(1);
  const auto outcome = insert.run(R"({"id":2})");
  EXPECT_EQ(outcome.code(), "outcome_unknown") << "the first may have been committed";
  EXPECT_EQ(outcome.message().find("backend_unreachable after a COMMIT whose outcome nobody knows: "), 0U);
  EXPECT_EQ(attempts(), "2");
}

TEST_F(Writes, WhoseConnectionBreaksBeforeTheCommitAreRepeatedOnceIfItCameFromThePool) {
  server().query("DROP SEQUENCE IF EXISTS tries");
  server().query("CREATE SEQUENCE tries");
  DatabaseAction action(
      "INSERT INTO orders SELECT nextval('tries') + CASE WHEN $1 THEN pg_terminate_backend(pg_backend_pid())::int "
      "ELSE 0 END");
  action.parameter("/break", "boolean").setting("operation", "unsafe").setting("result", "affected");
  const auto tries = [] { return server().query("SELECT last_value FROM tries"); };
  action.bench.attempts(1);  // as an action with retry.attempts = 1

  EXPECT_EQ(action.run(R"({"break":true})").code(), "backend_unreachable");  // on a new connection
  EXPECT_EQ(tries(), "1");
  EXPECT_TRUE(action.run(R"({"break":false})").complete());
  EXPECT_EQ(tries(), "2");
  EXPECT_EQ(action.run(R"({"break":true})").code(), "backend_unreachable");  // on a pooled one, and on a new one
  EXPECT_EQ(tries(), "4");
  EXPECT_EQ(orders(), "1");
}

TEST_F(Writes, GoOnAfterTheServerWasRestarted) {
  EXPECT_TRUE(insert.run(R"({"id":1})").complete());
  server().restart();
  EXPECT_TRUE(insert.run(R"({"id":2})").complete());
  EXPECT_EQ(orders(), "2");
}

}  // namespace
