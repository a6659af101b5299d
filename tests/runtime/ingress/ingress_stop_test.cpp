// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/runtime/ingress/ingress_fixture.hpp"

namespace fulfilld {
namespace {

using std::chrono::seconds;

/// A journal that answers when it is told, and tells when it was asked.
struct HeldJournal {
  FakeJournal::Accept accept() {
    return [this](const Execution& execution) {
      asked.set_value();
      commit.get_future().wait_for(seconds(20));
      return AcceptAnswer{AcceptAnswer::Status::accepted, execution.id};
    };
  }
  std::promise<void> asked;
  std::promise<void> commit;
};

TEST(IngressStop, FinishesARequestThatWaitsForTheJournal) {
  HeldJournal held;
  IngressUnderTest server({}, held.accept());
  RawClient client(server.ingress.port());
  client.send(post(execute_body("f-1")));
  ASSERT_EQ(held.asked.get_future().wait_for(seconds(20)), std::future_status::ready);
  server.ingress.stop_accepting();
  EXPECT_THROW(RawClient{server.ingress.port()}, std::runtime_error);
  std::thread stopping([&] { server.ingress.stop(); });
  held.commit.set_value();
  const auto answer = client.receive();
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(answer.header("Connection"), "close");
  EXPECT_TRUE(client.ends());
  stopping.join();
}

TEST(IngressStop, LetsARequestThatIsBeingReceivedEnd) {
  IngressUnderTest server;
  RawClient client(server.ingress.port());
  client.send(request("GET", "/healthz"));  // its answer proves that the connection has its thread
  EXPECT_EQ(client.receive().status, 200);
  const auto whole = post(execute_body("f-1"));
  client.send(whole.substr(0, 40));
  server.ingress.stop_accepting();
  client.send(whole.substr(40));
  const auto answer = client.receive();
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(answer.header("Connection"), "close");
}

TEST(IngressStop, EndsIdleConnections) {
  IngressUnderTest server;
  RawClient client(server.ingress.port());
  client.send(request("GET", "/healthz"));
  EXPECT_EQ(client.receive().status, 200);
  server.ingress.stop_accepting();
  EXPECT_TRUE(client.ends());
}

TEST(IngressStop, CutsHalfSentRequests) {
  IngressUnderTest server;
  RawClient client(server.ingress.port());
  client.send(request("GET", "/healthz"));
  EXPECT_EQ(client.receive().status, 200);
  client.send(post(execute_body("f-1")).substr(0, 40));
  server.ingress.stop();
  static_cast<void>(client.receive());
  EXPECT_TRUE(client.ends());
  server.ingress.stop();
}

TEST(IngressStop, NeedsNoStart) {
  FakeJournal journal;
  const StandingClock clock;
  EventLog events;
  Admission admission({}, {}, clock);
  const HostAllowList allowed(genesys_api_hosts());
  Ingress ingress(IngressUnderTest::options({}), journal, admission, allowed, events, {});
  ingress.stop();
}

TEST(IngressStop, StopsUnderLoadWithoutLosingAnAnswer) {
  for (int round = 0; round < 10; ++round) {
    IngressUnderTest server;
    std::atomic<std::size_t> acknowledged{0};
    std::atomic<int> running{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t) {
      threads.emplace_back([&] {
        try {
          RawClient client(server.ingress.port());
          while (client.send(post(execute_body()))) {
            if (client.receive().status != 202) return;
            ++acknowledged;
            ++running;
          }
        } catch (const std::runtime_error&) {
        }
      });
    }
    while (running < 50) std::this_thread::yield();
    server.ingress.stop();
    for (auto& thread : threads) thread.join();
    EXPECT_LE(acknowledged, server.journal.accepted().size());
    EXPECT_LE(server.journal.accepted().size(), acknowledged + 8) << "more than one per client";
  }
}

}  // namespace
}  // namespace fulfilld
