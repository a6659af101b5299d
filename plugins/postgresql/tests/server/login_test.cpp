// SPDX-License-Identifier: Apache-2.0
#include "database_fixture.hpp"

namespace {

const std::string wrong_password = "battery staple";

TEST(ALogin, TakesThePasswordFromTheSecret) {
  DatabaseAction action("SELECT current_user AS u");
  action.setting("connection", server().connection("guarded"));
  action.bench.secret("password", PostgresServer::kGuardedPassword);
  EXPECT_EQ(action.run().text(), "[{\"u\":\"guarded\"}]");
}

TEST(ALogin, ThatIsRefusedSaysSoAndDoesNotTellThePassword) {
  DatabaseAction action("SELECT 1");
  action.setting("connection", server().connection("guarded"));
  action.bench.secret("password", wrong_password);
  const auto outcome = action.run();
  EXPECT_EQ(outcome.code(), "login_refused");
  EXPECT_EQ(outcome.message(), "SQLSTATE 28P01: password authentication failed for user \"guarded\"" + place());
}

TEST(ALogin, WithoutAPasswordSaysWhereItBelongs) {
  DatabaseAction action("SELECT 1");
  action.setting("connection", server().connection("guarded"));
  const auto outcome = action.run();
  EXPECT_EQ(outcome.code(), "login_refused");
  EXPECT_EQ(outcome.message(),
            "SQLSTATE 28P01: the server wants a password, which is the secret \"password\"" + place());
}

TEST(ALogin, ToADatabaseThatDoesNotExistSaysSo) {
  DatabaseAction action("SELECT 1");
  action.setting("connection", server().connection() + " dbname=nowhere");
  const auto outcome = action.run();
  EXPECT_EQ(outcome.code(), "sql_error");
  EXPECT_EQ(outcome.message(), "SQLSTATE 3D000: database \"nowhere\" does not exist" + place("nowhere"));
}

TEST(APassword, ThatTheServerRepeatsIsTakenOut) {
  DatabaseAction action("SELECT $1::int");
  action.parameter("/v").setting("connection", server().connection("guarded"));
  action.bench.secret("password", PostgresServer::kGuardedPassword);
  const auto outcome = action.run(fulfill::Json({{"v", PostgresServer::kGuardedPassword}}).dump());
  EXPECT_EQ(outcome.message(), "SQLSTATE 22P02: invalid input syntax for type integer: \"***\"");
}

}  // namespace
