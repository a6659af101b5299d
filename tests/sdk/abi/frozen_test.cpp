// SPDX-License-Identifier: Apache-2.0
// The plugin that must load for ever, in the real plugin host: built against the headers of version 1.0.0 by g++ and by
// clang++, and against those of an SDK to come. Two programs are made of this file: the present host, and a host whose
// own structs are longer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "runtime/plugin_host/plugin_host.hpp"
#include "tests/runtime/plugin_host/scripted_host.hpp"

namespace fulfilld {
namespace {

using Json = nlohmann::json;
using std::chrono_literals::operator""ms;
using testing::answer;
using testing::broken;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

#ifdef FULFILLD_TEST_LATER_HOST
static_assert(sizeof(fulfill_request_v1) > 88 && sizeof(fulfill_work_v1) > 40 && sizeof(fulfill_descriptor_v1) > 296,
              "this program is to be built with the structs of a later SDK");
#endif

class Frozen : public ::testing::TestWithParam<const char*> {
 protected:
  Frozen() {
    plugins_.load();
    settings_.adapter = "frozen";
    settings_.settings = {{"base_url", "http://backend/api/"},
                          {"greeting", "hello"},
                          {"limit", "7"},
                          {"loud", "true"},
                          {"headers.Accept", "text/xml"},
                          {"headers.X-Trace", "on"},
                          {"steps.0.url", "http://s/0"},
                          {"steps.1.url", "http://s/1"}};
    settings_.secrets.emplace("token", Secret("s-1"));
  }

  void start(Json input) {
    ASSERT_TRUE(plugins_.refusals().empty()) << plugins_.refusals().front().sentence;
    const auto made = plugins_.make_adapter("default", settings_);
    ASSERT_NE(made.adapter, nullptr) << made.problem;
    run_ = made.adapter->make_run(host_, testing::execution(input.dump()), MonotonicTime() + 5000ms);
    run_->start();
  }
  void start(const char* what) { start(Json{{"do", what}}); }
  void answer_with(OperationId operation, int status, std::string body) {
    run_->http_done(operation, answer(status, std::move(body)));
  }
  /// Has the latest blocking work run, as the host does: on another thread, destroyed there.
  void work() {
    std::thread([work = std::move(host_.works.back())]() mutable {
      work->run();
      work.reset();
    }).join();
    host_.works.pop_back();
  }
  std::string url(std::size_t call) const {
    return host_.calls.at(call).request.url.origin + host_.calls.at(call).request.url.target;
  }
  std::string failure() const { return host_.failure.code + ": " + host_.failure.message; }

