// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <fulfill/testing.hpp>
#include <string>

namespace {

using namespace std::chrono_literals;
using fulfill::Json;
using fulfill::Operation;
using fulfill::testing::Bench;
using fulfill::testing::RecordedCall;

const std::string response_json = "application/graphql-response+json; charset=utf-8";

class Graphql : public testing::Test {
 protected:
  Graphql() { bench.setting("url", url).setting("query", query).setting("variables.id", "{{/id}}"); }

  auto answer(const std::string& body, int status = 200, const std::string& type = "application/json") {
    bench.on("POST", url).answer(status, body, {{"Content-Type", type}});
    return bench.run(R"({"id":42,"tags":["a"],"name":"Ada"})");
  }
  /// The message, without the call at its beginning.
  std::string message(const std::string& body) {
    const std::string said = answer(body).message();
    EXPECT_TRUE(said.starts_with("POST https://api.example/graphql: ")) << said;
    return said.substr(said.find(": ") + 2);
  }
  RecordedCall call() {
    EXPECT_TRUE(answer(R"({"data":{}})").complete());
    return bench.calls().at(0);
  }

  const std::string url = "https://api.example/graphql";
  const std::string query = "query Q($id: ID!, $n: Int, $in: In, $l: [X]) { customer(id: $id) { name } }";
  Bench bench;
};

TEST_F(Graphql, PostsTheOperation) {
  const auto made = call();
  EXPECT_EQ(made.method(), "POST");
  EXPECT_EQ(made.header("Content-Type"), "application/json");
  EXPECT_EQ(made.header("Accept"), "application/graphql-response+json, application/json;q=0.9");
  EXPECT_EQ(Json::parse(made.body()), Json({{"query", query}, {"variables", {{"id", 42}}}}));
}

TEST_F(Graphql, SendsVariablesOfAllTypes) {
  bench.setting("variables.n", "10").setting("variables.l.0", "{{/tags}}").setting("variables.l.1", "{{/gone?}}");
  bench.setting("variables.in.name", "Hi {{/name}}").setting("variables.in.deep.id", "{{/id}}");
  EXPECT_EQ(Json::parse(call().body()).at("variables"),
            Json::parse(R"({"id":42,"n":10,"l":[["a"]],"in":{"name":"Hi Ada","deep":{"id":42}}})"));
}

TEST_F(Graphql, SendsVariablesThatAreJsonTemplates) {
  bench.setting("variables.in", R"({"id":"{{/id}}","zip":"01234","note":"{{/note?}}"})");
  bench.setting("variables.n", "{{/limit?}}");
  EXPECT_EQ(Json::parse(call().body()).at("variables"), Json({{"id", 42}, {"in", {{"id", 42}, {"zip", "01234"}}}}));
}

TEST_F(Graphql, NamesTheOperationIfThereAreSeveral) {
  bench.setting("query", query + " mutation M { a }").setting("operation_name", "Q");
  const auto made = call();
  EXPECT_EQ(Json::parse(made.body()).at("operationName"), "Q");
  EXPECT_EQ(made.operation(), Operation::safe);
}

TEST_F(Graphql, MayRepeatQueriesButNotMutations) {
  EXPECT_EQ(call().operation(), Operation::safe);
  bench.setting("query", "mutation($id: ID!) { a(id: $id) }");
  EXPECT_EQ(call().operation(), Operation::unsafe);
  bench.setting("operation", "idempotent");
  EXPECT_EQ(call().operation(), Operation::idempotent);
}

TEST_F(Graphql, SendsHeadersAndATimeout) {
  bench.setting("headers.Authorization", "Bearer {{secret:token}}").secret("token", "s3cret").setting("timeout", "2s");
  const auto made = call();
  EXPECT_EQ(made.header("Authorization"), "Bearer s3cret");
  EXPECT_EQ(made.timeout(), 2s);
}

TEST_F(Graphql, RefusesAnInputWithoutWhatAVariableNeeds) {
  EXPECT_EQ(bench.run("{}").code(), "bad_input");
  EXPECT_TRUE(bench.calls().empty());
}

TEST_F(Graphql, GivesTheData) {
  EXPECT_EQ(answer(R"({"data":{"customer":{"name":"Ada"}},"extensions":{}})").json(),
            Json({{"customer", {{"name", "Ada"}}}}));
}

TEST_F(Graphql, PicksTheResultBelowTheData) {
  bench.setting("result.name", "/customer/name").setting("result.total", "/customer/total");
  bench.setting("types.total", "number").setting("result.id", "input:/id");
  EXPECT_EQ(answer(R"({"data":{"customer":{"name":"Ada","total":"59.80"}},"errors":[]})").text(),
            R"({"id":42,"name":"Ada","total":59.80})");
}

TEST_F(Graphql, ErrorsInA200HaveTheWordOfTheirCode) {
  bench.setting("errors.UNAUTHENTICATED", "no_access");
  const auto outcome = answer(
      R"({"errors":[{"message":"first"},{"message":"log in","extensions":{"code":"UNAUTHENTICATED"}}],"data":null})");
  EXPECT_EQ(outcome.code(), "no_access");
  EXPECT_EQ(outcome.message(), "POST https://api.example/graphql: log in");
}

TEST_F(Graphql, ErrorsWithoutAWordAreGraphqlError) {
  const auto outcome = answer(R"({"errors":[{"message":"no\nsuch field","extensions":{"code":"X"}}]})");
  EXPECT_EQ(outcome.code(), "graphql_error");
  EXPECT_EQ(outcome.message(), "POST https://api.example/graphql: no such field");
  EXPECT_EQ(message(R"({"errors":[{}]})"), "the backend answered an error without a message");
}

TEST_F(Graphql, ErrorsOfAnyFormKeepTheServersText) {
  EXPECT_EQ(message(R"({"errors":"Invalid API key"})"), "Invalid API key");
  EXPECT_EQ(message(R"({"errors":{"message":"store is locked","stack":""}})"), "store is locked");
  EXPECT_EQ(message(R"({"errors":["first","second"]})"), "first");
  EXPECT_EQ(message(R"({"errors":[{"detail":"no access"}]})"), "no access");
  EXPECT_EQ(message(R"({"errors":{"base":["is gone"]}})"), R"({"base":["is gone"]})");
  EXPECT_EQ(message(R"({"errors":[["deep"]]})"), R"(["deep"])");
  EXPECT_EQ(message(R"({"errors":true})"), "true");
  EXPECT_EQ(message(R"({"errors":{"message":{"text":"x"}},"data":null})"), R"({"message":{"text":"x"}})");
  EXPECT_EQ(message(R"({"errors":")" + std::string(1000, 'x') + "\"}"), std::string(300, 'x'));
  for (const char* errors : {R"("x")", R"(["x"])", R"({"message":"x"})"})
    EXPECT_EQ(answer(R"({"errors":)" + std::string(errors) + "}").code(), "graphql_error") << errors;
}

