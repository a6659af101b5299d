// SPDX-License-Identifier: Apache-2.0
#include "runtime/metrics/metrics_observer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/runtime/metrics/exposition.hpp"

namespace fulfilld {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

class MetricsObserverTest : public testing::Test {
 protected:
  MetricsObserverTest() {
    execution_.id = "execution-id";
    execution_.action = "default";
    execution_.fulfillment_url.origin = "https://api.mypurecloud.com:443";
    execution_.fulfillment_url.text = "https://api.mypurecloud.com/path-that-is-a-secret";
    execution_.fulfillment_token = "fulfillment-token";
    execution_.data = R"({"card":"4111"})";
    execution_.accepted = now_;
  }

  static HttpAnswer answered(int status, std::chrono::microseconds elapsed = 0us) {
    HttpAnswer answer;
    answer.status = status;
    answer.elapsed = elapsed;
    return answer;
  }

  static HttpAnswer failed(HttpFailure failure) {
    HttpAnswer answer;
    answer.failure = failure;
    answer.elapsed = 1s;
    return answer;
  }

  double value(const std::string& series) {
    const auto samples = test::parse_exposition(metrics_.text());
    const auto found = samples.find(series);
    if (found == samples.end()) ADD_FAILURE() << series << " is not there:\n" << metrics_.text();
    return found == samples.end() ? -1 : found->second;
  }

  double attempts(const std::string& direction, const std::string& outcome) {
    return value("fulfilld_attempts_total{direction=\"" + direction + "\",outcome=\"" + outcome + "\"}");
  }

