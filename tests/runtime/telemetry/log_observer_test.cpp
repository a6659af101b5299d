// SPDX-License-Identifier: Apache-2.0
#include "runtime/telemetry/log_observer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/base_sink.h>

#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "runtime/telemetry/standard_log.hpp"

namespace fulfilld {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

class Capture final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  std::vector<std::string> lines;

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t buffer;
    formatter_->format(message, buffer);
    lines.emplace_back(buffer.data(), buffer.size());
  }
  void flush_() override {}
};

class LogObserverTest : public testing::Test {
 protected:
  LogObserverTest() {
    execution_.id = "e-1";
    execution_.action = "default";
    execution_.fulfillment_url.origin = "https://api.mypurecloud.com:443";
    execution_.fulfillment_url.text = "https://api.mypurecloud.com/path-that-is-a-secret";
    execution_.fulfillment_token = "fulfillment-token";
    execution_.data = R"({"card":"4111"})";
    execution_.correlation_id = "c-1";
    execution_.accepted_at = WallTime(1000ms);
    request_.method = "POST";
    request_.url.origin = "https://crm.example.com:443";
    request_.url.target = "/customers/4111/orders?card=4111";
    answer_.status = 503;
    answer_.elapsed = 12345us;
    answer_.body = "body-of-the-answer";
    answer_.fields = {{"Set-Cookie", "cookie-of-the-answer"}};
  }

  std::unique_ptr<LogObserver> observer(LogLevel least, LogFormat format = LogFormat::json) {
    return std::make_unique<LogObserver>(format, least, sink_, Redaction({"client-secret"}),
                                         [] { return WallTime(1084ms); });
  }

  nlohmann::json last() { return nlohmann::json::parse(sink_->lines.back()); }

  static Unfinished left_behind(const Execution& execution, History history = {}) {
    auto again = std::make_shared<Execution>();
    again->id = execution.id;
    again->action = execution.action;
    again->correlation_id = execution.correlation_id;
    again->accepted_at = execution.accepted_at;
    return {std::move(again), nullptr, history};
  }

  static void say_everything(Observer& observer, const Execution& execution, const HttpAnswer& failed) {
    HttpRequest request;
    request.url = execution.fulfillment_url;
    HttpAnswer fine;
    fine.status = 200;
    observer.accepted(execution);
    observer.resumed(left_behind(execution), Reason::none);
    observer.attempt_sent(execution, Direction::backend, 1);
    observer.attempt_ended(execution, Direction::backend, 1, request, fine);
    observer.attempt_ended(execution, Direction::callback, 1, request, failed);
    observer.retry_planned(execution, Direction::callback, 2, 1500ms);
    observer.decided(execution, {Reason::none, "result-body"});
    observer.decided(execution, {Reason::deadline, "result-body"});
    observer.decided(execution, {Reason::internal_error, "result-body"});
    observer.ended(execution, {Reason::none, 1});
    observer.ended(execution, {Reason::undeliverable, 9});
    observer.adapter_said(execution, LogLevel::debug, "x");
    observer.listening(3000);
    observer.progress_sent(execution);
    observer.slow_handler("fulfillment", 80ms);
    observer.adapter_kept_thread(execution, "crm 1.0.0", 80ms);
    observer.lag_measured(1ms, 2ms);
    observer.lag_measured(150ms, 2ms);
    observer.event(LogLevel::error, "journal", "x");
  }

  std::vector<std::string> events_at(LogLevel least) {
    sink_->lines.clear();
    const auto log = observer(least);
    say_everything(*log, execution_, answer_);
    std::vector<std::string> events;
    for (const auto& line : sink_->lines) {
      const auto parsed = nlohmann::json::parse(line);
      events.push_back(parsed.at("level").get<std::string>() + ' ' + parsed.at("event").get<std::string>());
    }
    return events;
  }

  Execution execution_;
  HttpRequest request_;
  HttpAnswer answer_;
  std::shared_ptr<Capture> sink_ = std::make_shared<Capture>();
};

