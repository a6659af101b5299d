// SPDX-License-Identifier: Apache-2.0
// The bundled adapter as it ships: the shared library, loaded by the real plugin host.
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "runtime/plugin_host/plugin_host.hpp"
#include "tests/runtime/plugin_host/scripted_host.hpp"

namespace fulfilld {
namespace {

using testing::answer;
using testing::broken;

class HttpJson : public ::testing::Test {
 protected:
  HttpJson() {
    plugins_.load();
    settings_.adapter = "http_json";
    settings_.settings = {{"url", "http://backend.example:8080/orders?x=1"}};
  }

  [[nodiscard]] std::string refusal() { return plugins_.make_adapter("default", settings_).problem; }

  void start(std::string data = R"({"a" : 1.0, "b":[true,null]})") {
    const auto made = plugins_.make_adapter("default", settings_);
    ASSERT_NE(made.adapter, nullptr) << made.problem;
    execution_ = testing::execution(std::move(data), "e-7");
    run_ = made.adapter->make_run(host_, execution_, {});
    run_->start();
    ASSERT_EQ(host_.calls.size(), 1u);
  }
  void answer_with(const HttpAnswer& given) { run_->http_done(host_.last_operation, given); }
  [[nodiscard]] const AdapterCall& call() const { return host_.calls.front(); }

