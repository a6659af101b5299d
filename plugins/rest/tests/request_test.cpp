// SPDX-License-Identifier: Apache-2.0
// What is sent.
#include <chrono>
#include <fulfill/testing.hpp>
#include <string>

namespace {

using namespace std::chrono_literals;
using fulfill::Json;
using fulfill::Operation;
using fulfill::testing::Bench;
using fulfill::testing::RecordedCall;

class RestRequest : public testing::Test {
 protected:
  RestRequest() {
    bench.setting("url", "https://crm.example/customers/{{/id}}");
    bench.otherwise().answer(200, "{}");
  }

  RecordedCall call(const std::string& input) {
    const auto outcome = bench.run(input);
    EXPECT_TRUE(outcome.complete()) << outcome.code() << ": " << outcome.message();
    EXPECT_EQ(bench.calls().size(), 1U);
    return bench.calls().at(0);
  }
  std::string url_for(const std::string& id) { return call(Json({{"id", id}}).dump()).url(); }
  std::string refusal_of(const std::string& input) {
    const auto outcome = bench.run(input);
    EXPECT_TRUE(bench.calls().empty());
    return outcome.code() + ": " + outcome.message();
  }

  Bench bench;
};

TEST_F(RestRequest, IsAGetThatAsksForJson) {
  const auto made = call(R"({"id":42})");
  EXPECT_EQ(made.method(), "GET");
  EXPECT_EQ(made.url(), "https://crm.example/customers/42");
  EXPECT_EQ(made.header("Accept"), "application/json");
  EXPECT_FALSE(made.has_body());
  EXPECT_EQ(made.operation(), Operation::by_method);
  EXPECT_EQ(made.timeout(), 0ms);
}

TEST_F(RestRequest, KeepsWhatAValueSaysInOneSegmentOfThePath) {
  EXPECT_EQ(url_for("a/b?c=d#e&f"), "https://crm.example/customers/a%2Fb%3Fc%3Dd%23e%26f");
  EXPECT_EQ(url_for("@evil.example/"), "https://crm.example/customers/%40evil.example%2F");
  EXPECT_EQ(url_for("\r\nHost: evil"), "https://crm.example/customers/%0D%0AHost%3A%20evil");
  EXPECT_EQ(url_for("\xC3\xA9"), "https://crm.example/customers/%C3%A9");
  EXPECT_EQ(url_for("..."), "https://crm.example/customers/...");
}

TEST_F(RestRequest, LetsNoValueLeadOutOfThePath) {
  for (const char* id : {"..", ".", "../admin", "x/../../admin", "..\\admin", "%2e%2e", "%2E%2E/admin", "..;x"})
    EXPECT_EQ(refusal_of(Json({{"id", id}}).dump()),
              "bad_input: the input's /id must not hold a . or .. segment: it is part of the URL")
        << id;
}

TEST_F(RestRequest, LetsNoTwoValuesLeadOutOfThePathTogether) {
  bench.setting("url", "https://crm.example/customers/{{/a}}.{{/b}}/orders");
  EXPECT_EQ(call(R"({"a":"x","b":"y"})").url(), "https://crm.example/customers/x.y/orders");
  EXPECT_EQ(refusal_of(R"({"a":"x/","b":"/y"})"), "bad_input: the URL's path would hold the segment . or ..");
}

TEST_F(RestRequest, HasNoEmptySegmentWhereAnIdShouldBe) {
  EXPECT_EQ(refusal_of(R"({"id":""})"), "bad_input: the input's /id must not be empty: it is part of the URL's path");
  EXPECT_EQ(refusal_of(R"({"id":null})"), "bad_input: the input's /id is missing");
}

TEST_F(RestRequest, HasAUrlOf4096BytesAtMost) {
  EXPECT_EQ(refusal_of(Json({{"id", std::string(4096, 'x')}}).dump()),
            "bad_input: the URL would be longer than 4096 bytes");
}

TEST_F(RestRequest, HasAQuery) {
  bench.setting("url", "https://crm.example/customers?type={{/type}}");
  bench.setting("query.$filter", "name eq '{{/name}}'").setting("query.page.size", "{{/size|10}}");
  bench.setting("query.skip", "{{/skip?}}").setting("query.tag.0", "a").setting("query.tag.1", "{{/name}}");
  EXPECT_EQ(call(R"({"type":"a&b","name":"O'Hara"})").url(),
            "https://crm.example/customers?type=a%26b&%24filter=name%20eq%20%27O%27Hara%27&page.size=10&tag=a&"
            "tag=O%27Hara");
}

TEST_F(RestRequest, RepeatsAParameterForEachElementOfAList) {
  bench.setting("url", "https://crm.example/").setting("query.tag", "{{/tags}}").setting("query.more", "{{/more?}}");
  EXPECT_EQ(call(R"({"tags":["a","b&c",7,true]})").url(), "https://crm.example/?tag=a&tag=b%26c&tag=7&tag=true");
  EXPECT_EQ(call(R"({"tags":"a"})").url(), "https://crm.example/?tag=a");
  EXPECT_EQ(call(R"({"tags":[],"more":[1,null,2]})").url(), "https://crm.example/?more=1&more=2");
  EXPECT_EQ(refusal_of(R"({"tags":[["a"]]})"),
            "bad_input: the input's /tags must be a list of texts, numbers and booleans");
  EXPECT_EQ(refusal_of(R"({"tags":["a",null]})"), "bad_input: the input's /tags has an element that is null");
}

TEST_F(RestRequest, KeepsTheDigitsOfNumbersWhereverTheyGo) {
  bench.setting("query.amount", "{{/amount}}").setting("headers.X-Id", "{{/id}}");
  bench.setting("body", R"({"id":"{{/id}}","amount":"{{/amount}}","huge":"{{/huge}}","rate":1.10,"all":"{{}}"})");
  const std::string input = R"({"id":89014103211118510720,"amount":12345678901234567.89,"huge":1e400})";
  const auto made = call(input);
  EXPECT_EQ(made.url(), "https://crm.example/customers/89014103211118510720?amount=12345678901234567.89");
  EXPECT_EQ(made.header("X-Id"), "89014103211118510720");
  EXPECT_EQ(made.body(), R"({"id":89014103211118510720,"amount":12345678901234567.89,"huge":1e400,"rate":1.10,"all":)" +
                             input + "}");
}

TEST_F(RestRequest, HasTheReplacementCharacterForHalfACharacter) {
  bench.setting("body", R"({"note":"{{/note}}"})")
      .setting("url", "https://crm.example/")
      .setting("query.q", "{{/note}}");
  const auto made = call(R"({"note":"Hi \ud83d"})");
  EXPECT_EQ(made.body(), "{\"note\":\"Hi \xEF\xBF\xBD\"}");
  EXPECT_EQ(made.url(), "https://crm.example/?q=Hi%20%EF%BF%BD");
}

TEST_F(RestRequest, TakesTheWholeInputByTheEmptyPointer) {
  bench.setting("url", "https://crm.example/{{}}").setting("headers.X-Id", "{{}}").setting("body", R"(["{{}}"])");
  const auto made = call("42");
  EXPECT_EQ(made.url(), "https://crm.example/42");
  EXPECT_EQ(made.header("X-Id"), "42");
  EXPECT_EQ(made.body(), "[42]");
}

TEST_F(RestRequest, GoesBelowTheBaseUrl) {
  bench.setting("base_url", "https://crm.example/v1/").setting("url", "/customers/{{/id}}");
  EXPECT_EQ(url_for("42"), "https://crm.example/v1/customers/42");
}

TEST_F(RestRequest, HasHeaders) {
  bench.secret("token", "s3cret")
      .setting("headers.Authorization", "Bearer {{secret:token}}")
      .setting("headers.X-Caller", "{{/caller?}}");
  bench.setting("headers.Accept", "application/vnd.crm+json").setting("headers.X-Id", "{{/id}}");
  const auto made = call(R"({"id":42})");
  EXPECT_EQ(made.header("Authorization"), "Bearer s3cret");
  EXPECT_EQ(made.header("Accept"), "application/vnd.crm+json");
  EXPECT_EQ(made.header("X-Id"), "42");
  EXPECT_EQ(made.headers().size(), 3U) << "X-Caller is optional, and Accept there once";
}

TEST_F(RestRequest, LetsNoValueAddAHeader) {
  bench.setting("headers.X-Note", "note: {{/note}}");
  for (const char* note : {"a\r\nX-Admin: 1", "a\nb", "a\rb", "\x7F"})
    EXPECT_EQ(refusal_of(Json({{"id", 1}, {"note", note}}).dump()),
              "bad_input: the input's /note holds a control character: it is for a header");
  EXPECT_EQ(refusal_of(Json({{"id", 1}, {"note", std::string("a\0b", 3)}}).dump()),
            "bad_input: the input's /note holds a control character: it is for a header");
}

TEST_F(RestRequest, LetsNoSecretAddAHeaderNorBeSeen) {
  bench.setting("headers.Authorization", "{{secret:token}}").secret("token", "s3cret\n");
  EXPECT_EQ(refusal_of(R"({"id":1})"), "bad_secret: secret token holds a control character: it is for a header");
}

TEST_F(RestRequest, AuthorizesWithNameAndPassword) {
  bench.setting("username", "Aladdin").secret("password", "open sesame");  // RFC 7617, 2
  EXPECT_EQ(call(R"({"id":1})").header("Authorization"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  bench.secret("password", "");
  EXPECT_EQ(call(R"({"id":1})").header("Authorization"), "Basic QWxhZGRpbjo=");
  bench.secret("password", "\xC3\xA9!");
  EXPECT_EQ(call(R"({"id":1})").header("Authorization"), "Basic QWxhZGRpbjrDqSE=");
}

TEST_F(RestRequest, LetsNoNameOverrideThePassword) {
  bench.setting("username", "{{/user}}").secret("password", "pass");
  EXPECT_EQ(call(R"({"id":1,"user":"Ada"})").header("Authorization"), "Basic QWRhOnBhc3M=");
  EXPECT_EQ(refusal_of(R"({"id":1,"user":"Ada:x"})"),
            "bad_input: the input's /user holds a colon: it is for a user name");
}

TEST_F(RestRequest, PostsTheBodyThatTheTemplateMakes) {
  bench.setting("body", R"({"id":"{{/id}}","lines":"{{/lines}}","note":"{{/note?}}","by":"{{execution:id}}"})");
  const auto made = call(R"({"id":42,"lines":[{"sku":"lamp"}]})");
  EXPECT_EQ(made.method(), "POST");
  EXPECT_EQ(made.header("Content-Type"), "application/json");
  EXPECT_EQ(Json::parse(made.body()), Json({{"id", 42}, {"lines", {{{"sku", "lamp"}}}}, {"by", bench.execution_id()}}));
}

TEST_F(RestRequest, SendsNoBodyIfAllOfItIsLeftOut) {
  bench.setting("body", "\"{{/note?}}\"").setting("method", "DELETE");
  const auto made = call(R"({"id":42})");
  EXPECT_FALSE(made.has_body());
  EXPECT_EQ(made.header("Content-Type"), "");
}

TEST_F(RestRequest, PostsTheInputAsItIs) {
  bench.setting("body", "input").setting("method", "PUT");
  const std::string input = R"({ "id" : 1.50 })";
  EXPECT_EQ(call(input).body(), input);
  EXPECT_EQ(call(input).header("Content-Type"), "application/json");
  bench.setting("headers.content-type", "application/vnd.crm+json");
  EXPECT_EQ(call(input).body(), input);
  EXPECT_EQ(call(input).header("Content-Type"), "application/vnd.crm+json");
}

TEST_F(RestRequest, PostsAForm) {
  bench.setting("form.grant", "a&b=c").setting("form.name", "{{/name}}").setting("form.note", "{{/note?}}");
  const auto made = call(R"({"id":1,"name":"A & B"})");
  EXPECT_EQ(made.method(), "POST");
  EXPECT_EQ(made.header("Content-Type"), "application/x-www-form-urlencoded");
  EXPECT_EQ(made.body(), "grant=a%26b%3Dc&name=A%20%26%20B");
  EXPECT_EQ(call(R"({"id":1,"name":["A",1.10]})").body(), "grant=a%26b%3Dc&name=A&name=1.10");
}

TEST_F(RestRequest, IsBounded) {
  bench.setting("body", R"(["{{/x}}","{{/x}}"])").setting("url", "https://crm.example/");
  EXPECT_EQ(refusal_of(Json({{"x", std::string(600'000, 'x')}}).dump()),
            "bad_input: the body of the request would be longer than 1 MiB");
}

TEST_F(RestRequest, SaysHowOftenItMayBeMadeAndHowLongItMayTake) {
  bench.setting("method", "POST").setting("operation", "idempotent").setting("timeout", "2s");
  const auto made = call(R"({"id":1})");
  EXPECT_EQ(made.operation(), Operation::idempotent);
  EXPECT_EQ(made.timeout(), 2s);
}

}  // namespace
