// SPDX-License-Identifier: Apache-2.0
#include "runtime/metrics/metrics_listener.hpp"

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iterator>
#include <string>
#include <vector>

#include "runtime/metrics/metrics.hpp"
#include "tests/runtime/metrics/exposition.hpp"

namespace fulfilld {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct Answer {
  int status = 0;
  std::string type;
  std::string body;
};

Answer ask(std::uint16_t port, const std::string& method, const std::string& path, std::string_view sent = {}) {
  Poco::Net::HTTPClientSession session("127.0.0.1", port);
  session.setTimeout(Poco::Timespan(30, 0));
  Poco::Net::HTTPRequest request(method, path, Poco::Net::HTTPRequest::HTTP_1_1);
  if (!sent.empty()) request.setContentLength(static_cast<std::streamsize>(sent.size()));
  session.sendRequest(request) << sent;
  Poco::Net::HTTPResponse response;
  auto& body = session.receiveResponse(response);
  return {response.getStatus(), response.getContentType(),
          std::string(std::istreambuf_iterator<char>(body), std::istreambuf_iterator<char>())};
}

TEST(MetricsListener, AnswersOnlyReadsOfMetrics) {
  MetricsListener listener("127.0.0.1", 0, [] { return std::string("figures\n"); });
  const auto answer = ask(listener.port(), "GET", "/metrics");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.type, "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_EQ(answer.body, "figures\n");
  EXPECT_EQ(ask(listener.port(), "GET", "/metrics?name=x").status, 200);
  EXPECT_EQ(ask(listener.port(), "HEAD", "/metrics").body, "");
  EXPECT_EQ(ask(listener.port(), "POST", "/metrics").status, 405);
  for (const auto* path : {"/", "/metrics/", "/metricsx", "/execute", "/healthz"})
    EXPECT_EQ(ask(listener.port(), "GET", path).status, 404) << path;
}

TEST(MetricsListener, ARefusedRequestWithABodyIsAnswered) {
  MetricsListener listener("127.0.0.1", 0, [] { return std::string(); });
  for (const std::size_t size : {1000, 300000, 1000000})
    EXPECT_EQ(ask(listener.port(), "POST", "/metrics", std::string(size, 'x')).status, 405) << size;
}

TEST(MetricsListener, SaysWhyItCannotListen) {
  MetricsListener first("127.0.0.1", 0, [] { return std::string(); });
  try {
    MetricsListener second("127.0.0.1", first.port(), [] { return std::string(); });
    FAIL() << "two on one port";
  } catch (const std::runtime_error& problem) {
    EXPECT_THAT(problem.what(), HasSubstr("Cannot serve metrics on 127.0.0.1 port " + std::to_string(first.port())));
  }
  EXPECT_THROW(MetricsListener("not an address", 0, [] { return std::string(); }), std::runtime_error);
}

TEST(MetricsListener, AnswersAndEndsThoughAClientIsSilent) {
  Poco::Net::StreamSocket silent;
  {
    MetricsListener listener("127.0.0.1", 0, [] { return std::string("figures\n"); });
    silent.connect(Poco::Net::SocketAddress("127.0.0.1", listener.port()));
    silent.sendBytes("GET /metr", 9);
    // Connections are taken in their order: the silent one is, when this is answered.
    EXPECT_EQ(ask(listener.port(), "GET", "/metrics").body, "figures\n");
  }
  char byte = 0;
  EXPECT_LE(silent.receiveBytes(&byte, 1), 0) << "closed";
}

TEST(Metrics, AreServedWhileTheLogHearsAllTheSame) {
  class Log final : public Observer {
   public:
    std::vector<std::string> heard;
    void accepted(const Execution& execution) override { heard.push_back("accepted " + execution.id); }
    void resumed(const Unfinished&, Reason) override {}
    void attempt_sent(const Execution&, Direction, std::uint32_t) override {}
    void attempt_ended(const Execution&, Direction, std::uint32_t, const HttpRequest&, const HttpAnswer&) override {}
    void retry_planned(const Execution&, Direction, std::uint32_t, std::chrono::milliseconds) override {}
    void decided(const Execution&, const Outcome&) override {}
    void ended(const Execution&, const Ending&) override {}
    void adapter_said(const Execution&, LogLevel, std::string_view) override {}
    void adapter_kept_thread(const Execution&, std::string_view, std::chrono::milliseconds) override {}
    void listening(std::uint16_t) override {}
    void progress_sent(const Execution&) override {}
    void target_changed(std::string_view, const TargetState&, MonotonicTime) override {}
    void lag_measured(std::chrono::microseconds, std::chrono::microseconds) override {}
    void slow_handler(std::string_view, std::chrono::milliseconds) override {}
    void event(LogLevel, std::string_view component, std::string_view) override { heard.emplace_back(component); }
  } log;
  Metrics metrics({.address = "127.0.0.1", .port = 0}, log);
  Execution execution;
  execution.id = "e-1";
  metrics.observer().accepted(execution);
  EXPECT_THAT(log.heard, ElementsAre("metrics", "accepted e-1"));
  const auto samples = test::parse_exposition(ask(metrics.port(), "GET", "/metrics").body);
  EXPECT_EQ(samples.at("fulfilld_executions_accepted_total"), 1);
}

}  // namespace
}  // namespace fulfilld
