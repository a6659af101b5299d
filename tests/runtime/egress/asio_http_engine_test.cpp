// SPDX-License-Identifier: Apache-2.0
// What is this engine's own, beside what every engine must do.
#include "runtime/egress/asio_http_engine.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tests/runtime/egress/echo_server.hpp"
#include "tests/runtime/egress/raw_server.hpp"
#include "tests/runtime/egress/test_exchange.hpp"

namespace fulfilld {
namespace {

using namespace std::chrono_literals;
using testing::answer_with;
using testing::make_exchange;
using testing::make_post;
using testing::Peer;
using testing::RawServer;

TEST(AsioHttpEngine, RefusesACaFileThatCannotBeRead) {
  IoLoop loop;
  EgressSettings settings;
  settings.ca_file = "/no/such/file.pem";
  try {
    const AsioHttpEngine engine(loop, settings);
    FAIL() << "no exception";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("/no/such/file.pem"), std::string::npos) << error.what();
  }
}

TEST(AsioHttpEngine, ClosesAConnectionThatIsIdleForTooLong) {
  RawServer server([](Peer& peer) {
    peer.read_request();
    peer.send(answer_with("ok"));
    peer.wait_until_gone();
  });
  IoLoop loop;
  AsioHttpEngine engine(loop);
  const auto exchange = make_post(server.url(), "{}");
  exchange->request.idle_limit = 50ms;
  engine.start(exchange);
  ASSERT_TRUE(exchange->wait());
  EXPECT_TRUE(server.wait_for_ended_scripts(1));
}

TEST(AsioHttpEngine, KeepsNoConnectionWhereTheLimitIsNothing) {
  RawServer server([](Peer& peer) {
    while (!peer.read_request().empty()) peer.send(answer_with("ok"));
  });
  IoLoop loop;
  AsioHttpEngine engine(loop);
  for (std::size_t i = 1; i <= 3; ++i) {
    const auto exchange = make_post(server.url(), "{}");
    exchange->request.idle_limit = 0ms;
    engine.start(exchange);
    ASSERT_TRUE(exchange->wait());
    EXPECT_TRUE(server.wait_for_ended_scripts(i));
  }
  EXPECT_EQ(server.connections(), 3u);
}

TEST(AsioHttpEngine, DoesNotKeepAConnectionThatThePeerKeepsForLessThanTwoSeconds) {
  RawServer server([](Peer& peer) {
    peer.read_request();
    peer.send(answer_with("ok", "200 OK", "Keep-Alive: timeout=1\r\n"));
    peer.wait_until_gone();
  });
  IoLoop loop;
  AsioHttpEngine engine(loop);
  const auto exchange = make_post(server.url(), "{}");
  engine.start(exchange);
  ASSERT_TRUE(exchange->wait());
  EXPECT_TRUE(server.wait_for_ended_scripts(1));
}

TEST(AsioHttpEngine, KeepsNoMoreIdleConnectionsThanAllowed) {
  RawServer server([](Peer& peer) {
    peer.read_request();
    peer.send(answer_with("ok"));
    peer.wait_until_gone();
  });
  IoLoop loop;
  EgressSettings settings;
  settings.max_idle = 0;
  AsioHttpEngine engine(loop, settings);
  const auto exchange = make_post(server.url(), "{}");
  engine.start(exchange);
  ASSERT_TRUE(exchange->wait());
  EXPECT_TRUE(server.wait_for_ended_scripts(1));
}

TEST(AsioHttpEngine, UsesTheLatestIdleConnectionFirst) {
  std::atomic<int> held{0};
  RawServer server([&](Peer& peer) {
    while (!peer.read_request().empty()) {
      ++held;
      while (held < 2 && peer.pause(1ms)) continue;
      peer.send(answer_with(std::to_string(peer.number())));
    }
  });
  IoLoop loop;
  AsioHttpEngine engine(loop);
  const auto one = make_post(server.url(), "{}");
  const auto two = make_post(server.url(), "{}");
  engine.start(one);
  engine.start(two);
  ASSERT_TRUE(one->wait() && two->wait());
  const auto first = make_post(server.url(), "{}");
  engine.start(first);
  ASSERT_TRUE(first->wait());
  for (int i = 0; i < 5; ++i) {
    const auto again = make_post(server.url(), "{}");
    engine.start(again);
    ASSERT_TRUE(again->wait());
    EXPECT_EQ(again->answer.body, first->answer.body);
  }
}

TEST(AsioHttpEngine, DoesNotSendAControlCharacterInTheHead) {
  RawServer server([](Peer& peer) { peer.wait_until_gone(); });
  IoLoop loop;
  AsioHttpEngine engine(loop);
  const auto exchange = make_exchange(server.url());
  exchange->request.authorization = "Bearer x\r\nX-Smuggled: y";
  engine.start(exchange);
  ASSERT_TRUE(exchange->wait());
  EXPECT_EQ(exchange->answer.failure, HttpFailure::connect);
  EXPECT_FALSE(exchange->answer.request_sent);
  EXPECT_EQ(server.connections(), 0u);
}

TEST(AsioHttpEngine, EveryExchangeFromManyThreadsIsFinishedOnceThoughItStops) {
  testing::EchoServer server;
  IoLoop loop;
  AsioHttpEngine engine(loop);
  std::vector<testing::TestExchangePtr> exchanges(4 * 500);
  std::atomic<std::size_t> started{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 500; ++i) {
        auto& exchange = exchanges[started++];
        exchange = make_post(server.url(), "{}");
        engine.start(exchange);
      }
    });
  while (started < 1000) std::this_thread::yield();
  engine.stop();
  for (auto& thread : threads) thread.join();
  engine.stop();
  for (const auto& exchange : exchanges) {
    EXPECT_TRUE(exchange->wait());
    EXPECT_EQ(exchange->times_finished(), 1);
    if (exchange->answer.failure != HttpFailure::none) {
      EXPECT_EQ(exchange->answer.failure, HttpFailure::cancelled);
    }
  }
}

/// Starts itself again from within `finished`, a number of times.
class Repeating final : public HttpExchange {
 public:
  Repeating(HttpEngine& engine, int times, std::promise<int>& done) : engine_(engine), left_(times), done_(done) {}
  void finished(std::shared_ptr<HttpExchange> self) noexcept override {
    if (answer.failure == HttpFailure::none) ++good_;
    if (--left_ == 0) return done_.set_value(good_);
    answer = HttpAnswer{};
    engine_.start(std::move(self));
  }

 private:
  HttpEngine& engine_;
  int left_;
  int good_ = 0;
  std::promise<int>& done_;
};

TEST(AsioHttpEngine, AnExchangeMayBeStartedAgainFromWithinItsEnd) {
  testing::EchoServer server;
  IoLoop loop;
  AsioHttpEngine engine(loop);
  std::promise<int> done;
  auto exchange = std::make_shared<Repeating>(engine, 1000, done);
  exchange->request.url = server.url();
  engine.start(exchange);
  auto good = done.get_future();
  ASSERT_EQ(good.wait_for(30s), std::future_status::ready);
  EXPECT_EQ(good.get(), 1000);
}

}  // namespace
}  // namespace fulfilld
