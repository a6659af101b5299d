// SPDX-License-Identifier: Apache-2.0
// How values reach a real server.
#include "database_fixture.hpp"

namespace {

using fulfill::Json;

TEST(Values, StayDataWhateverTheyHold) {
  new_table("victims", "name text");
  DatabaseAction action("SELECT $1::text AS v, length($1) AS size");
  action.parameter("/name").setting("result", "one");
  for (const std::string name : {"'; DROP TABLE victims; --", "$1", "\\'", "''", "$$x$$", "/* \x01 */", "Zo\u00eb"}) {
    const Json answer = action.run(Json({{"name", name}}).dump()).json();
    EXPECT_EQ(answer.at("v"), name);
  }
  EXPECT_EQ(server().query("SELECT count(*) FROM victims"), "0");
}

TEST(Values, HaveTheTypeThatTheStatementAsksFor) {
  new_table("typed", "i int, b bigint, n numeric, f float8, t bool, s text, j jsonb, d date");
  DatabaseAction action("INSERT INTO typed VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING *");
  action.setting("operation", "unsafe").setting("result", "one");
  action.parameter("/i", "integer").parameter("/b", "integer").parameter("/n", "number").parameter("/f", "number");
  action.parameter("/t", "boolean").parameter("/s").parameter("/j", "json").parameter("/d");
  const auto outcome = action.run(R"({"i":-1,"b":9007199254740991,"n":12.5,"f":1e-7,"t":true,"s":"x","j":{"a":[1]},
                                      "d":"2024-02-29"})");
  EXPECT_EQ(outcome.json(), Json::parse(R"({"i":-1,"b":9007199254740991,"n":12.5,"f":1e-7,"t":true,"s":"x",
                                            "j":{"a":[1]},"d":"2024-02-29"})"));
}

TEST(Values, OfNumbersHaveEachDigitThatCame) {
  DatabaseAction action("SELECT $1::numeric::text AS n, $2::jsonb::text AS j, $3::bigint AS i");
  action.parameter("/n", "number").parameter("/j", "json").parameter("/i", "integer").setting("result", "one");
  EXPECT_EQ(action.run(R"({"n":123456789012345678901234567890.10,"j":[1.10,89014103211118510720],"i":7.0})").text(),
            R"({"n":"123456789012345678901234567890.10","j":"[1.10, 89014103211118510720]","i":7})");
}

TEST(Values, OfTextsWithALoneSurrogateHaveAReplacementCharacter) {
  DatabaseAction action("SELECT $1::text AS v, $2::json::text AS j");
  action.parameter("/v").parameter("/j", "json").setting("result", "one");
  EXPECT_EQ(action.run(R"({"v":"a\ud83d!","j":"\udc00"})").text(),
            "{\"v\":\"a\xEF\xBF\xBD!\",\"j\":\"\\\"\xEF\xBF\xBD\\\"\"}");
}

TEST(Values, ThatAreOptionalAreNullAndThoseWithADefaultAreThat) {
  DatabaseAction action("SELECT $1::text AS a, $2::int AS b");
  action.parameter("/a").setting("parameters.0.optional", "true");
  action.parameter("/b", "integer").setting("parameters.1.default", "7").setting("result", "one");
  EXPECT_EQ(action.run("{}").text(), R"({"a":null,"b":7})");
  EXPECT_EQ(action.run(R"({"a":null,"b":null})").text(), R"({"a":null,"b":7})");
  EXPECT_EQ(action.run(R"({"a":"x","b":8})").text(), R"({"a":"x","b":8})");
}

TEST(Values, MayBeTheExecutionsId) {
  DatabaseAction action("SELECT $1::text AS id");
  action.parameter("execution_id").setting("result", "one");
  EXPECT_EQ(action.run().json().at("id"), action.bench.execution_id());
}

TEST(Values, ThatTheServerCannotReadEndAsSqlErrorUnlessMapped) {
  DatabaseAction action("SELECT $1::date AS d");
  action.parameter("/d");
  EXPECT_EQ(action.run(R"({"d":"tomorrow-ish"})").code(), "sql_error");
  EXPECT_EQ(action.setting("errors.22007", "bad_input").run(R"({"d":"tomorrow-ish"})").code(), "bad_input");
}

}  // namespace
