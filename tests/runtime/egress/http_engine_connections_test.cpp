// SPDX-License-Identifier: Apache-2.0
// Conformance: when a connection is used again, and when a request is sent again.
#include <atomic>
#include <memory>
#include <string>

#include "tests/runtime/egress/http_engine_fixture.hpp"

namespace fulfilld::testing {
namespace {

using namespace std::chrono_literals;

class HttpEngineConnections : public HttpEngineTest {
 protected:
  /// Serves any number of requests on each connection with the same bytes.
  static RawServer::Script always(std::string bytes) {
    return [bytes = std::move(bytes)](Peer& peer) {
      while (!peer.read_request().empty()) peer.send(bytes);
    };
  }

  /// The number of connections that two exchanges in turn take.
  std::size_t connections_for_two(const std::string& answer) {
    RawServer server(always(answer));
    for (int i = 0; i < 2; ++i) {
      const auto exchange = make_post(server.url(), "{}");
      EXPECT_EQ(run(exchange).failure, HttpFailure::none) << exchange->answer.detail;
    }
    return server.connections();
  }
};

TEST_P(HttpEngineConnections, OneConnectionServesManyExchangesInTurn) {
  RawServer server(always(answer_with("ok")));
  for (int i = 0; i < 100; ++i) EXPECT_EQ(run(make_post(server.url(), "{}")).body, "ok");
  EXPECT_EQ(server.connections(), 1u);
}

TEST_P(HttpEngineConnections, AnswersWithoutABodyLeaveTheConnectionUsable) {
  EXPECT_EQ(connections_for_two("HTTP/1.1 204 No Content\r\n\r\n"), 1u);
  EXPECT_EQ(connections_for_two("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"), 1u);
}

TEST_P(HttpEngineConnections, ClosesWhenThePeerSaysSo) {
  EXPECT_EQ(connections_for_two(answer_with("ok", "200 OK", "Connection: close\r\n")), 2u);
  EXPECT_EQ(connections_for_two("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok"), 2u);
}

TEST_P(HttpEngineConnections, ClosesWhereTheRequestWasMisdirected) {
  EXPECT_EQ(connections_for_two(answer_with("no", "421 Misdirected Request")), 2u);
}

TEST_P(HttpEngineConnections, ClosesWhenThereIsMoreThanTheAnswer) {
  EXPECT_EQ(connections_for_two(answer_with("ok") + "HTTP/1.1 500 Smuggled\r\nContent-Length: 0\r\n\r\n"), 2u);
}

TEST_P(HttpEngineConnections, ClosesAfterAFailure) {
  RawServer server([](Peer& peer) {
    peer.read_request();
    if (peer.number() == 0) return peer.wait_until_gone();
    peer.send(answer_with("ok"));
  });
  const auto first = make_post(server.url(), "{}");
  first->request.time_limit = 200ms;
  EXPECT_EQ(run(first).failure, HttpFailure::timeout);
  EXPECT_EQ(run(make_post(server.url(), "{}")).status, 200);
  EXPECT_EQ(server.connections(), 2u);
}

TEST_P(HttpEngineConnections, DoesNotMixOrigins) {
  RawServer one(always(answer_with("one")));
  RawServer two(always(answer_with("two")));
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(run(make_post(one.url(), "{}")).body, "one");
    EXPECT_EQ(run(make_post(two.url(), "{}")).body, "two");
  }
}

TEST_P(HttpEngineConnections, NoticesThatThePeerHasClosedAnIdleConnection) {
  RawServer server([](Peer& peer) {
    peer.read_request();
    peer.send(answer_with("ok"));
  });
  for (std::size_t i = 1; i <= 20; ++i) {
    const auto exchange = make_post(server.url(), "{}");
    EXPECT_EQ(run(exchange).failure, HttpFailure::none) << exchange->answer.detail;
    ASSERT_TRUE(server.wait_for_ended_scripts(i));
  }
  EXPECT_EQ(server.connections(), 20u);
}

/// A peer that takes one exchange on a first connection, and breaks it when a second request comes over it.
class HttpEngineStaleConnection : public HttpEngineConnections {
 protected:
  const HttpAnswer& run_over_stale_connection(const TestExchangePtr& exchange) {
    EXPECT_EQ(run(make_exchange(server_->url())).status, 200);
    exchange->request.url = server_->url();
    return run(exchange);
  }

  void SetUp() override {
    server_ = std::make_unique<RawServer>([this](Peer& peer) {
      peer.read_request();
      if (peer.number() > 0) ++copies_;
      peer.send(answer_with("ok"));
      if (!peer.read_request().empty()) ++copies_;
      peer.reset();
    });
  }

  void TearDown() override {
    server_.reset();
    HttpEngineConnections::TearDown();
  }

  std::atomic<int> copies_{0};
  std::unique_ptr<RawServer> server_;
};

TEST_P(HttpEngineStaleConnection, AnIdempotentRequestIsMadeOnceMore) {
  const auto exchange = make_exchange({});
  EXPECT_EQ(run_over_stale_connection(exchange).failure, HttpFailure::none) << exchange->answer.detail;
  EXPECT_EQ(copies_, 2);
  EXPECT_TRUE(exchange->answer.request_sent);
}

TEST_P(HttpEngineStaleConnection, APostWithAnIdempotencyKeyIsMadeOnceMore) {
  const auto exchange = make_post({}, "{}");
  exchange->request.header_lines = "idempotency-key: 4711\r\n";
  EXPECT_EQ(run_over_stale_connection(exchange).failure, HttpFailure::none) << exchange->answer.detail;
  EXPECT_EQ(copies_, 2);
}

TEST_P(HttpEngineStaleConnection, APostThatMayHaveArrivedIsNotRepeated) {
  const auto exchange = make_post({}, "{}");
  EXPECT_EQ(run_over_stale_connection(exchange).failure, HttpFailure::reset);
  EXPECT_TRUE(exchange->answer.request_sent);
  EXPECT_EQ(copies_, 1);
}

TEST_P(HttpEngineStaleConnection, TheSecondTimeIsTheLast) {
  RawServer server([](Peer& peer) {
    peer.read_request();
    if (peer.number() == 0) {
      peer.send(answer_with("ok"));
      peer.read_request();
    }
    peer.reset();
  });
  EXPECT_EQ(run(make_exchange(server.url())).status, 200);
  EXPECT_EQ(run(make_exchange(server.url())).failure, HttpFailure::reset);
  EXPECT_EQ(server.connections(), 2u);
}

TEST_P(HttpEngineStaleConnection, BothTimesTogetherKeepTheTimeLimit) {
  RawServer server([](Peer& peer) {
    peer.read_request();
    if (peer.number() > 0) return peer.wait_until_gone();
    peer.send(answer_with("ok"));
    peer.read_request();
  });
  EXPECT_EQ(run(make_exchange(server.url())).status, 200);
  const auto exchange = make_exchange(server.url());
  exchange->request.time_limit = 300ms;
  EXPECT_EQ(run(exchange).failure, HttpFailure::timeout);
  EXPECT_TRUE(exchange->answer.request_sent);
}

INSTANTIATE_TEST_SUITE_P(Engines, HttpEngineConnections, ::testing::Values(asio_engine_kind()),
                         [](const auto& kind) { return kind.param.name; });
INSTANTIATE_TEST_SUITE_P(Engines, HttpEngineStaleConnection, ::testing::Values(asio_engine_kind()),
                         [](const auto& kind) { return kind.param.name; });

}  // namespace
}  // namespace fulfilld::testing