TEST_F(LogObserverTest, WritesADeliveryAsOneJsonLine) {
  observer(LogLevel::info)->ended(execution_, {Reason::none, 2});
  ASSERT_EQ(sink_->lines.size(), 1u);
  EXPECT_THAT(sink_->lines[0],
              MatchesRegex(R"(\{"ts":"20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z",)"
                           R"("level":"info","event":"delivered","execution":"e-1","action":"default",)"
                           "\"correlation_id\":\"c-1\",\"attempts\":2,\"ms\":84\\}\n"));
}

TEST_F(LogObserverTest, WritesTextForPeople) {
  observer(LogLevel::info, LogFormat::text)->ended(execution_, {Reason::callback_refused, 1});
  EXPECT_THAT(sink_->lines.at(0), MatchesRegex("20.*Z warning not_delivered execution=e-1 action=default "
                                               "correlation_id=c-1 reason=callback_refused attempts=1 ms=84\n"));
}

TEST_F(LogObserverTest, TellsWhyAnAttemptFailed) {
  const auto log = observer(LogLevel::info);
  log->attempt_ended(execution_, Direction::backend, 3, request_, answer_);
  EXPECT_EQ(last()["direction"], "backend");
  EXPECT_EQ(last()["attempt"], 3);
  EXPECT_EQ(last()["method"], "POST");
  EXPECT_EQ(last()["target"], "https://crm.example.com:443");
  EXPECT_EQ(last()["path"], "/customers/*/orders");
  EXPECT_EQ(last()["reason"], "backend_status");
  EXPECT_EQ(last()["status"], 503);
  EXPECT_EQ(last()["ms"], 12);
  EXPECT_FALSE(last().contains("failure"));
  HttpAnswer refused;
  refused.failure = HttpFailure::connect;
  refused.detail = "connect: Connection refused";
  log->attempt_ended(execution_, Direction::callback, 1, request_, refused);
  EXPECT_EQ(last()["failure"], "connect");
  EXPECT_EQ(last()["detail"], "connect: Connection refused");
  EXPECT_FALSE(last().contains("status"));
}

TEST_F(LogObserverTest, TellsWhereARedirectLeadsTo) {
  answer_.status = 307;
  answer_.fields = {{"location", "https://www.shop.example/x?token=t"}};
  observer(LogLevel::info)->attempt_ended(execution_, Direction::backend, 1, request_, answer_);
  EXPECT_EQ(last()["location"], "https://www.shop.example/x");
  EXPECT_EQ(last()["reason"], "backend_redirect");
}

TEST_F(LogObserverTest, TellsThePlatformsOwnCodeOfARefusal) {
  const auto log = observer(LogLevel::info);
  answer_.status = 400;
  answer_.body = R"({"message":"no such card: 4111","code":"bad.request"})";
  log->attempt_ended(execution_, Direction::callback, 1, request_, answer_);
  EXPECT_EQ(last()["code"], "bad.request");
  EXPECT_EQ(last()["target"], "https://crm.example.com:443");
  EXPECT_FALSE(last().contains("path")) << "who knows it may post results";
  for (const auto* body : {"", "[]", R"({"code":7})", R"({"code":"no such card: 4111"})", "{\"code\":"}) {
    answer_.body = body;
    log->attempt_ended(execution_, Direction::callback, 1, request_, answer_);
    EXPECT_FALSE(last().contains("code")) << body;
  }
}

TEST_F(LogObserverTest, TellsTheCodeThatTheFlowGets) {
  const auto log = observer(LogLevel::info);
  log->decided(execution_, {Reason::adapter_failed, "body", "bad_input"});
  EXPECT_EQ(last()["reason"], "adapter_failed");
  EXPECT_EQ(last()["code"], "bad_input");
  EXPECT_EQ(last()["text"], text(Reason::adapter_failed));
  log->decided(execution_, {Reason::deadline, "body"});
  EXPECT_EQ(last()["code"], "deadline");
}