TEST_F(Graphql, TheFirstErrorThatSaysSomethingIsTold) {
  for (const char* silent : {"null", "{}", R"("")", R"({"message":""})", R"({"message":null,"path":[]})"})
    EXPECT_EQ(message(R"({"errors":[)" + std::string(silent) + R"(,{"message":"store is locked"}]})"),
              "store is locked")
        << silent;
  EXPECT_EQ(message(R"({"errors":[{"message":""}]})"), "the backend answered an error without a message");
  EXPECT_EQ(message(R"("store is locked")"), R"(the answer is no object, as one of GraphQL is: "store is locked")");
}

TEST_F(Graphql, ErrorsOfAnyFormHaveTheirCode) {
  bench.setting("errors.LOCKED", "store_locked");
  EXPECT_EQ(answer(R"({"errors":{"message":"m","extensions":{"code":"LOCKED"}}})").code(), "store_locked");
  EXPECT_EQ(answer(R"({"errors":["x",{"message":"m","extensions":{"code":"LOCKED"}}]})").code(), "store_locked");
}

TEST_F(Graphql, ErrorsThatAreEmptyAreNone) {
  for (const char* errors : {"null", "[]", "{}", R"("")", "false"})
    EXPECT_TRUE(answer(R"({"data":{},"errors":)" + std::string(errors) + "}").complete()) << errors;
}

TEST_F(Graphql, SaysWhatElseCameInPlaceOfDataAndErrors) {
  EXPECT_EQ(message(R"({"error":"Invalid API key"})"),
            R"(the answer has neither data nor errors: {"error":"Invalid API key"})");
}

TEST_F(Graphql, KeepsTheDigitsOfNumbersBothWays) {
  bench.setting("variables.n", "{{/n}}").setting("variables.in.rate", "1.10").setting("result.id", "/id");
  bench.on("POST", url).answer(200, R"({"data":{"id":89014103211118510720,"rest":1e400}})");
  EXPECT_EQ(bench.run(R"({"id":12345678901234567.89,"n":1e400})").text(), R"({"id":89014103211118510720})");
  EXPECT_NE(bench.calls().at(0).body().find(R"("variables":{"id":12345678901234567.89,"in":{"rate":1.10},"n":1e400})"),
            std::string::npos)
      << bench.calls().at(0).body();
}

TEST_F(Graphql, ReadsAnswersInOtherEncodings) {
  EXPECT_EQ(answer("\xEF\xBB\xBF{\"data\":{\"a\":1}}").text(), R"({"a":1})");
  EXPECT_EQ(answer("{\"data\":\"M\xFCller\"}", 200, "application/json; charset=ISO-8859-1").json(),
            Json("M\xC3\xBCller"));
  EXPECT_EQ(answer(R"({"data":"Hi \ud83d"})").json(), Json("Hi \xEF\xBF\xBD"));
}

TEST_F(Graphql, LeavesTheOutcomeOfAMutationOpenWhoseAnswerCannotBeRead) {
  bench.setting("query", "mutation($id: ID!) { a(id: $id) }").setting("result.a", "/a");
  for (const char* body : {"<html>", "{}", R"({"data":null})", R"({"data":{}})"})
    EXPECT_EQ(answer(body).code(), "outcome_unknown") << body;
  EXPECT_EQ(answer(R"({"errors":["no"]})").code(), "graphql_error") << "the server's word that it is not done";
  bench.setting("operation", "idempotent");
  EXPECT_EQ(answer("{}").code(), "backend_bad_answer");
}

