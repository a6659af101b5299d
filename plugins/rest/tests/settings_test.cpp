// SPDX-License-Identifier: Apache-2.0
// What is refused when the action is loaded.
#include <fulfill/testing.hpp>
#include <string>
#include <utility>
#include <vector>

namespace {

using fulfill::testing::Bench;
using Given = std::vector<std::pair<std::string, std::string>>;

std::string refusal(const Given& settings) {
  Bench bench;
  bench.setting("url", "https://crm.example/customers");
  for (const auto& [name, value] : settings) bench.setting(name, value);
  return bench.refusal();
}

TEST(RestSettings, AreAUrlAtLeast) {
  EXPECT_EQ(Bench().refusal(), "setting \"url\" is missing");
  EXPECT_EQ(refusal({}), "");
}

TEST(RestSettings, NameTheHostThatIsCalled) {
  const std::string place =
      "setting \"url\" has a place before the path; the host that is called must stand in the "
      "settings";
  for (const char* url : {"https://{{/host}}/x", "https://{{/host}}", "https://crm.example{{/x}}", "https://a{{/x}}/",
                          "https://crm.example:{{/port}}/", "https://crm.example{{/x|.evil}}/y"})
    EXPECT_EQ(refusal({{"url", url}}), place) << url;
  EXPECT_EQ(refusal({{"url", "{{/url}}"}}), "setting \"url\" must be an absolute http or https URL");
  EXPECT_EQ(refusal({{"url", "ftp://crm.example/"}}), "setting \"url\" must be an absolute http or https URL");
  EXPECT_EQ(refusal({{"url", "https:///x"}}), "setting \"url\" has no host");
  EXPECT_EQ(refusal({{"url", "https://user:pw@crm.example/"}}), "setting \"url\" must not carry user information");
  EXPECT_EQ(refusal({{"url", "https://crm.example:port/{{/id}}"}}),
            "setting \"url\" has a port that is not within 1 to 65535");
}

TEST(RestSettings, TakeAPathBelowABaseUrl) {
  EXPECT_EQ(refusal({{"url", "/x"}, {"base_url", "https://crm.example"}}), "");
  EXPECT_EQ(refusal({{"url", "/x"}}), "setting \"base_url\" is missing");
  EXPECT_EQ(refusal({{"url", "/x"}, {"base_url", "https://crm.example/{{/a}}"}}),
            "setting \"base_url\" must be a URL without places and without a query");
  EXPECT_EQ(refusal({{"url", "/x"}, {"base_url", "https://crm.example:99999"}}),
            "setting \"base_url\" has a port that is not within 1 to 65535");
}

TEST(RestSettings, TakeNoUrlThatCouldNeverBeCalled) {
  for (const char* url : {"https://crm.example/a b", "https://crm.example/a#b", "https://crm.example/\"",
                          "https://crm.example/a\\b", "https://crm.example/\n"})
    EXPECT_NE(refusal({{"url", url}}).find("must not hold spaces"), std::string::npos) << url;
  EXPECT_EQ(refusal({{"url", "https://crm.example/a/../b"}}), "setting \"url\" must not hold the segments . and ..");
  EXPECT_EQ(refusal({{"url", "https://crm.example/{{/id?}}"}}),
            "setting \"url\" has an optional place; make it a parameter of its own, query.NAME");
}

TEST(RestSettings, NameStepsThatThereAre) {
  EXPECT_EQ(refusal({{"query.id", "{{customer:/id}}"}}),
            "setting \"query.id\" holds \"customer:/id\", but no step before has the name \"customer\"");
  EXPECT_EQ(refusal({{"result.name", "customer:/name"}}),
            "setting \"result.name\" holds \"customer:/name\", but no step before has the name \"customer\"");
}

TEST(RestSettings, NameSecretsThatThereAre) {
  EXPECT_EQ(refusal({{"headers.Authorization", "Bearer {{secret:token}}"}}), "secret \"token\" is missing");
  EXPECT_EQ(refusal({{"username", "ada"}}), "secret \"password\" is missing");
}

TEST(RestSettings, GiveNoSecretAway) {
  Bench bench;
  bench.setting("url", "https://crm.example/").setting("result.key", "secret:token").secret("token", "s3cret");
  EXPECT_EQ(bench.refusal(), "setting \"result.key\" must be found in an answer or in the input");
}

TEST(RestSettings, SkipStepsByWhatIsInTheInputOrInAnAnswer) {
  EXPECT_EQ(refusal({{"when", "/email"}}), "");
  EXPECT_EQ(refusal({{"when", ""}}), "");
  EXPECT_EQ(refusal({{"when", "execution:id"}}), "setting \"when\" must be found in the input or in an answer");
  EXPECT_EQ(refusal({{"when", "email"}}),
            "setting \"when\" holds \"email\", which is neither a JSON Pointer such as /customer/id, nor one of a step "
            "such as customer:/id");
}

TEST(RestSettings, HaveABodyThatIsJson) {
  EXPECT_EQ(refusal({{"body", R"({"limit": {{/limit}}})"}}),
            "setting \"body\" must be JSON; write a place as a text, \"{{/limit}}\", also for a number or an object");
  EXPECT_EQ(refusal({{"body", "{}"}, {"form.a", "b"}}), "setting \"body\" must not be set together with form.NAME");
  EXPECT_EQ(refusal({{"body", "{}"}, {"method", "GET"}}), "setting \"method\" is GET, which has neither body nor form");
}

TEST(RestSettings, HaveHeadersThatCanBeSent) {
  EXPECT_EQ(refusal({{"headers.X Y", "z"}}), "setting \"headers.X Y\" is no name of a header field");
  EXPECT_EQ(refusal({{"headers.host", "z"}}), "setting \"headers.host\" belongs to the host and cannot be set");
  EXPECT_EQ(refusal({{"headers.X", "a\r\nY: b"}}), "setting \"headers.X\" holds a control character");
  EXPECT_EQ(refusal({{"headers.X-a", "1"}, {"headers.x-A", "2"}}), "setting \"headers.x-A\" is set twice");
  EXPECT_EQ(refusal({{"headers.Authorization", "x"}, {"username", "ada"}}),
            "setting \"username\" must not be set together with headers.Authorization");
}

TEST(RestSettings, MapErrorsByStatusToWords) {
  EXPECT_EQ(refusal({{"errors.404", "no_such_customer"}, {"errors.4xx", "refused"}}), "");
  EXPECT_EQ(refusal({{"errors.NotFound", "no_such_customer"}}),
            "setting \"errors.NotFound\" must name a status such as errors.404, or a class of them such as errors.4xx");
  EXPECT_EQ(refusal({{"errors.NotFound", "no_such_customer"}, {"error_code", "/code"}}), "");
  EXPECT_EQ(refusal({{"errors.404", "No such customer"}}),
            "setting \"errors.404\" must be a word of at most 64 of a-z, 0-9, _, . and -");
  EXPECT_EQ(refusal({{"error_message", "message"}}),
            "setting \"error_message\" must be a JSON Pointer such as "
            "/error/code");
}

TEST(RestSettings, AcceptStatuses) {
  EXPECT_EQ(refusal({{"accept", "404, 410 5xx"}}), "");
  EXPECT_EQ(refusal({{"accept.0", "404"}, {"accept.1", "410"}}), "");
  for (const char* wrong : {"4", "44x", "NotFound", "0xx", "4044"})
    EXPECT_EQ(refusal({{"accept", wrong}}),
              "setting \"accept\" must list statuses such as 404, or classes of them such as 4xx")
        << wrong;
}

TEST(RestSettings, HaveTimesWithUnits) {
  EXPECT_EQ(refusal({{"timeout", "250ms"}}), "");
  for (const char* wrong : {"2", "s", "0s", "-1s", "2 s", "2h", "1.5s", "99999999999999999999s", "9999999m"})
    EXPECT_EQ(refusal({{"timeout", wrong}}),
              "setting \"timeout\" must be a whole number with ms, s or m, such as \"2s\"")
        << wrong;
}

TEST(RestSettings, HaveDefaultsOfTheFieldsType) {
  EXPECT_EQ(refusal({{"result.n", "/n"}, {"types.n", "integer"}, {"defaults.n", "many"}}),
            "setting \"defaults.n\" is not of the field's type");
  EXPECT_EQ(refusal({{"result.n", "/n"}, {"types.n", "integer"}, {"defaults.n", "null"}}), "");
}

TEST(RestSettings, AreNoOthersThanTheseAndNamedInTheRefusal) {
  EXPECT_NE(refusal({{"headrs.Accept", "x"}}).find("unknown setting \"headrs.Accept\"; known: "), std::string::npos);
  EXPECT_NE(refusal({{"types.nmae", "string"}}).find("unknown setting \"types.nmae\""), std::string::npos);
}

TEST(RestSettings, HaveTenStepsAtMostOfDifferentNames) {
  Bench bench;
  for (int i = 0; i < 10; ++i) bench.setting("steps." + std::to_string(i) + ".url", "https://crm.example/");
  EXPECT_EQ(bench.refusal(), "");
  bench.setting("steps.10.url", "https://crm.example/");
  EXPECT_EQ(bench.refusal(), "there are 11 steps; at most 10 are allowed");
}

TEST(RestSettings, NameStepsByWordsOfTheirOwn) {
  Bench bench;
  bench.setting("steps.0.url", "https://crm.example/").setting("steps.1.url", "https://crm.example/");
  bench.setting("steps.0.name", "secret");
  EXPECT_EQ(bench.refusal(), "setting \"steps.0.name\" must not be input, secret or execution");
  bench.setting("steps.0.name", "a").setting("steps.1.name", "a");
  EXPECT_EQ(bench.refusal(), "setting \"steps.1.name\" is the name of an earlier step too");
  bench.setting("steps.1.name", "a:b");
  EXPECT_EQ(bench.refusal(), "setting \"steps.1.name\" must be a name of at most 64 of a-z, A-Z, 0-9, _ and -");
}

TEST(RestSettings, SeeOnlyTheStepsBefore) {
  Bench bench;
  bench.setting("steps.0.url", "https://crm.example/{{b:/id}}").setting("steps.1.url", "https://crm.example/");
  bench.setting("steps.1.name", "b");
  EXPECT_EQ(bench.refusal(), "setting \"steps.0.url\" holds \"b:/id\", but no step before has the name \"b\"");
}

}  // namespace
