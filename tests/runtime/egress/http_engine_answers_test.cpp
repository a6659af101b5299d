// SPDX-License-Identifier: Apache-2.0
// Conformance: answers as they should be, in all their forms.
#include <algorithm>
#include <atomic>
#include <string>
#include <vector>

#include "tests/runtime/egress/echo_server.hpp"
#include "tests/runtime/egress/http_engine_fixture.hpp"

namespace fulfilld::testing {
namespace {

using namespace std::chrono_literals;

class HttpEngineAnswers : public HttpEngineTest {
 protected:
  /// The answer to a GET from a server that sends `bytes`, and then closes.
  TestExchangePtr get_from_closing_server(const std::string& bytes, std::string method = "GET") {
    RawServer server([&](Peer& peer) {
      peer.read_request();
      peer.send(bytes);
    });
    auto exchange = make_exchange(server.url(), std::move(method));
    run(exchange);
    return exchange;
  }
};

TEST_P(HttpEngineAnswers, SendsTheRequestThatItWasGivenAndWhatIsTrueOfAll) {
  std::string seen;
  RawServer server([&](Peer& peer) {
    seen = peer.read_request();
    peer.send(answer_with("ok"));
    peer.wait_until_gone();
  });
  auto exchange = make_post(server.url("/v1/orders?id=7"), R"({"a":1})");
  exchange->request.header_lines = "Content-Type: application/json\r\nX-Trace: 7\r\n";
  exchange->request.authorization = "Bearer abc";
  EXPECT_EQ(run(exchange).status, 200);
  EXPECT_EQ(exchange->answer.failure, HttpFailure::none);
  EXPECT_TRUE(exchange->answer.request_sent);
  ASSERT_TRUE(seen.starts_with("POST /v1/orders?id=7 HTTP/1.1\r\n")) << seen;
  const auto end = seen.find("\r\n\r\n");
  EXPECT_EQ(seen.substr(end + 4), R"({"a":1})");
  std::vector<std::string> lines;
  for (std::size_t at = seen.find("\r\n") + 2; at < end + 2; at = seen.find("\r\n", at) + 2)
    lines.push_back(seen.substr(at, seen.find("\r\n", at) - at));
  std::sort(lines.begin(), lines.end());
  EXPECT_EQ(lines, (std::vector<std::string>{
                       "Accept-Encoding: gzip, deflate", "Authorization: Bearer abc", "Connection: keep-alive",
                       "Content-Length: 7", "Content-Type: application/json",
                       "Host: 127.0.0.1:" + std::to_string(server.port()), "User-Agent: engine-test/1", "X-Trace: 7"}));
}

TEST_P(HttpEngineAnswers, SendsNoContentLengthWithoutABodyAndZeroForAnEmptyOne) {
  std::vector<std::string> seen;
  RawServer server([&](Peer& peer) {
    for (int i = 0; i < 2; ++i) {
      seen.push_back(peer.read_request());
      peer.send(answer_with(""));
    }
    peer.wait_until_gone();
  });
  EXPECT_EQ(run(make_exchange(server.url())).status, 200);
  EXPECT_EQ(run(make_post(server.url(), "")).status, 200);
  EXPECT_EQ(seen.at(0).find("Content-Length"), std::string::npos);
  EXPECT_NE(seen.at(1).find("Content-Length: 0\r\n"), std::string::npos);
}

TEST_P(HttpEngineAnswers, ReadsStatusFieldsAndBody) {
  const auto exchange =
      get_from_closing_server("HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nx-Empty:\r\nContent-Length: 4\r\n\r\nbusy");
  EXPECT_EQ(exchange->answer.failure, HttpFailure::none);
  EXPECT_EQ(exchange->answer.status, 503);
  EXPECT_EQ(exchange->answer.body, "busy");
  EXPECT_EQ(exchange->answer.field("retry-after"), "7");
  EXPECT_EQ(exchange->answer.field("X-Empty"), "");
  EXPECT_GT(exchange->answer.elapsed.count(), 0);
}

TEST_P(HttpEngineAnswers, ReadsHeadsAsLenientlyAsOtherClients) {
  for (const std::string head : {"HTTP/1.1 200 OK\nContent-Length: 2\n\n", "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\n",
                                 "HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\n", "HTTP/1.0 200\nA : b\n\n"}) {
    const auto exchange = get_from_closing_server(head + "ok");
    EXPECT_EQ(exchange->answer.failure, HttpFailure::none) << exchange->answer.detail;
    EXPECT_EQ(exchange->answer.status, 200);
    EXPECT_EQ(exchange->answer.body, "ok");
  }
}

TEST_P(HttpEngineAnswers, ReadsAHeadWithoutBodyWhoseLastLineEndIsBare) {
  RawServer server([](Peer& peer) {
    peer.read_request();
    peer.drip("HTTP/1.1 204\nA: b\n\n", 1ms);
    peer.wait_until_gone();
  });
  EXPECT_EQ(run(make_exchange(server.url())).status, 204);
}

TEST_P(HttpEngineAnswers, ReadsChunkedBodiesAndForgetsTheTrailer) {
  const auto exchange = get_from_closing_server(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5;name=value\r\nhello\r\n1\r\n \r\nA\r\n0123456789\r\n0\r\nRetry-After: 9\r\n\r\n");
  EXPECT_EQ(exchange->answer.failure, HttpFailure::none) << exchange->answer.detail;
  EXPECT_EQ(exchange->answer.body, "hello 0123456789");
  EXPECT_EQ(exchange->answer.field("Retry-After"), "");
}

TEST_P(HttpEngineAnswers, ReadsChunksThatComeByteByByte) {
  RawServer server([](Peer& peer) {
    peer.read_request();
    peer.drip("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\nA: b\r\n\r\n", 1ms);
    peer.wait_until_gone();
  });
  const auto exchange = make_exchange(server.url());
  EXPECT_EQ(run(exchange).failure, HttpFailure::none) << exchange->answer.detail;
  EXPECT_EQ(exchange->answer.body, "abcdefg");
}

TEST_P(HttpEngineAnswers, ReadsABodyThatEndsWithTheConnection) {
  for (const char* version : {"HTTP/1.0", "HTTP/1.1"}) {
    const auto exchange = get_from_closing_server(std::string(version) + " 200 OK\r\n\r\nto the end");
    EXPECT_EQ(exchange->answer.failure, HttpFailure::none) << exchange->answer.detail;
    EXPECT_EQ(exchange->answer.body, "to the end");
  }
}

TEST_P(HttpEngineAnswers, ReadsNoBodyWhereThereIsNone) {
  for (const char* status : {"204 No Content", "304 Not Modified"}) {
    RawServer server([&](Peer& peer) {
      peer.read_request();
      peer.send(std::string("HTTP/1.1 ") + status + "\r\nContent-Length: 5\r\n\r\n");
      peer.wait_until_gone();
    });
    const auto exchange = make_exchange(server.url());
    EXPECT_EQ(run(exchange).failure, HttpFailure::none) << exchange->answer.detail;
    EXPECT_EQ(exchange->answer.body, "");
  }
  RawServer server([](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 5000000000\r\n\r\n");
    peer.wait_until_gone();
  });
  EXPECT_EQ(run(make_exchange(server.url(), "HEAD")).failure, HttpFailure::none);
}

TEST_P(HttpEngineAnswers, SkipsInterimAnswers) {
  const auto exchange = get_from_closing_server(
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + answer_with("final"));
  EXPECT_EQ(exchange->answer.failure, HttpFailure::none) << exchange->answer.detail;
  EXPECT_EQ(exchange->answer.status, 200);
  EXPECT_EQ(exchange->answer.body, "final");
  EXPECT_EQ(exchange->answer.field("Link"), "");
}

TEST_P(HttpEngineAnswers, NeverFollowsARedirect) {
  RawServer elsewhere([](Peer& peer) { peer.read_request(); });
  const auto exchange = get_from_closing_server("HTTP/1.1 307 Temporary Redirect\r\nLocation: " + elsewhere.url().text +
                                                "\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(exchange->answer.status, 307);
  EXPECT_EQ(exchange->answer.failure, HttpFailure::none);
  EXPECT_EQ(elsewhere.connections(), 0u);
}

TEST_P(HttpEngineAnswers, CarriesMegabytesBothWays) {
  std::string sent(4 << 20, '\0');
  for (std::size_t i = 0; i < sent.size(); ++i) sent[i] = static_cast<char>(i * 31 + i / 257);
  RawServer server([](Peer& peer) {
    const std::string request = peer.read_request();
    peer.send(answer_with(request.substr(request.find("\r\n\r\n") + 4)));
    peer.wait_until_gone();
  });
  const auto exchange = make_post(server.url(), sent);
  exchange->request.answer_limit = sent.size();
  EXPECT_EQ(run(exchange).failure, HttpFailure::none) << exchange->answer.detail;
  EXPECT_TRUE(exchange->answer.body == sent);
}

TEST_P(HttpEngineAnswers, TakesAnAnswerThatComesBeforeTheRequestIsThroughAndThenCloses) {
  RawServer server([](Peer& peer) {
    peer.send(answer_with("too large", "413 Payload Too Large"));
    peer.pause(30s);
  });
  const auto exchange = make_post(server.url(), std::string(32 << 20, 'x'));
  EXPECT_EQ(run(exchange).failure, HttpFailure::none) << exchange->answer.detail;
  EXPECT_EQ(exchange->answer.status, 413);
  RawServer next([](Peer& peer) {
    peer.read_request();
    peer.send(answer_with("ok"));
    peer.wait_until_gone();
  });
  EXPECT_EQ(run(make_exchange(next.url())).status, 200);
}

TEST_P(HttpEngineAnswers, ManyExchangesRunAtTheSameTime) {
  constexpr std::size_t count = 1000;
  EchoServer server(count);
  std::vector<TestExchangePtr> exchanges;
  for (std::size_t i = 0; i < count; ++i) exchanges.push_back(make_post(server.url(), "{}"));
  for (const auto& exchange : exchanges) start(exchange);
  for (const auto& exchange : exchanges) {
    ASSERT_TRUE(exchange->wait());
    EXPECT_EQ(exchange->answer.failure, HttpFailure::none) << exchange->answer.detail;
    EXPECT_EQ(exchange->answer.status, 200);
  }
  for (const auto& exchange : exchanges) EXPECT_EQ(exchange->times_finished(), 1);
}

INSTANTIATE_TEST_SUITE_P(Engines, HttpEngineAnswers, ::testing::Values(asio_engine_kind()),
                         [](const auto& kind) { return kind.param.name; });

}  // namespace
}  // namespace fulfilld::testing