TEST_F(LogObserverTest, LeavesOutACorrelationIdThatIsNotThere) {
  execution_.correlation_id.clear();
  observer(LogLevel::info)->ended(execution_, {});
  EXPECT_FALSE(last().contains("correlation_id"));
}

TEST_F(LogObserverTest, GivesEveryEventItsLevel) {
  EXPECT_THAT(events_at(LogLevel::debug),
              testing::ElementsAre("debug accepted", "info resumed", "debug attempt_sent", "debug attempt_ended",
                                   "info attempt_ended", "debug retry_planned", "debug complete", "warning failed",
                                   "error failed", "info delivered", "warning not_delivered", "debug adapter_said",
                                   "info listening", "debug progress_sent", "warning slow_handler",
                                   "warning adapter_kept_thread", "debug lag", "warning lag", "error journal"));
  EXPECT_THAT(events_at(LogLevel::info),
              testing::ElementsAre("info resumed", "info attempt_ended", "warning failed", "error failed",
                                   "info delivered", "warning not_delivered", "info listening", "warning slow_handler",
                                   "warning adapter_kept_thread", "warning lag", "error journal"));
  EXPECT_THAT(events_at(LogLevel::warning),
              testing::ElementsAre("warning failed", "error failed", "warning not_delivered", "warning slow_handler",
                                   "warning adapter_kept_thread", "warning lag", "error journal"));
  EXPECT_THAT(events_at(LogLevel::error), testing::ElementsAre("error failed", "error journal"));
}

TEST_F(LogObserverTest, TellsEachChangeOfATargetOnce) {
  const auto log = observer(LogLevel::info, LogFormat::text);
  const MonotonicTime now{1h};
  const auto tell = [&](const TargetState& state, MonotonicTime when) {
    sink_->lines.clear();
    log->target_changed("https://crm.example.com:443", state, when);
    std::string told;
    for (const auto& line : sink_->lines) told += line.substr(line.find("Z ") + 2);
    return told;
  };
  TargetState state;
  state.in_flight = 3;
  EXPECT_EQ(tell(state, now), "");
  state.breaker = CircuitBreaker::State::open;
  state.open_until = now + 5s;
  EXPECT_EQ(tell(state, now), "warning breaker_opened target=https://crm.example.com:443 for_ms=5000\n");
  EXPECT_EQ(tell(state, now + 1s), "");
  state.breaker = CircuitBreaker::State::half_open;
  EXPECT_EQ(tell(state, now + 5s), "info    breaker_half_open target=https://crm.example.com:443\n");
  state.breaker = CircuitBreaker::State::closed;
  state.closed_until = now + 8500ms;
  EXPECT_EQ(tell(state, now + 6s),
            "info    breaker_closed target=https://crm.example.com:443\n"
            "warning target_closed target=https://crm.example.com:443 for_ms=2500\n");
  state.closed_until = now + 10s;
  EXPECT_EQ(tell(state, now + 7s), "");
  state.closed_until = now + 14s;
  EXPECT_EQ(tell(state, now + 11s), "info    target_closed target=https://crm.example.com:443 for_ms=3000\n");
  state.closed_until.reset();
  state.permitted_rate = 12.34;
  EXPECT_EQ(tell(state, now + 15s),
            "info    target_reopened target=https://crm.example.com:443\n"
            "info    rate_cut target=https://crm.example.com:443 per_second=12.3\n");
  state.permitted_rate = 6;
  EXPECT_EQ(tell(state, now + 16s), "");
  state.permitted_rate.reset();
  EXPECT_EQ(tell(state, now + 30s), "info    rate_restored target=https://crm.example.com:443\n");
}

