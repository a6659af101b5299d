// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "runtime/plugin_host/plugin_host.hpp"
#include "tests/runtime/plugin_host/scripted_host.hpp"

namespace fulfilld {
namespace {

using testing::answer;
using testing::broken;

class PluginRun : public ::testing::Test {
 protected:
  void start(const std::string& adapter, const std::string& data) {
    PluginHost plugins({std::filesystem::path(FULFILLD_TEST_PLUGINS) / ("fixture_" + adapter + ".so")}, {});
    plugins.load();
    ActionSettings settings;
    settings.adapter = adapter;
    auto made = plugins.make_adapter("default", settings);
    ASSERT_NE(made.adapter, nullptr) << made.problem;
    run_ = made.adapter->make_run(host_, testing::execution(data), {});
    run_->start();
  }
  /// Makes one call of that kind, answers it so, and returns what the adapter was told.
  std::string told(const std::string& operation, const HttpAnswer& given) {
    start("caller", R"([{"method":"POST","url":"http://b/","operation":")" + operation + "\"}]");
    run_->http_done(host_.last_operation, given);
    return host_.result.value_or("nothing");
  }
  static bool has_line(const std::string& lines, std::string_view line) {
    return ("\r\n" + lines).find("\r\n" + std::string(line) + "\r\n") != std::string::npos;
  }

  testing::ScriptedHost host_;
  std::unique_ptr<AdapterRun> run_;
};

TEST_F(PluginRun, AnAdapterThatThrowsSomethingIsAFault) {
  start("misbehaving", "\"throws an int\"");
  EXPECT_EQ(host_.failure.reason, Reason::adapter_fault);
  EXPECT_EQ(host_.failure.code, "adapter_fault");
  EXPECT_EQ(host_.endings, 1);
}

TEST_F(PluginRun, AResultThatIsNotJsonIsAFault) {
  for (const char* what : {"\"returns garbage\"", "\"returns two values\"", "\"returns nothing\""}) {
    start("misbehaving", what);
    EXPECT_EQ(host_.failure.reason, Reason::adapter_fault) << what;
    EXPECT_FALSE(host_.result.has_value());
  }
  EXPECT_EQ(host_.endings, 3);
}

TEST_F(PluginRun, AResultThatIsTooLargeIsAFault) {
  start("misbehaving", "\"returns too much\"");
  EXPECT_EQ(host_.failure.reason, Reason::adapter_fault);
}

TEST_F(PluginRun, AnAdapterCannotSpeakForTheHost) {
  start("misbehaving", "\"fails as the journal\"");
  EXPECT_EQ(host_.failure.reason, Reason::adapter_failed);
  EXPECT_EQ(host_.failure.code, "journal_unavailable");
}

TEST_F(PluginRun, AStrangeCodeIsReplacedAndALongMessageCut) {
  start("misbehaving", "\"fails with a strange code\"");
  EXPECT_EQ(host_.failure.reason, Reason::adapter_failed);
  EXPECT_EQ(host_.failure.code, "adapter_failed");
  EXPECT_EQ(host_.failure.message.size(), 2048u);
}

TEST_F(PluginRun, LogsAndReportsAreBounded) {
  start("misbehaving", "\"floods\"");
  EXPECT_EQ(host_.reports.size(), 100u);
  EXPECT_LE(host_.lines.size(), 102u);
  for (const auto& line : host_.lines) EXPECT_LE(line.size(), 2048u);
  EXPECT_EQ(host_.result, "0");
}

TEST_F(PluginRun, AReportThatIsNotJsonIsDropped) {
  start("misbehaving", "\"reports garbage\"");
  EXPECT_TRUE(host_.reports.empty());
  EXPECT_EQ(host_.lines.size(), 1u);
  EXPECT_EQ(host_.result, "0");
}

TEST_F(PluginRun, OneThatNeverEndsIsEndedByDestroyingIt) {
  start("misbehaving", "\"never ends\"");
  for (int i = 0; i < 1000; ++i) run_->done(host_.last_operation);
  EXPECT_EQ(host_.sleeps.size(), 1001u);
  EXPECT_EQ(host_.sleeps.back().count(), 0);
  run_.reset();
  EXPECT_EQ(host_.endings, 0);
}

TEST_F(PluginRun, AnAdapterThatMakesNoRunIsAFault) {
  start("no_run", "1");
  EXPECT_EQ(host_.failure.reason, Reason::adapter_fault);
  run_->http_done(1, answer(200, "{}"));
  run_->done(1);
}

TEST_F(PluginRun, AnswersToUnknownOperationsAreIgnored) {
  start("caller", R"([{"method":"GET","url":"http://b/"}])");
  run_->http_done(99, answer(200, ""));
  run_->done(99);
  EXPECT_EQ(host_.endings, 0);
  run_->http_done(1, answer(200, ""));
  EXPECT_EQ(host_.result, "[200]");
  run_->http_done(1, answer(200, ""));
  EXPECT_EQ(host_.endings, 1);
}

TEST_F(PluginRun, ABadRequestIsTheErrorOfThatCallAlone) {
  start("caller", R"([{"method":"GET","url":"nonsense"},{"method":"GET","url":"http://b/","headers":{"Host":"x"}},
                      {"method":"GET","url":"http://b/"}])");
  ASSERT_EQ(host_.calls.size(), 1u);
  run_->http_done(host_.last_operation, answer(200, ""));
  ASSERT_TRUE(host_.result.has_value());
  EXPECT_NE(host_.result->find("request_not_allowed: the URL cannot be called"), std::string::npos) << *host_.result;
  EXPECT_NE(host_.result->find("request_not_allowed: header field \\\"Host\\\" belongs to the host"),
            std::string::npos);
}

TEST_F(PluginRun, WorkThatWantsToBeDoneAgainSaysSoAndWhy) {
  start("stubborn", "1");
  ASSERT_EQ(host_.works.size(), 1u);
  auto& work = *host_.works[0];
  const auto first = work.run();
  EXPECT_EQ(first.verdict, WorkAttempt::Verdict::busy);
  EXPECT_EQ(first.after.count(), 250);
  EXPECT_EQ(first.reason, Reason::backend_unreachable);
  EXPECT_EQ(first.message, "nobody there");
  const auto second = work.run();
  EXPECT_EQ(second.verdict, WorkAttempt::Verdict::again);
  EXPECT_EQ(second.reason, Reason::adapter_failed);
  EXPECT_EQ(work.run().verdict, WorkAttempt::Verdict::done);
  run_->done(host_.last_operation);
  EXPECT_EQ(host_.result, "3");
}

TEST_F(PluginRun, EachIdempotentCallHasAKeyOfItsOwn) {
  start("caller", R"([{"method":"PUT","url":"http://b/"},{"method":"GET","url":"http://b/"},
                      {"method":"POST","url":"http://b/","operation":"idempotent"},
                      {"method":"POST","url":"http://b/"},
                      {"method":"PUT","url":"http://b/","headers":{"idempotency-key":"mine"}}])");
  for (int i = 0; i < 5; ++i) run_->http_done(host_.last_operation, answer(200, ""));
  ASSERT_EQ(host_.calls.size(), 5u);
  EXPECT_TRUE(has_line(host_.calls[0].request.header_lines, "Idempotency-Key: e-1"));
  EXPECT_EQ(host_.calls[1].request.header_lines, "");
  EXPECT_TRUE(has_line(host_.calls[2].request.header_lines, "Idempotency-Key: e-1:2"));
  EXPECT_EQ(host_.calls[3].request.header_lines, "");
  EXPECT_EQ(host_.calls[4].request.header_lines, "idempotency-key: mine\r\n");
}

TEST_F(PluginRun, TellsAStatusWithTheBeginningOfTheBody) {
  EXPECT_EQ(told("safe", answer(404, "gone")), R"(["backend_status: the backend answered 404: gone"])");
  HttpAnswer encoded = answer(503, "");
  encoded.detail = "the body is encoded as \"br\"";
  EXPECT_EQ(told("safe", encoded), R"x(["backend_status: the backend answered 503 (the body is encoded as \"br\")"])x");
}

TEST_F(PluginRun, CutsTheBodyInAMessageBetweenCharacters) {
  std::string body = "x";
  for (int i = 0; i < 200; ++i) body += "\xC3\xA9";
  EXPECT_EQ(told("safe", answer(500, body)),
            "[\"backend_status: the backend answered 500: " + body.substr(0, 199) + "\"]");
}

TEST_F(PluginRun, TellsHowAnExchangeBroke) {
  EXPECT_EQ(told("idempotent", broken(HttpFailure::timeout)).substr(0, 18), "[\"backend_timeout:");
  EXPECT_EQ(told("safe", broken(HttpFailure::connect, false)).substr(0, 22), "[\"backend_unreachable:");
  EXPECT_EQ(told("safe", answer(302, "")).substr(0, 19), "[\"backend_redirect:");
}

TEST_F(PluginRun, TellsThatTheOutcomeIsUnknownWhateverTheAnswerIs) {
  for (auto given : {broken(HttpFailure::timeout), answer(200, "{}"), answer(404, "gone")}) {
    given.doubt = Doubt::of_this_attempt;
    EXPECT_EQ(told("unsafe", given).substr(0, 18), "[\"outcome_unknown:");
  }
}

TEST_F(PluginRun, TellsWhyTheAnswerToARepetitionIsNotThatToAllOfIt) {
  auto given = answer(404, "gone");
  given.doubt = Doubt::of_an_earlier;
  EXPECT_EQ(told("idempotent", given),
            "[\"outcome_unknown: the backend answered 404 to a repetition of what may have been carried out: gone\"]");
}

TEST_F(PluginRun, TlsThatCannotWorkIsNoUnknownOutcome) {
  for (const auto* operation : {"safe", "idempotent", "unsafe"}) {
    auto refused = broken(HttpFailure::tls, false);
    refused.lasting = true;
    EXPECT_EQ(told(operation, refused).substr(0, 14), "[\"backend_tls:") << operation;
  }
}

}  // namespace
}  // namespace fulfilld
