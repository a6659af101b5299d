// SPDX-License-Identifier: Apache-2.0
// What becomes of the answer.
#include <fulfill/testing.hpp>
#include <string>

namespace {

using fulfill::Json;
using fulfill::testing::Bench;

class RestAnswer : public testing::Test {
 protected:
  RestAnswer() { bench.setting("url", url); }

  auto answer(const std::string& body, int status = 200, const std::string& type = "application/json") {
    bench.on("GET", url).answer(status, body, {{"Content-Type", type}});
    return bench.run(R"({"customerId":42})");
  }

  const std::string url = "https://crm.example/";
  Bench bench;
};

TEST_F(RestAnswer, IsPassedOnAsItIs) { EXPECT_EQ(answer(R"({ "b":1.50, "a":2 })").text(), R"({ "b":1.50, "a":2 })"); }

TEST_F(RestAnswer, IsNullIfItIsEmpty) { EXPECT_EQ(answer("", 204).json(), Json(nullptr)); }

TEST_F(RestAnswer, IsPassedOnWithAllDigits) {
  for (const char* json : {"1e400", "[89014103211118510720,12345678901234567.89,1.10]", R"(["\ud83d"])"})
    EXPECT_EQ(answer(json).text(), json);
}

TEST_F(RestAnswer, IsPassedOnInUtf8WithoutAMark) {
  EXPECT_EQ(answer("\xEF\xBB\xBF{ \"a\":1}").text(), "{ \"a\":1}");
  EXPECT_EQ(answer("\"M\xFCller\"", 200, "application/json; charset=ISO-8859-1").text(), "\"M\xC3\xBCller\"");
}

TEST_F(RestAnswer, IsPickedDigitByDigit) {
  bench.setting("result.iccid", "/iccid").setting("result.sum", "/sum").setting("result.all", "");
  EXPECT_EQ(
      answer(R"({"iccid":89014103211118510720,"sum":1.10,"huge":1e400})").text(),
      R"({"all":{"iccid":89014103211118510720,"sum":1.10,"huge":1e400},"iccid":89014103211118510720,"sum":1.10})");
}

TEST_F(RestAnswer, IsDecodedBeforeItIsPicked) {
  bench.setting("result.name", "/name");
  EXPECT_EQ(answer("\xEF\xBB\xBF{\"name\":\"Ada\"}").text(), R"({"name":"Ada"})");
  EXPECT_EQ(answer("{\"name\":\"M\xFCller\"}", 200, "application/json; charset=ISO-8859-1").json(),
            Json({{"name", "M\xC3\xBCller"}}));
  EXPECT_EQ(answer(R"({"name":"Hi \ud83d"})").json(), Json({{"name", "Hi \xEF\xBF\xBD"}}));
}

TEST_F(RestAnswer, InAnUnknownCharsetIsNamed) {
  EXPECT_EQ(answer("\"M\xFCller\"", 200, "application/json; charset=x-old").message(),
            "GET https://crm.example/: the backend's answer is in the charset \"x-old\", which cannot be decoded");
  bench.setting("result.name", "/name");
  EXPECT_EQ(answer("\"M\xFCller\"", 200, "application/json; charset=x-old").code(), "backend_bad_answer");
}

TEST_F(RestAnswer, MayBeOneValue) {
  bench.setting("result.balance", "");
  EXPECT_EQ(answer("42.50").text(), R"({"balance":42.50})");
}

TEST_F(RestAnswer, ThatIsNoJsonIsBackendBadAnswer) {
  const auto outcome = answer("<html>");
  EXPECT_EQ(outcome.code(), "backend_bad_answer");
  EXPECT_EQ(outcome.message(), "GET https://crm.example/: the backend's answer is not JSON");
}

TEST_F(RestAnswer, OfAnUnsafeCallThatCannotBeReadLeavesTheOutcomeOpen) {
  bench.setting("method", "POST");
  bench.on("POST", url).answer(201, "<html>");
  EXPECT_EQ(bench.run("{}").code(), "outcome_unknown");
  EXPECT_EQ(bench.run("{}").message(),
            "POST https://crm.example/: the backend answered 201, so it may have been carried out, but the backend's "
            "answer is not JSON");
  bench.setting("result.id", "/id").setting("types.id", "integer");
  for (const char* body : {"<html>", "{}", R"({"id":"x"})", "\xFF", "[[["}) {
    bench.on("POST", url).answer(200, body);
    EXPECT_EQ(bench.run("{}").code(), "outcome_unknown") << body;
  }
  bench.setting("operation", "idempotent");
  EXPECT_EQ(bench.run("{}").code(), "backend_bad_answer");
}

TEST_F(RestAnswer, OfAnUnsafeCallThatIsTooLongLeavesTheOutcomeOpen) {
  bench.setting("method", "POST").setting("max_answer", "10");
  bench.on("POST", url).answer(200, R"({"id":12345678})").answer(404, R"({"id":12345678})");
  EXPECT_EQ(bench.run("{}").code(), "outcome_unknown");
  bench.setting("accept", "404");
  EXPECT_EQ(bench.run("{}").code(), "answer_too_large") << "a status that says what became of it";
}

TEST_F(RestAnswer, IsPickedByPointers) {
  bench.setting("result.name", "/customer/name").setting("result.first", "/orders/0").setting("result.all", "last:");
  EXPECT_EQ(bench.refusal(), "setting \"result.all\" holds \"last:\", but no step before has the name \"last\"");
  bench.setting("result.all", "/customer").setting("result.asked", "input:/customerId");
  EXPECT_EQ(answer(R"({"customer":{"name":"Ada"},"orders":[7,8]})").json(),
            Json({{"name", "Ada"}, {"first", 7}, {"all", {{"name", "Ada"}}}, {"asked", 42}}));
}

TEST_F(RestAnswer, IsConvertedToTheTypesOfTheFields) {
  bench.setting("result.id", "/id").setting("types.id", "string");
  bench.setting("result.total", "/total").setting("types.total", "number");
  bench.setting("result.count", "/count").setting("types.count", "integer");
  bench.setting("result.vip", "/vip").setting("types.vip", "boolean");
  EXPECT_EQ(answer(R"({"id":7001,"total":"59.80","count":"3","vip":1})").text(),
            R"({"count":3,"id":"7001","total":59.80,"vip":true})");
}

TEST_F(RestAnswer, ThatIsNotOfItsTypeIsBackendBadAnswer) {
  bench.setting("result.count", "/count").setting("types.count", "integer");
  const auto outcome = answer(R"({"count":"3.5"})");
  EXPECT_EQ(outcome.code(), "backend_bad_answer");
  EXPECT_EQ(outcome.message(), "GET https://crm.example/: the answer's value for result.count is not of its type");
}

TEST_F(RestAnswer, ThatLacksAValueIsBackendBadAnswer) {
  bench.setting("result.name", "/name");
  const auto outcome = answer("[1]");
  EXPECT_EQ(outcome.code(), "backend_bad_answer");
  EXPECT_EQ(outcome.message(), "GET https://crm.example/: the answer has no value for result.name");
}

TEST_F(RestAnswer, GetsDefaultsForWhatIsMissingOrNull) {
  bench.setting("result.a", "/a").setting("defaults.a", "none");
  bench.setting("result.b", "/b").setting("defaults.b", "0").setting("types.b", "integer");
  bench.setting("result.c", "/c").setting("defaults.c", "0").setting("types.c", "string");
  bench.setting("result.d", "/d").setting("defaults.d", "null").setting("types.d", "boolean");
  bench.setting("result.e", "/e");
  EXPECT_EQ(answer(R"({"a":null,"b":"","e":null})").text(), R"({"a":"none","b":0,"c":"0","d":null,"e":null})");
}

TEST_F(RestAnswer, IsMadeAListOfObjects) {
  bench.setting("result.lines", "/lines").setting("items.lines.sku", "/product/sku");
  bench.setting("items.lines.price", "/price").setting("types.lines.price", "number");
  bench.setting("defaults.lines.price", "0");
  EXPECT_EQ(answer(R"({"lines":[{"product":{"sku":"lamp"},"price":"1.5"},{"product":{"sku":"bulb"}}]})").text(),
            R"({"lines":[{"price":1.5,"sku":"lamp"},{"price":0,"sku":"bulb"}]})");
}

TEST_F(RestAnswer, HasEmptyListsForMissingOnes) {
  bench.setting("result.lines", "/lines").setting("items.lines.sku", "/sku");
  bench.setting("result.tags", "/tags").setting("types.tags", "list");
  EXPECT_EQ(answer("{}").text(), R"({"lines":[],"tags":[]})");
}

TEST_F(RestAnswer, ThatHasNoListIsBackendBadAnswer) {
  bench.setting("result.lines", "/lines").setting("items.lines.sku", "/sku");
  EXPECT_EQ(answer(R"({"lines":{"sku":"lamp"}})").code(), "backend_bad_answer");
}

TEST_F(RestAnswer, OfAnAcceptedStatusIsReadLikeAnyOther) {
  bench.setting("accept", "404").setting("result.found", "/found").setting("defaults.found", "false");
  EXPECT_EQ(answer("<h1>Not found</h1>", 404).json(), Json({{"found", false}}));
}

TEST_F(RestAnswer, OfAnAcceptedStatusMaySayMore) {
  bench.setting("accept", "409").setting("result.id", "/existing/id");
  EXPECT_EQ(answer(R"({"existing":{"id":7}})", 409).json(), Json({{"id", 7}}));
}

TEST_F(RestAnswer, OfAnAcceptedStatusIsNullIfItIsNoJson) {
  bench.setting("accept.0", "4xx");
  EXPECT_EQ(answer("gone", 410).json(), Json(nullptr));
}

TEST_F(RestAnswer, MayBePlainText) {
  bench.setting("answer", "text");
  EXPECT_EQ(answer("12:30 \"noon\"").json(), Json("12:30 \"noon\""));
  EXPECT_EQ(answer("\xEF\xBB\xBFnoon").json(), Json("noon"));
  EXPECT_EQ(answer("M\xFCller", 200, "text/plain; charset=windows-1252").json(), Json("M\xC3\xBCller"));
  EXPECT_EQ(bench.calls().at(0).header("Accept"), "");
}

TEST_F(RestAnswer, ThatIsNoUtf8IsBackendBadAnswer) {
  bench.setting("answer", "text");
  EXPECT_EQ(answer("\xFF").code(), "backend_bad_answer");
}

TEST_F(RestAnswer, MayBeOfNoInterest) {
  bench.setting("answer", "none").setting("result.done", "input:/customerId");
  EXPECT_EQ(answer("<ok/>").json(), Json({{"done", 42}}));
}

TEST_F(RestAnswer, IsBounded) {
  bench.setting("max_answer", "10").setting("result.a", "/a");
  EXPECT_EQ(answer(R"({"a":"123456"})").code(), "answer_too_large");
}

TEST_F(RestAnswer, IsBoundedAlsoIfItIsPassedOn) {
  bench.setting("max_answer", "10");
  EXPECT_EQ(answer(R"({"a":"123456"})").code(), "answer_too_large");
}

TEST_F(RestAnswer, ThatIsNestedTooDeepIsBackendBadAnswer) {
  bench.setting("result.a", "/a");
  EXPECT_EQ(answer(std::string(500'000, '[')).code(), "backend_bad_answer");
}

TEST_F(RestAnswer, IsParsedWhereAThreadMayBlockIfItIsLarge) {
  bench.setting("result.a", "/a").hold_blocking();
  bench.on("GET", url).answer(200, Json({{"a", std::string(100'000, 'x')}}).dump());
  bench.start("{}");
  bench.advance(std::chrono::seconds(1));
  EXPECT_EQ(bench.waiting(), 1U);
  bench.cancel();
}

TEST_F(RestAnswer, MayBeLarge) {
  bench.setting("result.a", "/a");
  const std::string text(100'000, 'x');
  EXPECT_EQ(answer(Json({{"a", text}}).dump()).json().at("a"), text);
}

}  // namespace