  PluginHost plugins_{{FULFILLD_TEST_HTTP_JSON}, {}};
  ActionSettings settings_;
  testing::ScriptedHost host_;
  ExecutionPtr execution_;
  std::unique_ptr<AdapterRun> run_;
};

TEST_F(HttpJson, PostsTheDataByteForByte) {
  start();
  EXPECT_EQ(call().request.method, "POST");
  EXPECT_EQ(call().request.url.target, "/orders?x=1");
  EXPECT_EQ(call().request.url.port, 8080);
  EXPECT_EQ(call().request.body.get(), &execution_->data) << "shared, not copied";
  EXPECT_EQ(call().request.header_lines,
            "Content-Type: application/json\r\nAccept: application/json\r\nIdempotency-Key: e-7\r\n");
  EXPECT_EQ(call().operation, OperationClass::idempotent);
  EXPECT_EQ(call().request.authorization, "");
}

TEST_F(HttpJson, SendsItsTokenAndLogsNothing) {
  settings_.secrets.emplace("token", Secret("s3cret"));
  start();
  EXPECT_EQ(call().request.authorization, "Bearer s3cret");
  EXPECT_EQ(call().request.header_lines.find("s3cret"), std::string::npos);
  answer_with(answer(401, "no"));
  EXPECT_TRUE(host_.lines.empty());
  EXPECT_EQ(host_.failure.message.find("s3cret"), std::string::npos);
}

TEST_F(HttpJson, PassesTheAnswerOnByteForByte) {
  start();
  answer_with(answer(200, " {\"x\" : 1.00, \"y\":\"\\u00e9\"}\r\n"));
  EXPECT_EQ(host_.result, " {\"x\" : 1.00, \"y\":\"\\u00e9\"}\r\n");
}

TEST_F(HttpJson, PassesOnWhatNobodyCouldConvert) {
  for (const char* body :
       {"1e400", "[89014103211118510720,12345678901234567.89]", R"({"s":"Hi \ud83d","n":-1E-999})"}) {
    start();
    answer_with(answer(200, body));
    EXPECT_EQ(host_.result, body) << host_.failure.message;
    host_ = testing::ScriptedHost();
  }
}

TEST_F(HttpJson, PassesOnUtf8WithoutAMark) {
  start();
  answer_with(answer(200, "\xEF\xBB\xBF{\"a\" : 1}"));
  EXPECT_EQ(host_.result, "{\"a\" : 1}");
  host_ = testing::ScriptedHost();
  start();
  HttpAnswer latin = answer(200, "\"M\xFCller\"");
  latin.fields = {{"Content-Type", "application/json; charset=ISO-8859-1"}};
  answer_with(latin);
  EXPECT_EQ(host_.result, "\"M\xC3\xBCller\"");
  host_ = testing::ScriptedHost();
  start();
  latin.fields = {{"Content-Type", "application/json; charset=x-old"}};
  answer_with(latin);
  EXPECT_EQ(host_.failure.reason, Reason::backend_bad_answer);
  EXPECT_EQ(
      host_.failure.message,
      "POST http://backend.example:8080/orders: the backend's answer is in the charset \"x-old\", which cannot be "
      "decoded");
}

TEST_F(HttpJson, LeavesTheOutcomeOfAnUnsafeCallOpenWhoseAnswerCannotBeRead) {
  settings_.settings["operation"] = "unsafe";
  start();
  answer_with(answer(200, "<html>"));
  EXPECT_EQ(host_.failure.reason, Reason::outcome_unknown);
  EXPECT_EQ(host_.failure.code, "outcome_unknown");
}

TEST_F(HttpJson, SaysWhereARedirectLeads) {
  start();
  HttpAnswer redirect = answer(307, "");
  redirect.fields = {{"location", "https://user:pw@www.shop.example/x?token=1"}};
  answer_with(redirect);
  EXPECT_EQ(host_.failure.message,
            "POST http://backend.example:8080/orders: the backend answered 307 to https://www.shop.example/x");
}

TEST_F(HttpJson, TakesAnEmptyAnswerForNull) {
  start();
  answer_with(answer(204, ""));
  EXPECT_EQ(host_.result, "null");
}

TEST_F(HttpJson, AnAnswerThatIsNotJsonIsTheBackendsFault) {
  for (const char* body : {"<html>", "{\"a\":1", "{\"a\":1}x", "\xFF", "{\"a\":tru,, \"b\":[1,}}"}) {
    start();
    answer_with(answer(200, body));
    EXPECT_EQ(host_.failure.reason, Reason::backend_bad_answer) << body;
    EXPECT_EQ(host_.failure.code, "backend_bad_answer");
    EXPECT_FALSE(host_.result.has_value());
    host_ = testing::ScriptedHost();
  }
}

TEST_F(HttpJson, FailsWithTheReasonOfTheCall) {
  const std::pair<HttpAnswer, Reason> expected[] = {{answer(404, "nothing here"), Reason::backend_status},
                                                    {answer(301, ""), Reason::backend_redirect},
                                                    {broken(HttpFailure::timeout), Reason::backend_timeout},
                                                    {broken(HttpFailure::connect, false), Reason::backend_unreachable},
                                                    {broken(HttpFailure::resolve, false), Reason::backend_unreachable},
                                                    {broken(HttpFailure::tls, false), Reason::backend_tls},
                                                    {broken(HttpFailure::reset), Reason::backend_reset},
                                                    {broken(HttpFailure::bad_answer), Reason::backend_bad_answer},
                                                    {broken(HttpFailure::too_large), Reason::answer_too_large}};
  for (const auto& [given, reason] : expected) {
    start();
    answer_with(given);
    EXPECT_EQ(host_.failure.reason, reason);
    EXPECT_EQ(host_.failure.code, code(reason));
    host_ = testing::ScriptedHost();
  }
}

TEST_F(HttpJson, TellsStatusAndBodyInItsMessage) {
  start();
  answer_with(answer(503, "down for maintenance"));
  EXPECT_EQ(host_.failure.message,
            "POST http://backend.example:8080/orders: the backend answered 503: down for maintenance");
}

TEST_F(HttpJson, TakesMethodAndOperationFromItsSettings) {
  settings_.settings["method"] = "PUT";
  settings_.settings["operation"] = "unsafe";
  start();
  EXPECT_EQ(call().request.method, "PUT");
  EXPECT_EQ(call().operation, OperationClass::unsafe);
  EXPECT_EQ(call().request.header_lines.find("Idempotency-Key"), std::string::npos);
}

TEST_F(HttpJson, RefusesSettingsThatItCannotWorkWith) {
  settings_.settings["ulr"] = "x";
  EXPECT_EQ(
      refusal(),
      "action \"default\": adapter \"http_json\" refuses: unknown setting \"ulr\"; known: method, operation, url");
  settings_.settings = {};
  EXPECT_EQ(refusal(), "action \"default\": adapter \"http_json\" refuses: setting \"url\" is missing");
  settings_.settings = {{"url", "backend.example"}};
  EXPECT_NE(refusal().find("must be an absolute http or https URL"), std::string::npos);
  settings_.settings = {{"url", "http://b/"}, {"method", "GET"}};
  EXPECT_NE(refusal().find("it may be one of POST, PUT, PATCH"), std::string::npos);
  settings_.settings = {{"url", "http://b/"}, {"operation", "sometimes"}};
  EXPECT_NE(refusal().find("safe, idempotent, unsafe"), std::string::npos);
  settings_.settings = {{"url", "http://b/"}};
  settings_.secrets.emplace("tokne", Secret("s3cret"));
  EXPECT_EQ(refusal(), "action \"default\": adapter \"http_json\" refuses: unknown secret \"tokne\"; known: token");
}

TEST_F(HttpJson, CanBeDestroyedWhileItsCallIsUnderWay) {
  start();
  run_.reset();
  EXPECT_EQ(host_.endings, 0);
}

}  // namespace
}  // namespace fulfilld