TEST_F(Graphql, SaysWhichCallFailed) {
  bench.on("POST", url).unreachable();
  EXPECT_EQ(bench.run(R"({"id":1})").message(), "POST https://api.example/graphql: no connection to the backend");
  bench.on("POST", url).answer(301, "", {{"Location", "https://www.api.example/graphql?a=b"}});
  EXPECT_EQ(bench.run(R"({"id":1})").message(),
            "POST https://api.example/graphql: the backend answered 301 to https://www.api.example/graphql");
}

TEST_F(Graphql, ErrorsMayHaveTheirCodeElsewhere) {
  bench.setting("error_code", "/type").setting("errors.NOT_FOUND", "no_such_customer");
  EXPECT_EQ(answer(R"({"errors":[{"message":"m","type":"NOT_FOUND"}]})").code(), "no_such_customer");
}

TEST_F(Graphql, PartOfTheDataIsAFailure) {
  EXPECT_EQ(answer(R"({"data":{"a":1,"b":null},"errors":[{"message":"no b"}]})").code(), "graphql_error");
}

TEST_F(Graphql, PartOfTheDataMayBeTaken) {
  bench.setting("partial", "take").setting("result.a", "/a").setting("result.b", "/b").setting("defaults.b", "none");
  EXPECT_EQ(answer(R"({"data":{"a":1,"b":null},"errors":[{"message":"no b"}]})").json(),
            Json({{"a", 1}, {"b", "none"}}));
  ASSERT_EQ(bench.logs().size(), 1U);
  EXPECT_EQ(bench.logs()[0].text(), "part of the data is missing: no b");
}

TEST_F(Graphql, NoDataAtAllIsNoPart) {
  bench.setting("partial", "take");
  EXPECT_EQ(answer(R"({"data":null,"errors":[{"message":"no"}]})").code(), "graphql_error");
}

TEST_F(Graphql, AnswersThatAreNoGraphqlAreBackendBadAnswer) {
  for (const char* body : {"", "<html>", "[]", "{}", R"({"data":null})"}) {
    bench.on("POST", url).answer(200, body);
    EXPECT_EQ(bench.run(R"({"id":1})").code(), "backend_bad_answer") << body;
  }
  EXPECT_EQ(answer(std::string(500'000, '[')).code(), "backend_bad_answer");
}

TEST_F(Graphql, TrustsErrorsOfAnotherStatusThatAreGraphql) {
  bench.setting("errors.BAD_USER_INPUT", "bad_customer");
  EXPECT_EQ(answer(R"({"errors":[{"message":"m","extensions":{"code":"BAD_USER_INPUT"}}]})", 400, response_json).code(),
            "bad_customer");
  EXPECT_EQ(answer(R"({"errors":[{"message":"m"}]})", 400, response_json).code(), "graphql_error");
  EXPECT_EQ(answer(R"({"errors":[{"message":"m"}]})", 400, "Application/GraphQL-Response+JSON").code(),
            "graphql_error");
}

TEST_F(Graphql, TakesOnlyKnownCodesFromWhatMayBeAProxy) {
  bench.setting("errors.BAD_USER_INPUT", "bad_customer");
  EXPECT_EQ(answer(R"({"errors":[{"message":"m","extensions":{"code":"BAD_USER_INPUT"}}]})", 400).code(),
            "bad_customer");
  EXPECT_EQ(answer(R"({"errors":[{"message":"m"}]})", 400).code(), "backend_status");
}

TEST_F(Graphql, HasWordsForStatuses) {
  bench.setting("errors.401", "no_access").setting("errors.5xx", "down");
  EXPECT_EQ(answer("<html>", 401).code(), "no_access");
  EXPECT_EQ(answer(R"({"errors":["x"]})", 503).code(), "down");
  EXPECT_EQ(answer(R"({"errors":"no key"})", 401).message(), "POST https://api.example/graphql: no key");
  EXPECT_EQ(answer("<html>", 404).code(), "backend_status");
}

TEST_F(Graphql, LeavesFailuresOfTheConnectionAsTheyAre) {
  bench.on("POST", url).timeout();
  EXPECT_EQ(bench.run(R"({"id":1})").code(), "backend_timeout");
}

TEST_F(Graphql, SaysThatAMutationMayHaveBeenCarriedOut) {
  bench.setting("query", "mutation($id: ID!) { a(id: $id) }");
  bench.on("POST", url).reset();
  EXPECT_EQ(bench.run(R"({"id":1})").code(), "outcome_unknown");
}

TEST_F(Graphql, BoundsTheAnswer) {
  bench.setting("max_answer", "10");
  EXPECT_EQ(answer(R"({"data":{"a":1}})").code(), "answer_too_large");
}

TEST_F(Graphql, ReadsLargeAnswersToo) {
  const std::string text(100'000, 'x');
  EXPECT_EQ(answer(Json({{"data", {{"a", text}}}}).dump()).json().at("a"), text);
}

}  // namespace
