// SPDX-License-Identifier: Apache-2.0
// What is refused when the action is loaded, by name.
#include <fulfill/testing.hpp>

namespace {

using fulfill::testing::Bench;

class PostgresqlSettings : public testing::Test {
 protected:
  PostgresqlSettings() {
    bench.setting("connection", "host=db.example dbname=crm").setting("query", "SELECT $1::int");
    bench.setting("parameters.0.value", "/id").setting("parameters.0.type", "integer");
  }
  std::string refusal_with(const std::string& name, const std::string& value) {
    return bench.setting(name, value).refusal();
  }
  Bench bench;
};

TEST_F(PostgresqlSettings, ConnectToNothingYet) { EXPECT_EQ(bench.refusal(), ""); }

TEST_F(PostgresqlSettings, HaveAConnectionAndAQuery) {
  EXPECT_EQ(Bench().setting("query", "SELECT 1").refusal(), "setting \"connection\" is missing");
  EXPECT_EQ(Bench().setting("connection", "").refusal(), "setting \"query\" is missing");
}

TEST_F(PostgresqlSettings, HoldNoPassword) {
  for (const char* connection :
       {"host=db password=hunter2", "postgresql://u:hunter2@db/crm", "postgres://db/crm?password=hunter2"})
    EXPECT_EQ(refusal_with("connection", connection),
              "setting \"connection\" must not hold password: give it as the secret \"password\"");
  EXPECT_EQ(refusal_with("connection", "sslpassword=hunter2"),
            "setting \"connection\" must not hold sslpassword: use a key without one, readable by the service only");
  for (const char* connection : {"password hunter2", "postgresql://u:hunter2@[db/crm", "host=db passwort=hunter2"})
    EXPECT_EQ(refusal_with("connection", connection).find("hunter2"), std::string::npos);
}

TEST_F(PostgresqlSettings, SayWhatIsWrongWithAConnection) {
  EXPECT_EQ(refusal_with("connection", "hots=db"),
            "setting \"connection\" is not a connection string of libpq: invalid connection option \"hots\"");
  EXPECT_EQ(refusal_with("connection", "host=db connect_timeout=3"),
            "setting \"connection\" must not hold connect_timeout: that is the setting \"connect_timeout\"");
  EXPECT_EQ(refusal_with("connection", "application_name=x"),
            "setting \"connection\" must not hold application_name: the adapter names its sessions itself");
}

TEST_F(PostgresqlSettings, HaveAParameterForEachPlaceholder) {
  EXPECT_EQ(refusal_with("query", "SELECT $1, $2"),
            "setting \"query\" has 2 different placeholders, but \"parameters\" has 1 entries");
  EXPECT_EQ(refusal_with("query", "SELECT 1"),
            "setting \"query\" has 0 different placeholders, but \"parameters\" has 1 entries");
  EXPECT_EQ(refusal_with("query", "SELECT $2"), "setting \"query\" has a placeholder $2, but no $1");
  EXPECT_EQ(refusal_with("query", "SELECT $0, $1"), "setting \"query\" has a placeholder $0; they begin with $1");
}

TEST_F(PostgresqlSettings, HaveOneStatement) {
  EXPECT_EQ(refusal_with("query", "SELECT $1; DELETE FROM t"), "setting \"query\" must be one statement, not 2");
  EXPECT_EQ(refusal_with("query", " -- nothing"), "setting \"query\" must be one statement, not 0");
  EXPECT_EQ(refusal_with("query", "SELECT '$1"), "setting \"query\" holds a quote or a comment without an end");
}

TEST_F(PostgresqlSettings, OfParametersAreChecked) {
  EXPECT_EQ(refusal_with("parameters.0.value", "customer.id"),
            "setting \"parameters.0.value\" is \"customer.id\"; it must be a JSON Pointer into the input, such as "
            "\"/customer/id\", or \"execution_id\"");
  bench.setting("parameters.0.value", "/id");
  EXPECT_EQ(refusal_with("parameters.0.default", "seven"),
            "setting \"parameters.0.default\" is \"seven\"; it must be a whole number");
  bench.setting("parameters.0.default", "7");
  EXPECT_EQ(refusal_with("parameters.0.optional", "true"),
            "setting \"parameters.0.optional\": what has a default is never NULL; leave one out");
  EXPECT_EQ(refusal_with("parameters.0.type", "int"),
            "setting \"parameters.0.type\" is \"int\"; it may be one of string, integer, number, boolean, json");
}

TEST_F(PostgresqlSettings, OfTheExecutionsIdHaveNothingBeside) {
  EXPECT_EQ(refusal_with("parameters.0.value", "execution_id"),
            "setting \"parameters.0\": the execution's id is a string and always there");
}

TEST_F(PostgresqlSettings, HaveADefaultThatIsEmptyIfItIsSetSo) {
  EXPECT_EQ(refusal_with("parameters.0.default", ""),
            "setting \"parameters.0.default\" is \"\"; it must be a whole number");
  EXPECT_EQ(bench.setting("parameters.0.type", "string").refusal(), "");
}

TEST_F(PostgresqlSettings, OfErrorsAreNamedAfterStatesAndClasses) {
  EXPECT_EQ(refusal_with("errors.23505", "Duplicate!"),
            "setting \"errors.23505\" must be a word of at most 64 of a-z, 0-9, _, ., -");
  bench.setting("errors.23505", "duplicate");
  EXPECT_EQ(refusal_with("errors.unique", "duplicate"),
            "setting \"errors.unique\" is named neither after an SQLSTATE (five of 0-9 and A-Z, such as 23505) nor "
            "after a class of them (two, such as 23)");
}

TEST_F(PostgresqlSettings, OfAnswersAreChecked) {
  EXPECT_EQ(refusal_with("no_row", "none"),
            "setting \"no_row\" has no meaning with result = \"rows\": no row is an empty list");
  bench.setting("result", "one");
  EXPECT_EQ(bench.refusal(), "");
  EXPECT_EQ(refusal_with("no_row", "No Row"), "setting \"no_row\" must be a word of at most 64 of a-z, 0-9, _, ., -");
  bench.setting("no_row", "none");
  EXPECT_EQ(refusal_with("max_rows", "0"),
            "setting \"max_rows\" is \"0\"; it must be a whole number from 1 to 1000000");
}

TEST_F(PostgresqlSettings, OfTimeAreDurations) {
  EXPECT_EQ(refusal_with("connect_timeout", "5"),
            "setting \"connect_timeout\" is \"5\"; it must be a duration from 1ms to 5m, such as \"5s\"");
  bench.setting("connect_timeout", "250ms");
  EXPECT_EQ(refusal_with("idle_timeout", "2d"),
            "setting \"idle_timeout\" is \"2d\"; it must be a duration from 1ms to 1d, such as \"5m\"");
  bench.setting("idle_timeout", "90s");
  EXPECT_EQ(refusal_with("statement_timeout", "0s"),
            "setting \"statement_timeout\" is \"0s\"; it must be a duration from 1ms to 7d, such as \"30s\"");
}

TEST_F(PostgresqlSettings, OfTheServerAreNamedAndThoseOfTheAdapterAreItsOwn) {
  EXPECT_EQ(bench.setting("set.TimeZone", "UTC").setting("set.myapp.user", "x").refusal(), "");
  EXPECT_EQ(refusal_with("set.DateStyle", "German"),
            "setting \"set.DateStyle\" cannot be set: the adapter reads dates in one style");
}

TEST_F(PostgresqlSettings, OfTheServerThatConcernTimeHaveOneOfTheirOwn) {
  EXPECT_EQ(refusal_with("set.statement_timeout", "5s"),
            "setting \"set.statement_timeout\" cannot be set: that is the setting \"statement_timeout\"");
}

TEST_F(PostgresqlSettings, OfTheServerHaveNames) {
  EXPECT_EQ(refusal_with("set.time zone", "UTC"),
            "setting \"set.time zone\" is not named after a setting of PostgreSQL");
}

TEST_F(PostgresqlSettings, ThatNobodyKnowsAreRefused) {
  EXPECT_NE(refusal_with("querry", "SELECT 1").find("unknown setting \"querry\""), std::string::npos);
}

TEST_F(PostgresqlSettings, OfInputAreHeldAgainstIt) {
  const auto message = [&](const std::string& input) {
    const auto outcome = bench.run(input);
    EXPECT_EQ(outcome.code(), "bad_input");
    return outcome.message();
  };
  EXPECT_EQ(message("{}"), "the input has no \"/id\"");
  EXPECT_EQ(message("[]"), "the input has no \"/id\"");
  EXPECT_EQ(message("7"), "the input has no \"/id\"");
  EXPECT_EQ(message(R"({"id":null})"), "\"/id\" of the input must be a whole number, not null");
  EXPECT_EQ(message(R"({"id":"1"})"), "\"/id\" of the input must be a whole number, not string");
  EXPECT_EQ(message(R"({"id":1.5})"), "\"/id\" of the input must be a whole number, not number");
  EXPECT_EQ(message(R"({"id":9223372036854775808})"), "\"/id\" of the input must be a whole number, not number");
  bench.setting("parameters.0.type", "boolean");
  EXPECT_EQ(message(R"({"id":1})"), "\"/id\" of the input must be a boolean, not number");
  bench.setting("parameters.0.type", "string");
  EXPECT_EQ(message(R"({"id":"a\u0000b"})"), "\"/id\" of the input holds a NUL, which no text in PostgreSQL can hold");
}

}  // namespace