  MonotonicTime now_{1h};
  Execution execution_;
  MetricsObserver metrics_{[this] { return now_; }};
};

TEST_F(MetricsObserverTest, CountsConnectionsThatCameToNothing) {
  metrics_.handshake_failed(HandshakeFailure::plain_http);
  metrics_.handshake_failed(HandshakeFailure::other);
  metrics_.handshake_failed(HandshakeFailure::other);
  metrics_.turned_away();
  EXPECT_EQ(value("fulfilld_tls_handshake_failures_total{why=\"plain_http\"}"), 1);
  EXPECT_EQ(value("fulfilld_tls_handshake_failures_total{why=\"other\"}"), 2);
  EXPECT_EQ(value("fulfilld_tls_handshake_failures_total{why=\"certificate_refused\"}"), 0);
  EXPECT_EQ(value("fulfilld_connections_turned_away_total"), 1);
}

TEST_F(MetricsObserverTest, FollowsAnExecutionThroughItsLife) {
  metrics_.accepted(execution_);
  metrics_.accepted(execution_);
  metrics_.attempt_ended(execution_, Direction::backend, 1, HttpRequest{}, answered(200));
  metrics_.decided(execution_, {Reason::none, "{}"});
  metrics_.progress_sent(execution_);
  EXPECT_EQ(value("fulfilld_executions_accepted_total"), 2);
  EXPECT_EQ(value("fulfilld_executions_in_flight"), 2);
  EXPECT_EQ(value("fulfilld_executions_decided_total{result=\"complete\"}"), 1);
  EXPECT_EQ(value("fulfilld_progress_sent_total"), 1);
  now_ += 2s;
  metrics_.ended(execution_, {Reason::none, 1});
  EXPECT_EQ(value("fulfilld_executions_in_flight"), 1);
  EXPECT_EQ(value("fulfilld_executions_ended_total{result=\"delivered\"}"), 1);
  EXPECT_EQ(value("fulfilld_execution_duration_seconds_count"), 1);
  EXPECT_EQ(value("fulfilld_execution_duration_seconds_sum"), 2);
  EXPECT_EQ(value("fulfilld_execution_duration_seconds_bucket{le=\"1\"}"), 0);
  EXPECT_EQ(value("fulfilld_execution_duration_seconds_bucket{le=\"2.5\"}"), 1);
}

TEST_F(MetricsObserverTest, CountsWhatAnEarlierProcessLeftButNotHowLongItTook) {
  auto left = std::make_shared<Execution>();
  metrics_.resumed({left, nullptr, {}}, Reason::none);
  EXPECT_EQ(value("fulfilld_executions_in_flight"), 1);
  metrics_.ended(*left, {Reason::undeliverable, 3});
  EXPECT_EQ(value("fulfilld_executions_resumed_total"), 1);
  EXPECT_EQ(value("fulfilld_executions_in_flight"), 0);
  EXPECT_EQ(value("fulfilld_executions_ended_total{result=\"undeliverable\"}"), 1);
  EXPECT_EQ(value("fulfilld_execution_duration_seconds_count"), 0);
}

TEST_F(MetricsObserverTest, HasASeriesForEveryOutcomeFromTheStart) {
  const auto samples = test::parse_exposition(metrics_.text());
  for (int value = 0; value < 256; ++value) {
    const auto reason = static_cast<Reason>(value);
    const bool known = reason_from_code(code(reason)) == reason;
    const bool outcome = known && value >= 32 && value < 64;
    EXPECT_EQ(
        samples.contains("fulfilld_executions_decided_total{result=\"" + std::string(code(reason)) + "\"}") && known,
        outcome)
        << value;
  }
  EXPECT_EQ(value("fulfilld_executions_decided_total{result=\"circuit_open\"}"), 0);
  metrics_.decided(execution_, {Reason::circuit_open, "{}"});
  EXPECT_EQ(value("fulfilld_executions_decided_total{result=\"circuit_open\"}"), 1);
}

TEST_F(MetricsObserverTest, TellsAttemptsApartByHowTheyEnded) {
  for (const int status : {100, 200, 204, 302, 404, 429, 429, 503, 0, 999})
    metrics_.attempt_ended(execution_, Direction::backend, 1, HttpRequest{}, answered(status));
  EXPECT_EQ(attempts("backend", "1xx"), 1);
  EXPECT_EQ(attempts("backend", "2xx"), 2);
  EXPECT_EQ(attempts("backend", "3xx"), 1);
  EXPECT_EQ(attempts("backend", "4xx"), 1);
  EXPECT_EQ(attempts("backend", "429"), 2);
  EXPECT_EQ(attempts("backend", "5xx"), 1);
  EXPECT_EQ(attempts("backend", "other_status"), 2);
  EXPECT_EQ(attempts("callback", "2xx"), 0);

  const std::vector<std::string> names{"resolve",    "connect",   "tls",       "timeout",   "reset",
                                       "bad_answer", "too_large", "no_socket", "cancelled", "turned_away"};
  for (std::size_t n = 0; n < names.size(); ++n) {
    metrics_.attempt_ended(execution_, Direction::callback, 1, HttpRequest{}, failed(static_cast<HttpFailure>(n + 1)));
    EXPECT_EQ(attempts("callback", names[n]), 1) << names[n];
  }
}

TEST_F(MetricsObserverTest, MeasuresOnlyAttemptsThatWereMadeAndNotBrokenOff) {
  metrics_.attempt_ended(execution_, Direction::backend, 1, HttpRequest{}, answered(200, 40ms));
  metrics_.attempt_ended(execution_, Direction::backend, 1, HttpRequest{}, failed(HttpFailure::timeout));
  metrics_.attempt_ended(execution_, Direction::backend, 1, HttpRequest{}, failed(HttpFailure::turned_away));
  metrics_.attempt_ended(execution_, Direction::backend, 1, HttpRequest{}, failed(HttpFailure::cancelled));
  metrics_.attempt_ended(execution_, Direction::backend, 1, HttpRequest{}, failed(HttpFailure::no_socket));
  EXPECT_EQ(value("fulfilld_attempt_duration_seconds_count{direction=\"backend\"}"), 2);
  EXPECT_EQ(value("fulfilld_attempt_duration_seconds_bucket{direction=\"backend\",le=\"0.025\"}"), 0);
  EXPECT_EQ(value("fulfilld_attempt_duration_seconds_bucket{direction=\"backend\",le=\"0.05\"}"), 1);
  EXPECT_EQ(value("fulfilld_attempt_duration_seconds_count{direction=\"callback\"}"), 0);
}

TEST_F(MetricsObserverTest, CountsRetriesSlowHandlersAndLags) {
  metrics_.retry_planned(execution_, Direction::callback, 2, 1s);
  metrics_.slow_handler("fulfillment", 80ms);
  metrics_.slow_handler("fulfillment", 60ms);
  metrics_.adapter_kept_thread(execution_, "crm 1.0.0", 80ms);
  metrics_.lag_measured(3ms, 700ms);
  EXPECT_EQ(value("fulfilld_retries_total{direction=\"callback\"}"), 1);
  EXPECT_EQ(value("fulfilld_retries_total{direction=\"backend\"}"), 0);
  EXPECT_EQ(value("fulfilld_slow_handlers_total{actor=\"fulfillment\"}"), 2);
  EXPECT_EQ(value("fulfilld_adapter_kept_thread_total{adapter=\"crm 1.0.0\"}"), 1);
  EXPECT_EQ(value("fulfilld_actor_lag_seconds_bucket{le=\"0.005\"}"), 1);
  EXPECT_EQ(value("fulfilld_alarm_lag_seconds_bucket{le=\"0.5\"}"), 0);
  EXPECT_EQ(value("fulfilld_alarm_lag_seconds_bucket{le=\"1\"}"), 1);
}

TEST_F(MetricsObserverTest, HoldsNothingOfTheExecution) {
  auto answer = answered(503);
  answer.body = "body-of-the-answer";
  answer.fields = {{"Set-Cookie", "cookie-of-the-answer"}};
  answer.detail = "detail-of-the-answer";
  metrics_.accepted(execution_);
  metrics_.resumed({std::make_shared<Execution>(), nullptr, {}}, Reason::deadline);
  for (const auto direction : {Direction::backend, Direction::callback}) {
    metrics_.attempt_sent(execution_, direction, 1);
    metrics_.attempt_ended(execution_, direction, 1, HttpRequest{}, answer);
    metrics_.retry_planned(execution_, direction, 2, 1s);
  }
  metrics_.progress_sent(execution_);
  metrics_.adapter_said(execution_, LogLevel::error, "words-of-the-adapter");
  metrics_.event(LogLevel::error, "token", "text-of-the-event");
  metrics_.target_changed("https://crm.example.com:443", {}, now_);
  metrics_.decided(execution_, {Reason::backend_status, "result-body"});
  metrics_.ended(execution_, {Reason::none, 1});
  const auto text = metrics_.text();
  for (const auto* secret :
       {"execution-id", "path-that-is-a-secret", "mypurecloud", "fulfillment-token", "4111", "body-of-the-answer",
        "cookie-of-the-answer", "detail-of-the-answer", "words-of-the-adapter", "text-of-the-event", "result-body"})
    EXPECT_THAT(text, Not(HasSubstr(secret)));
}

TEST_F(MetricsObserverTest, MayBeCalledByManyThreadsAndReadMeanwhile) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([this, target = "target " + std::to_string(i)] {
      TargetState state;
      for (int n = 0; n < 1000; ++n) {
        ++state.in_flight;
        metrics_.accepted(execution_);
        metrics_.attempt_ended(execution_, Direction::backend, 1, HttpRequest{}, answered(200, 1ms));
        metrics_.target_changed(target, state, now_);
        metrics_.slow_handler("fulfillment", 80ms);
        metrics_.ended(execution_, {Reason::none, 1});
      }
    });
  for (int n = 0; n < 20; ++n) EXPECT_NO_THROW(static_cast<void>(test::parse_exposition(metrics_.text())));
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(value("fulfilld_executions_accepted_total"), 4000);
  EXPECT_EQ(value("fulfilld_executions_in_flight"), 0);
  EXPECT_EQ(attempts("backend", "2xx"), 4000);
}

}  // namespace
}  // namespace fulfilld
