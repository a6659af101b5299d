// SPDX-License-Identifier: Apache-2.0
// What rows become, from a real server.
#include "database_fixture.hpp"

namespace {

using fulfill::Json;

/// The text of the one value that a query gives, as it stands in the answer.
std::string value_of(const std::string& expression) {
  auto outcome = DatabaseAction("SELECT " + expression + " AS v").setting("result", "one").run();
  return outcome.complete() ? outcome.text() : outcome.code() + ": " + outcome.message();
}

std::string is(const std::string& json) { return "{\"v\":" + json + "}"; }

TEST(Types, OfNumbersKeepEachDigitOrBecomeStrings) {
  EXPECT_EQ(value_of("1::smallint"), is("1"));
  EXPECT_EQ(value_of("(-7)::int"), is("-7"));
  EXPECT_EQ(value_of("9007199254740991::bigint"), is("9007199254740991"));
  EXPECT_EQ(value_of("9007199254740992::bigint"), is("\"9007199254740992\""));
  EXPECT_EQ(value_of("12.50::numeric(10,2)"), is("12.50"));
  EXPECT_EQ(value_of("12345678901234567.89::numeric"), is("\"12345678901234567.89\""));
  EXPECT_EQ(value_of("'NaN'::numeric"), is("\"NaN\""));
  EXPECT_EQ(value_of("0.1::float8"), is("0.1"));
  EXPECT_EQ(value_of("1e300::float8"), is("1e+300"));
  EXPECT_EQ(value_of("'-Infinity'::float8"), is("\"-Infinity\""));
  EXPECT_EQ(value_of("0.30000000000000004::float8"), is("0.30000000000000004"));
}

TEST(Types, ThatJsonKnowsBecomeWhatTheyAre) {
  EXPECT_EQ(value_of("true"), is("true"));
  EXPECT_EQ(value_of("false"), is("false"));
  EXPECT_EQ(value_of("NULL::int"), is("null"));
  EXPECT_EQ(value_of("'say \"hi\"\n'::text"), is("\"say \\\"hi\\\"\\n\""));
  EXPECT_EQ(value_of("'{\"a\": [1, null]}'::jsonb"), is("{\"a\": [1, null]}"));
  EXPECT_EQ(value_of("'[1,2]'::json"), is("[1,2]"));
  EXPECT_EQ(value_of("to_json(ARRAY[1,2])"), is("[1,2]"));
}

TEST(Types, OfTimeAreRfc3339) {
  EXPECT_EQ(value_of("'2024-05-01'::date"), is("\"2024-05-01\""));
  EXPECT_EQ(value_of("'2024-05-01 12:30:00.25'::timestamp"), is("\"2024-05-01T12:30:00.25\""));
  EXPECT_EQ(value_of("'infinity'::timestamp"), is("\"infinity\""));
  EXPECT_EQ(value_of("'90 minutes'::interval"), is("\"PT1H30M\""));
  DatabaseAction action("SELECT '2024-05-01 12:30:00+00'::timestamptz AS v");
  const std::string connection = server().connection();
  for (const auto& [zone, time] :
       {std::pair{"Europe/Berlin", "2024-05-01T14:30:00+02:00"}, std::pair{"Asia/Kolkata", "2024-05-01T18:00:00+05:30"},
        std::pair{"UTC", "2024-05-01T12:30:00+00:00"}}) {
    DatabaseAction set("SELECT '2024-05-01 12:30:00+00'::timestamptz AS v");
    EXPECT_EQ(set.setting("set.TimeZone", zone).run().json(), Json::array({{{"v", time}}}));
    action.setting("connection", connection + " options='-c TimeZone=" + zone + " -c DateStyle=German'");
    EXPECT_EQ(action.run().json(), Json::array({{{"v", time}}}));
  }
}

TEST(Settings, OfTheServerHoldForTheTransactionOnly) {
  DatabaseAction action("SELECT current_setting('search_path') AS a, current_setting('myapp.user') AS b");
  action.setting("set.search_path", "crm").setting("set.myapp.user", "Ada").setting("pool", "1");
  for (const char* operation : {"safe", "unsafe"})
    EXPECT_EQ(action.setting("operation", operation).run().text(), R"([{"a":"crm","b":"Ada"}])");
  DatabaseAction other("SELECT 1");
  EXPECT_EQ(other.setting("set.no_such_setting", "1").run().message(),
            "SQLSTATE 42704: unrecognized configuration parameter \"no_such_setting\"");
}

TEST(Types, OtherThanTheseAreText) {
  EXPECT_EQ(value_of("'\\x00ff10'::bytea"), is("\"AP8Q\""));
  EXPECT_EQ(value_of("''::bytea"), is("\"\""));
  EXPECT_EQ(value_of("'\\xff'::bytea"), is("\"/w==\""));
  EXPECT_EQ(value_of("ARRAY['a','b c']"), is("\"{a,\\\"b c\\\"}\""));
  EXPECT_EQ(value_of("'6f1c1fb6-32a0-4b4f-8d05-6e5a4a3f1b11'::uuid"), is("\"6f1c1fb6-32a0-4b4f-8d05-6e5a4a3f1b11\""));
  EXPECT_EQ(value_of("pg_sleep(0)"), is("null"));
}

TEST(Rows, AreAListOfObjectsWithTheirColumnsInOrder) {
  DatabaseAction action("SELECT n AS z, n * n AS a FROM generate_series(1, 2) AS n");
  EXPECT_EQ(action.run().text(), R"([{"z":1,"a":1},{"z":2,"a":4}])");
}

TEST(Rows, OfWhichThereIsNoneAreAnEmptyList) { EXPECT_EQ(DatabaseAction("SELECT 1 WHERE false").run().text(), "[]"); }

TEST(Rows, WantNamesThatDiffer) {
  const auto outcome = DatabaseAction("SELECT 1 AS id, 2 AS id").run();
  EXPECT_EQ(outcome.code(), "backend_bad_answer");
  EXPECT_EQ(outcome.message(), "two columns have the name \"id\"; tell them apart with AS");
}

TEST(Rows, AreAtMostSoMany) {
  DatabaseAction action("SELECT * FROM generate_series(1, 3)");
  EXPECT_TRUE(action.setting("max_rows", "3").run().complete());
  const auto outcome = action.setting("max_rows", "2").run();
  EXPECT_EQ(outcome.code(), "answer_too_large");
  EXPECT_EQ(outcome.message(), "there are more than 2 rows");
}

TEST(Rows, OfAHugeResultAreNotFetched) {
  EXPECT_EQ(DatabaseAction("SELECT generate_series(1, 2000000000)").run().code(), "answer_too_large");
}

TEST(Rows, AreAtMostSoLong) {
  DatabaseAction action("SELECT repeat('x', 100) AS v FROM generate_series(1, 3)");
  EXPECT_EQ(action.setting("max_bytes", "200").run().message(), "the rows are longer than 200 bytes");
}

TEST(Rows, ThatAreHugeAreNotReadToTheirEnd) {
  const auto outcome = DatabaseAction("SELECT repeat('x', 20000000) AS v").run();
  EXPECT_EQ(outcome.code(), "answer_too_large");
  EXPECT_EQ(outcome.message(), "a row is longer than 1048576 bytes");
}

TEST(First, IsTheFirstRow) {
  DatabaseAction action("SELECT n FROM generate_series(5, 100000) AS n");
  EXPECT_EQ(action.setting("result", "first").run().text(), R"({"n":5})");
}

TEST(First, ThatIsNotThereIsAFailureOfItsOwnOrNull) {
  DatabaseAction action("SELECT 1 WHERE false");
  EXPECT_EQ(action.setting("result", "first").run().code(), "no_such_row");
  EXPECT_EQ(action.setting("no_row", "no_such_customer").run().code(), "no_such_customer");
  EXPECT_EQ(action.setting("no_row", "null").run().text(), "null");
}

TEST(One, IsNeitherNoneNorTwo) {
  DatabaseAction action("SELECT n FROM generate_series(1, $1) AS n");
  action.parameter("/rows", "integer").setting("result", "one");
  EXPECT_EQ(action.run(R"({"rows":1})").text(), R"({"n":1})");
  EXPECT_EQ(action.run(R"({"rows":0})").code(), "no_such_row");
  EXPECT_EQ(action.run(R"({"rows":2})").code(), "too_many_rows");
}

TEST(Statements, ThatFailAreToldBySqlstateAndPrimaryMessage) {
  const auto outcome = DatabaseAction("SELECT * FROM no_such_table").run();
  EXPECT_EQ(outcome.code(), "sql_error");
  EXPECT_EQ(outcome.message(), "SQLSTATE 42P01: relation \"no_such_table\" does not exist");
}

TEST(Statements, ThatCopyAreRefusedAndTheConnectionIsNotUsedAgain) {
  DatabaseAction action("COPY (SELECT 1) TO STDOUT");
  EXPECT_EQ(action.run().code(), "sql_error");
  EXPECT_EQ(action.run().code(), "sql_error");
}

}  // namespace
