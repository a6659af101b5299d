// SPDX-License-Identifier: Apache-2.0
// What is refused when the action is loaded.
#include <cstdio>
#include <fstream>
#include <fulfill/testing.hpp>
#include <string>
#include <utility>
#include <vector>

namespace {

using fulfill::testing::Bench;
using Given = std::vector<std::pair<std::string, std::string>>;

std::string refusal(const Given& settings) {
  Bench bench;
  bench.setting("url", "https://api.example/graphql");
  for (const auto& [name, value] : settings) bench.setting(name, value);
  return bench.refusal();
}

TEST(GraphqlSettings, AreAUrlAndAQueryAtLeast) {
  EXPECT_EQ(Bench().refusal(), "setting \"url\" is missing");
  EXPECT_EQ(refusal({}), "one of the settings \"query\" and \"query_file\" must be set, not both");
  EXPECT_EQ(refusal({{"query", "{ a }"}, {"query_file", "/x"}}),
            "one of the settings \"query\" and \"query_file\" must be set, not both");
  EXPECT_EQ(refusal({{"query", "{ a }"}}), "");
}

TEST(GraphqlSettings, NameTheHostThatIsCalled) {
  EXPECT_EQ(refusal({{"url", "https://{{/host}}/graphql"}, {"query", "{ a }"}}),
            "setting \"url\" has a place before the path; the host that is called must stand in the settings");
}

TEST(GraphqlSettings, HaveAQueryThatIsGraphql) {
  EXPECT_EQ(refusal({{"query", "{ a"}}), "setting \"query\" is no GraphQL: it ends too soon");
  EXPECT_EQ(refusal({{"query", "subscription { a }"}}),
            "setting \"query\" is a subscription, which has no single answer");
  EXPECT_EQ(refusal({{"query", "{ a(x: \"\xFF\") }"}}), "setting \"query\" is not UTF-8");
}

TEST(GraphqlSettings, LetNoValueIntoTheQuery) {
  EXPECT_EQ(refusal({{"query", "{ a(id: \"{{/id}}\") }"}}),
            "setting \"query\" is no template: declare a variable in it, and set it by variables.NAME");
}

TEST(GraphqlSettings, NameOneOperation) {
  const std::string two = "query A { a } mutation B { b }";
  EXPECT_EQ(refusal({{"query", two}}), "setting \"operation_name\" is missing; the query has several operations");
  EXPECT_EQ(refusal({{"query", two}, {"operation_name", "C"}}),
            "setting \"operation_name\" is \"C\", which is no operation of the query");
  EXPECT_EQ(refusal({{"query", two}, {"operation_name", "B"}}), "");
}

TEST(GraphqlSettings, SetTheVariablesThatAreDeclared) {
  const std::string query = "query($id: ID!, $n: Int) { a }";
  EXPECT_EQ(refusal({{"query", query}}), "setting \"variables.id\" is missing; the operation requires it");
  EXPECT_EQ(refusal({{"query", query}, {"variables.id", "{{/id}}"}}), "");
  EXPECT_EQ(refusal({{"query", query}, {"variables.id", "{{/id}}"}, {"variables.m", "1"}}),
            "setting \"variables.m\" is no variable that the operation declares");
  EXPECT_EQ(refusal({{"query", query}, {"variables.id", "{{secret:key}}"}}), "secret \"key\" is missing");
}

TEST(GraphqlSettings, ReadTheQueryFromAFile) {
  const std::string path = testing::TempDir() + "graphql_settings_test.graphql";
  std::ofstream(path) << "mutation { a }";
  EXPECT_EQ(refusal({{"query_file", path}}), "");
  std::ofstream(path) << "mutation { a";
  EXPECT_EQ(refusal({{"query_file", path}}), "setting \"query_file\" is no GraphQL: it ends too soon");
  std::ofstream(path) << "\xEF\xBB\xBFmutation { a }";
  EXPECT_EQ(refusal({{"query_file", path}}), "");
  std::remove(path.c_str());
  EXPECT_EQ(refusal({{"query_file", path}}), "setting \"query_file\" names a file that cannot be read");
  EXPECT_EQ(refusal({{"query_file", "/"}}), "setting \"query_file\" names a file that cannot be read");
  EXPECT_EQ(refusal({{"query_file", "/dev/zero"}}), "setting \"query_file\" is longer than 1 MiB");
  EXPECT_EQ(refusal({{"query_file", "x.graphql"}}), "setting \"query_file\" must be an absolute path");
}

TEST(GraphqlSettings, MapCodesToWords) {
  EXPECT_EQ(refusal({{"query", "{ a }"}, {"errors.UNAUTHENTICATED", "no_access"}, {"errors.429", "busy"}}), "");
  EXPECT_EQ(refusal({{"query", "{ a }"}, {"errors.X", "No Access"}}),
            "setting \"errors.X\" must be a word of at most 64 of a-z, 0-9, _, . and -");
  EXPECT_EQ(refusal({{"query", "{ a }"}, {"error_code", "code"}}),
            "setting \"error_code\" must be a JSON Pointer such as /extensions/code");
}

TEST(GraphqlSettings, AreNoOthersThanThese) {
  EXPECT_NE(refusal({{"query", "{ a }"}, {"variable.id", "1"}}).find("unknown setting \"variable.id\""),
            std::string::npos);
}

}  // namespace