TEST_F(LogObserverTest, WarnsOfALastingLagNowAndThenOnly) {
  const auto log = observer(LogLevel::info);
  for (int second = 0; second < 60; ++second) log->lag_measured(250ms, 1500us);
  EXPECT_EQ(sink_->lines.size(), 2U);
  EXPECT_EQ(last()["event"], "lag");
  EXPECT_EQ(last()["ready_actor_ms"], 250.0);
  EXPECT_EQ(last()["alarm_ms"], 1.5);
  log->lag_measured(1ms, 1ms);
  log->lag_measured(1ms, 100ms);
  EXPECT_EQ(sink_->lines.size(), 3U);
}

TEST_F(LogObserverTest, NamesTheActorThatKeptItsThread) {
  observer(LogLevel::info)->slow_handler("fulfillment", 80ms);
  EXPECT_EQ(last()["event"], "slow_handler");
  EXPECT_EQ(last()["actor"], "fulfillment");
  EXPECT_EQ(last()["ms"], 80);
}

TEST_F(LogObserverTest, NamesTheAdapterThatKeptItsThread) {
  observer(LogLevel::info)->adapter_kept_thread(execution_, "crm 1.0.0", 80ms);
  EXPECT_EQ(last()["event"], "adapter_kept_thread");
  EXPECT_EQ(last()["adapter"], "crm 1.0.0");
  EXPECT_EQ(last()["action"], execution_.action);
  EXPECT_EQ(last()["ms"], 80);
}

TEST_F(LogObserverTest, NeverWritesTokensDataOrBodies) {
  const auto log = observer(LogLevel::debug);
  answer_.detail = "sent client-secret";
  say_everything(*log, execution_, answer_);
  log->adapter_said(execution_, LogLevel::error, "fulfillment-token client-secret");
  log->event(LogLevel::error, "token", "client-secret");
  for (const auto& line : sink_->lines)
    for (const auto* secret : {"fulfillment-token", "client-secret", "4111", "result-body", "body-of-the-answer",
                               "cookie-of-the-answer", "path-that-is-a-secret"})
      EXPECT_THAT(line, Not(HasSubstr(secret)));
}

TEST_F(LogObserverTest, IsNotFooledByWhatAnAdapterSays) {
  observer(LogLevel::info)
      ->adapter_said(execution_, LogLevel::warning, "x\"}\n{\"level\":\"error\",\"event\":\"forged\" {} %v");
  ASSERT_EQ(sink_->lines.size(), 1u);
  EXPECT_EQ(last()["text"], "x\"}\n{\"level\":\"error\",\"event\":\"forged\" {} %v");
  EXPECT_EQ(last()["event"], "adapter_said");
}

TEST_F(LogObserverTest, MayBeCalledByManyThreads) {
  const auto log = observer(LogLevel::info);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int j = 0; j < 500; ++j) log->ended(execution_, {});
    });
  for (auto& thread : threads) thread.join();
  ASSERT_EQ(sink_->lines.size(), 2000u);
  for (const auto& line : sink_->lines) ASSERT_TRUE(nlohmann::json::accept(line));
}

TEST(StandardLog, KnowsTheLevelsOfTheConfiguration) {
  EXPECT_EQ(log_level("debug"), LogLevel::debug);
  EXPECT_EQ(log_level("info"), LogLevel::info);
  EXPECT_EQ(log_level("warning"), LogLevel::warning);
  EXPECT_EQ(log_level("error"), LogLevel::error);
}

TEST(StandardLog, WritesJsonElsewhereThanATerminalAndNoSecretThatIsKnown) {
  const Redaction redaction({"client-secret"});
  testing::internal::CaptureStdout();
  const auto log = make_standard_log(LogSettings{}, redaction);
  redaction.learn("credential", "fetched-token");
  log->event(LogLevel::info, "main", "client-secret fetched-token");
  const auto parsed = nlohmann::json::parse(testing::internal::GetCapturedStdout());
  EXPECT_EQ(parsed.at("text"), "*** ***");
  EXPECT_EQ(parsed.at("event"), "main");
}

}  // namespace
}  // namespace fulfilld
