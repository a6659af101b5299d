// SPDX-License-Identifier: Apache-2.0
// Conformance: peers that are absent, slow, broken or hostile.
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/runtime/egress/full_queue.hpp"
#include "tests/runtime/egress/http_engine_fixture.hpp"

namespace fulfilld::testing {
namespace {

using namespace std::chrono_literals;

class HttpEngineFaults : public HttpEngineTest {
 protected:
  /// One attempt with a short time limit against a server that runs `script`.
  TestExchangePtr run_against(RawServer::Script script, std::chrono::milliseconds time_limit = 500ms) {
    RawServer server(std::move(script));
    auto exchange = make_post(server.url(), "{}");
    exchange->request.time_limit = time_limit;
    run(exchange);
    return exchange;
  }

  /// How an attempt fails against a server that sends `bytes` and waits.
  HttpFailure failure_of(const std::string& bytes) {
    const auto exchange = run_against(
        [&](Peer& peer) {
          peer.read_request();
          peer.send(bytes);
          peer.wait_until_gone();
        },
        20s);
    EXPECT_TRUE(exchange->answer.body.empty());
    return exchange->answer.failure;
  }

  static void expect_timeout(const HttpAnswer& answer) {
    EXPECT_EQ(answer.failure, HttpFailure::timeout) << answer.detail;
    EXPECT_GE(answer.elapsed, 500ms);
    EXPECT_LT(answer.elapsed, 10s);
    EXPECT_TRUE(answer.request_sent);
    EXPECT_FALSE(answer.detail.empty());
  }
};

TEST_P(HttpEngineFaults, ReportsARefusedConnection) {
  Url url;
  {
    const RawServer gone([](Peer&) {});
    url = gone.url();
  }
  const auto exchange = make_post(url, "{}");
  EXPECT_EQ(run(exchange).failure, HttpFailure::connect);
  EXPECT_FALSE(exchange->answer.request_sent);
  EXPECT_EQ(exchange->answer.status, 0);
  EXPECT_NE(exchange->answer.detail.find("refused"), std::string::npos) << exchange->answer.detail;
}

TEST_P(HttpEngineFaults, EndsASilentPeerAtTheTimeLimit) {
  expect_timeout(run_against([](Peer& peer) { peer.wait_until_gone(); })->answer);
}

TEST_P(HttpEngineFaults, EndsASilentPeerAtTheTimeLimitAfterItsHeader) {
  const auto exchange = run_against([](Peer& peer) {
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
    peer.wait_until_gone();
  });
  expect_timeout(exchange->answer);
}

TEST_P(HttpEngineFaults, EndsADrippingHeaderAtItsTimeLimit) {
  expect_timeout(run_against([](Peer& peer) { peer.drip(answer_with("hello"), 100ms); })->answer);
}

TEST_P(HttpEngineFaults, EndsADrippingBodyAtItsTimeLimit) {
  const auto exchange = run_against([](Peer& peer) {
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n");
    peer.drip(std::string(500, 'x'), 100ms);
  });
  expect_timeout(exchange->answer);
}

TEST_P(HttpEngineFaults, EndsAPeerThatDoesNotReadAtTheTimeLimit) {
  RawServer server([](Peer& peer) { peer.pause(30s); });
  const auto exchange = make_post(server.url(), std::string(32 << 20, 'x'));
  exchange->request.time_limit = 500ms;
  expect_timeout(run(exchange));
}

TEST_P(HttpEngineFaults, ATimeLimitOfNothingEndsAtOnce) {
  RawServer server([](Peer& peer) { peer.wait_until_gone(); });
  const auto exchange = make_exchange(server.url());
  exchange->request.time_limit = 0ms;
  EXPECT_EQ(run(exchange).failure, HttpFailure::timeout);
  EXPECT_FALSE(exchange->answer.request_sent);
}

TEST_P(HttpEngineFaults, AnEndlessTimeLimitDoesNotOverflow) {
  RawServer server([](Peer& peer) {
    peer.read_request();
    peer.send(answer_with("ok"));
  });
  const auto exchange = make_exchange(server.url());
  exchange->request.time_limit = std::chrono::milliseconds::max();
  EXPECT_EQ(run(exchange).failure, HttpFailure::none) << exchange->answer.detail;
}

TEST_P(HttpEngineFaults, ReportsAConnectionThatBreaksAfterAnyByte) {
  const std::string whole = answer_with("hello");
  for (const bool reset : {true, false}) {
    for (std::size_t sent = 0; sent < whole.size(); ++sent) {
      std::atomic<int> requests = 0;
      RawServer server([&](Peer& peer) {
        if (!peer.read_request().empty()) ++requests;
        peer.send(whole.substr(0, sent));
        if (reset)
          peer.reset();
        else
          peer.close();
      });
      const auto exchange = make_post(server.url(), "{}");
      EXPECT_EQ(run(exchange).failure, HttpFailure::reset) << sent << " " << exchange->answer.detail;
      EXPECT_TRUE(exchange->answer.request_sent);
      EXPECT_TRUE(exchange->answer.body.empty());
      EXPECT_EQ(requests, 1) << "a POST on a fresh connection is never repeated";
    }
  }
}

TEST_P(HttpEngineFaults, ReportsAConnectionThatEndsInsideAChunkedBody) {
  const std::string whole = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
  for (std::size_t sent = whole.find("\r\n\r\n") + 4; sent < whole.size(); ++sent) {
    const auto exchange = run_against(
        [&](Peer& peer) {
          peer.read_request();
          peer.send(whole.substr(0, sent));
        },
        20s);
    EXPECT_EQ(exchange->answer.failure, HttpFailure::reset) << sent << " " << exchange->answer.detail;
  }
}

TEST_P(HttpEngineFaults, EndsAnEndlessBodyAtTheAnswerLimit) {
  const std::vector<std::string> heads = {"HTTP/1.1 200 OK\r\n\r\n",
                                          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"};
  for (const auto& head : heads) {
    std::atomic<bool> cut{false};
    RawServer server([&](Peer& peer) {
      peer.read_request();
      peer.send(head);
      while (peer.send("400\r\n" + std::string(1024, 'x') + "\r\n")) continue;
      cut = true;
    });
    const auto exchange = make_exchange(server.url());
    exchange->request.answer_limit = 100'000;
    EXPECT_EQ(run(exchange).failure, HttpFailure::too_large) << exchange->answer.detail;
    EXPECT_EQ(exchange->answer.status, 200);
    EXPECT_TRUE(exchange->answer.body.empty());
    EXPECT_TRUE(server.wait_for_ended_scripts(1));
    EXPECT_TRUE(cut);
  }
}

TEST_P(HttpEngineFaults, EndsAnAnnouncedLargeBodyWithoutWaitingForIt) {
  EXPECT_EQ(failure_of("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"), HttpFailure::too_large);
}

TEST_P(HttpEngineFaults, ABodyOfExactlyTheLimitIsNotTooLarge) {
  RawServer server([](Peer& peer) {
    while (!peer.read_request().empty()) peer.send(answer_with("12345"));
  });
  const auto exact = make_exchange(server.url());
  exact->request.answer_limit = 5;
  EXPECT_EQ(run(exact).failure, HttpFailure::none);
  const auto above = make_exchange(server.url());
  above->request.answer_limit = 4;
  EXPECT_EQ(run(above).failure, HttpFailure::too_large);
}

TEST_P(HttpEngineFaults, EndsEndlessInterimAnswers) {
  const auto exchange = run_against(
      [](Peer& peer) {
        peer.read_request();
        while (peer.send("HTTP/1.1 100 Continue\r\n\r\n")) continue;
      },
      2s);
  EXPECT_NE(exchange->answer.failure, HttpFailure::none);
}

TEST_P(HttpEngineFaults, RefusesWhatIsNotHttp) {
  const std::vector<std::string> bad = {
      "SSH-2.0-OpenSSH_9.2\r\n\r\n",
      "HTTP/2.0 200 OK\r\n\r\n",
      "HTTP/1.1 2x0 OK\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\nhello",
      "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nhello",
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
      "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\nhello",
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nhello\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello!\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n11111111111111111\r\nhello\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nhello",
      "HTTP/1.1 101 Switching Protocols\r\n\r\n",
      "HTTP/1.1 200 OK\r\nBad Name: x\r\n\r\n",
  };
  for (const auto& bytes : bad) EXPECT_EQ(failure_of(bytes), HttpFailure::bad_answer) << bytes;
}

TEST_P(HttpEngineFaults, RefusesAHugeField) {
  EXPECT_EQ(failure_of("HTTP/1.1 200 OK\r\nX: " + std::string(1 << 20, 'x') + "\r\n\r\n"), HttpFailure::bad_answer);
}

TEST_P(HttpEngineFaults, RefusesEndlessFieldsThatComeOneByOne) {
  const auto exchange = run_against(
      [](Peer& peer) {
        peer.read_request();
        peer.send("HTTP/1.1 200 OK\r\n");
        while (peer.send("A: " + std::string(100, 'x') + "\r\n")) continue;
      },
      20s);
  EXPECT_EQ(exchange->answer.failure, HttpFailure::bad_answer) << exchange->answer.detail;
}

TEST_P(HttpEngineFaults, RefusesAnEndlessChunkExtension) {
  const auto exchange = run_against(
      [](Peer& peer) {
        peer.read_request();
        peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=");
        while (peer.send(std::string(1000, 'x'))) continue;
      },
      20s);
  EXPECT_EQ(exchange->answer.failure, HttpFailure::bad_answer) << exchange->answer.detail;
}

TEST_P(HttpEngineFaults, ReportsANameWithoutAddress) {
  make_engine({.ca_file = {}, .hosts = {{"here.test", {"127.0.0.1"}}}});
  const auto exchange = make_exchange(make_url("http", "nowhere.test", 80, "/"));
  EXPECT_EQ(run(exchange).failure, HttpFailure::resolve);
  EXPECT_FALSE(exchange->answer.request_sent);
}

TEST_P(HttpEngineFaults, TriesTheNextAddressWhenOneRefuses) {
  make_engine({.ca_file = {}, .hosts = {{"two.test", {"127.0.0.2", "127.0.0.1"}}}});
  RawServer server([](Peer& peer) {
    peer.read_request();
    peer.send(answer_with("ok"));
  });
  const auto exchange = make_exchange(server.url("/", "two.test"));
  EXPECT_EQ(run(exchange).failure, HttpFailure::none) << exchange->answer.detail;
}

TEST_P(HttpEngineFaults, TriesTheNextAddressWhenOneDoesNotAnswer) {
  RawServer server([](Peer& peer) {
    peer.read_request();
    peer.send(answer_with("ok"));
  });
  const FullQueue silent(INADDR_LOOPBACK + 1, server.port());
  make_engine({.ca_file = {}, .hosts = {{"two.test", {"127.0.0.2", "127.0.0.1"}}}});
  const auto exchange = make_exchange(server.url("/", "two.test"));
  EXPECT_EQ(run(exchange).failure, HttpFailure::none) << exchange->answer.detail;
  EXPECT_GE(exchange->answer.elapsed, 250ms) << "the first one has a head start (RFC 8305)";
  EXPECT_LT(exchange->answer.elapsed, 2s) << "and no more than that";
}

TEST_P(HttpEngineFaults, EachAddressThatDoesNotAnswerHoldsItUpForAMomentOnly) {
  RawServer server([](Peer& peer) {
    peer.read_request();
    peer.send(answer_with("ok"));
  });
  std::vector<std::string> addresses;
  std::vector<std::unique_ptr<FullQueue>> silent;
  for (std::uint32_t i = 1; i <= 8; ++i) {
    silent.push_back(std::make_unique<FullQueue>(INADDR_LOOPBACK + i, server.port()));
    addresses.push_back("127.0.0." + std::to_string(1 + i));
  }
  addresses.emplace_back("127.0.0.1");
  make_engine({.ca_file = {}, .hosts = {{"many.test", addresses}}});
  const auto exchange = make_exchange(server.url("/", "many.test"));
  EXPECT_EQ(run(exchange).failure, HttpFailure::none) << exchange->answer.detail;
  EXPECT_GE(exchange->answer.elapsed, 2s);
  EXPECT_LT(exchange->answer.elapsed, 5s);
}

TEST_P(HttpEngineFaults, OneThatRefusesHoldsNothingUp) {
  RawServer server([](Peer& peer) {
    peer.read_request();
    peer.send(answer_with("ok"));
  });
  std::vector<std::string> addresses(40);
  for (int i = 0; i < 40; ++i) addresses[static_cast<std::size_t>(i)] = "127.0.0." + std::to_string(40 - i);
  make_engine({.ca_file = {}, .hosts = {{"many.test", addresses}}});
  const auto exchange = make_exchange(server.url("/", "many.test"));
  EXPECT_EQ(run(exchange).failure, HttpFailure::none) << exchange->answer.detail;
  EXPECT_LT(exchange->answer.elapsed, 5s) << "39 head starts are 10 s";
}

TEST_P(HttpEngineFaults, IsNotConnectedIfNoAddressAnswersWithinTheTimeLimit) {
  const FullQueue silent;
  make_engine({.ca_file = {}, .hosts = {{"one.test", {"127.0.0.1"}}}});
  for (const auto* host : {"127.0.0.1", "one.test"}) {
    const auto exchange = make_post(make_url("http", host, silent.port(), "/"), "{}");
    exchange->request.time_limit = 200ms;
    EXPECT_EQ(run(exchange).failure, HttpFailure::connect);
    EXPECT_FALSE(exchange->answer.request_sent);
    EXPECT_GE(exchange->answer.elapsed, 200ms);
    EXPECT_EQ(exchange->answer.detail, exchange->request.url.origin + ": connect: no connection within 200 ms");
  }
}

TEST_P(HttpEngineFaults, AStopEndsAllThatIsInFlight) {
  RawServer server([](Peer& peer) { peer.wait_until_gone(); });
  std::vector<TestExchangePtr> exchanges;
  for (int i = 0; i < 50; ++i) exchanges.push_back(make_post(server.url(), "{}"));
  for (const auto& exchange : exchanges) start(exchange);
  engine().stop();
  const auto late = make_exchange(server.url());
  EXPECT_EQ(run(late).failure, HttpFailure::cancelled);
  for (const auto& exchange : exchanges) {
    EXPECT_EQ(exchange->times_finished(), 1);
    EXPECT_EQ(exchange->answer.failure, HttpFailure::cancelled);
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, HttpEngineFaults, ::testing::Values(asio_engine_kind()),
                         [](const auto& kind) { return kind.param.name; });

}  // namespace
}  // namespace fulfilld::testing