  PluginHost plugins_{{std::filesystem::path(FULFILLD_TEST_PLUGINS) / (std::string(GetParam()) + ".so")}, {}};
  ActionSettings settings_;
  testing::ScriptedHost host_;
  std::unique_ptr<AdapterRun> run_;
};

TEST_P(Frozen, SaysWhoItIs) {
  ASSERT_EQ(plugins_.plugins().count("frozen"), 1u);
  const auto& plugin = *plugins_.plugins().at("frozen");
  EXPECT_EQ(plugin.version(), "1.0.0");
  const std::string build = GetParam();
  EXPECT_EQ(plugin.sdk_version(), build == "of_a_later_sdk" ? "1.99.0" : "1.0.0");
  EXPECT_THAT(plugin.compiler(), HasSubstr(build == "frozen_by_clang" ? "clang 19" : "gcc"));
}

TEST_P(Frozen, ReadsItsSettings) {
  start("settings");
  EXPECT_EQ(Json::parse(host_.result.value_or("null")), Json::parse(R"({
    "action": "default", "base_url": "http://backend/api/", "greeting": "hello", "colour": "none", "limit": 7,
    "loud": true, "method": "POST", "has_spare": false, "headers": {"Accept": "text/xml", "X-Trace": "on"},
    "steps": ["http://s/0", "http://s/1"]})"));
}

TEST_P(Frozen, RefusesWrongSettingsByName) {
  const auto problem = [this] { return plugins_.make_adapter("default", settings_).problem; };
  const std::string refuses = "action \"default\": adapter \"frozen\" refuses: ";
  settings_.settings["color"] = "red";
  EXPECT_THAT(problem(), HasSubstr(refuses + "unknown setting \"color\""));
  settings_.settings.erase("color");
  settings_.settings["limit"] = "11";
  EXPECT_THAT(problem(), HasSubstr(refuses + "setting \"limit\" is \"11\""));
  settings_.settings.erase("greeting");
  EXPECT_EQ(problem(), refuses + "setting \"greeting\" is missing");
  settings_.settings = {{"base_url", "http://b"}, {"greeting", "x"}, {"limit", "1"}};
  settings_.secrets.clear();
  EXPECT_EQ(problem(), refuses + "secret \"token\" is missing");
}

TEST_P(Frozen, MakesCalls) {
  start(Json{{"do", "http"}, {"number", 5}, {"loud", true}});
  ASSERT_EQ(host_.calls.size(), 1u);
  const auto& first = host_.calls[0];
  EXPECT_EQ(url(0), "http://backend:80/api/orders?customer=a%20b");
  EXPECT_EQ(first.request.method, "POST");
  EXPECT_EQ(*first.request.body, R"({"loud":true,"number":5})");
  EXPECT_EQ(first.operation, OperationClass::idempotent);
  EXPECT_EQ(first.time_limit, 100ms);
  EXPECT_THAT(first.request.header_lines, HasSubstr("Content-Type: application/json\r\nIdempotency-Key: e-1\r\n"));
  HttpAnswer taken = answer(201, R"({"id":9})");
  taken.fields = {{"Content-Type", "application/json"}, {"X-Other", ""}};
  run_->http_done(1, taken);

  ASSERT_EQ(host_.calls.size(), 2u);
  const auto& second = host_.calls[1];
  EXPECT_EQ(second.request.authorization, "Bearer s-1");
  EXPECT_EQ(*second.request.body, "a=1%202&b=3");
  EXPECT_THAT(second.request.header_lines, HasSubstr("X-Id: e-1\r\n"));
  answer_with(2, 200, "text");
  EXPECT_EQ(Json::parse(host_.result.value_or("null")),
            Json::parse(R"({"status":201,"type":"application/json","fields":2,"body":{"id":9},"other":"text"})"));
  EXPECT_EQ(host_.endings, 1);
}

TEST_P(Frozen, PassesAnAnswerOnIfItIsJson) {
  start("pass_on");
  answer_with(1, 200, R"([1, 2])");
  EXPECT_EQ(host_.result, "[1, 2]");
  start("pass_on");
  answer_with(2, 200, "<html>");
  EXPECT_EQ(host_.failure.reason, Reason::backend_bad_answer);
}

TEST_P(Frozen, SeesHowACallFailed) {
  start("any_status");
  answer_with(1, 404, "gone");
  answer_with(2, 503, "busy");
  EXPECT_EQ(Json::parse(host_.result.value_or("null")),
            Json({404, 503, "backend_status", "the backend answered 503: busy", "busy"}));
  start("pass_on");
  run_->http_done(3, broken(HttpFailure::timeout));
  EXPECT_EQ(host_.failure.reason, Reason::backend_timeout);
}

TEST_P(Frozen, Sleeps) {
  start("sleep");
  EXPECT_THAT(host_.sleeps, ElementsAre(250ms));
  EXPECT_EQ(host_.endings, 0);
  run_->done(1);
  EXPECT_EQ(host_.result, "\"slept\"");
}

TEST_P(Frozen, WaitsForSeveralThingsAtOnce) {
  start("when_all");
  ASSERT_EQ(host_.calls.size(), 2u);
  ASSERT_EQ(host_.works.size(), 1u);
  work();
  run_->done(4);
  answer_with(3, 200, "2");
  run_->done(2);
  EXPECT_EQ(host_.endings, 0);
  answer_with(1, 200, "1");
  EXPECT_EQ(host_.result, R"(["1","2",3])");

  start("many");
  for (const OperationId operation : {7, 5, 6}) answer_with(operation, 200, std::to_string(operation));
  EXPECT_EQ(host_.result, R"(["5","6","7"])");
}

TEST_P(Frozen, EndsAllAtOnceByTheFirstFailure) {
  start("when_all");
  run_->http_done(3, broken(HttpFailure::connect, false));
  EXPECT_EQ(host_.failure.reason, Reason::backend_unreachable);
  run_->done(2);
  answer_with(1, 200, "late");
  work();
  run_->done(4);
  EXPECT_EQ(host_.endings, 1);
}

TEST_P(Frozen, IsCancelledWhereverItWaits) {
  for (const char* what : {"http", "sleep", "when_all", "many", "blocking"}) {
    start(Json{{"do", what}, {"number", 1}, {"loud", false}, {"text", "x"}});
    run_.reset();
    while (!host_.works.empty()) work();
  }
  EXPECT_EQ(host_.endings, 0);
}

TEST_P(Frozen, RunsWhatBlocksOnAnotherThread) {
  start(Json{{"do", "blocking"}, {"text", "a text that does not fit into a small string"}});
  ASSERT_EQ(host_.works.size(), 1u);
  EXPECT_EQ(host_.work_class, OperationClass::safe);
  work();
  run_->done(1);
  EXPECT_EQ(host_.result, "\"worked on a text that does not fit into a small string\"");
  start("blocking_throws");
  EXPECT_EQ(host_.work_class, OperationClass::unsafe) << "nothing was said of it";
  work();
  run_->done(2);
  EXPECT_EQ(failure(), "no_row: there is none");
  host_.refuses_blocking = true;
  start(Json{{"do", "blocking"}, {"text", "x"}});
  EXPECT_EQ(host_.failure.code, "queue_full");
}

TEST_P(Frozen, HasItsWorkDoneOnceIfItKnowsOfNoOtherAttempts) {
  start("blocking_throws");
  ASSERT_EQ(host_.works.size(), 1u);
  const auto attempt = host_.works.back()->run();
  EXPECT_EQ(attempt.verdict, WorkAttempt::Verdict::done);
  host_.works.pop_back();
  run_->done(1);
  EXPECT_EQ(failure(), "no_row: there is none");
}

TEST_P(Frozen, ReportsProgressWritesToTheLogAndReadsItsSecret) {
  start("reports");
  EXPECT_THAT(host_.reports, ElementsAre(R"({"step":1})"));
  ASSERT_FALSE(host_.lines.empty());
  EXPECT_EQ(host_.lines.back(), "a line");
  EXPECT_EQ(host_.result, R"(["s-1","default","e-1","hello"])");
}

TEST_P(Frozen, FailsWithAWordThatTheHostKnowsOrTakesOver) {
  const auto ending_of = [this](const char* what) {
    host_.failure = {};
    start(what);
    return failure();
  };
  EXPECT_EQ(ending_of("fail"), "out_of_stock: none left");
  EXPECT_EQ(ending_of("throw"), "adapter_fault: a defect");
  EXPECT_EQ(ending_of("throw_int"), "adapter_fault: the adapter threw something that is not a std::exception");
  EXPECT_EQ(ending_of("no_secret"), "missing_secret: the action has no secret \"none\"");
  EXPECT_EQ(ending_of("garbage"), "adapter_fault: the adapter's result is not JSON");
  EXPECT_THAT(ending_of("no_url"), HasSubstr("request_not_allowed: the URL cannot be called"));
  EXPECT_EQ(ending_of("something else"), "bad_input: unknown: something else");
  start(Json{{"do", 1}});
  EXPECT_EQ(failure(), "bad_input: field \"do\" of the input must be a string, not number");
  EXPECT_EQ(host_.endings, 8);
}

INSTANTIATE_TEST_SUITE_P(Builds, Frozen, ::testing::Values("frozen_by_gcc", "frozen_by_clang", "of_a_later_sdk"),
                         [](const auto& build) { return std::string(build.param); });

}  // namespace
}  // namespace fulfilld
