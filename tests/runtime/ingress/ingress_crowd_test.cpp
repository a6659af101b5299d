// SPDX-License-Identifier: Apache-2.0
// More connections than there are places.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/runtime/ingress/ingress_fixture.hpp"

namespace fulfilld {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

ServerSettings with_places(std::size_t number) {
  ServerSettings settings;
  settings.max_connections = number;
  return settings;
}

/// Keeps every request until it is told, and tells when the first ones have come.
class HeldRequests {
 public:
  FakeJournal::Accept accept() {
    return [this](const Execution& execution) {
      if (execution.id == "held") {
        ++held_;
        held_.notify_all();
        released_.wait();
      }
      return AcceptAnswer{AcceptAnswer::Status::accepted, execution.id};
    };
  }
  void wait_for(int number) {
    for (int now = held_; now < number; now = held_) held_.wait(now);
  }
  void release() { release_.set_value(); }

 private:
  std::atomic<int> held_{0};
  std::promise<void> release_;
  std::shared_future<void> released_ = release_.get_future().share();
};

/// A client whose request keeps its place.
std::unique_ptr<RawClient> holding(const IngressUnderTest& server) {
  auto client = std::make_unique<RawClient>(server.ingress.port());
  client->send(post(execute_body("held")));
  return client;
}

/// Clients that have sent a request each, and wait for a place.
std::vector<std::unique_ptr<RawClient>> waiting_behind(const IngressUnderTest& server, int number) {
  std::vector<std::unique_ptr<RawClient>> waiting;
  for (int i = 0; i < number; ++i) {
    waiting.push_back(std::make_unique<RawClient>(server.ingress.port()));
    waiting.back()->send(post(execute_body("f-" + std::to_string(i))));
  }
  return waiting;
}

TEST(IngressCrowd, WaitsForAPlace) {
  HeldRequests requests;
  IngressUnderTest server(with_places(1), requests.accept());
  const auto first = holding(server);
  requests.wait_for(1);
  const auto others = waiting_behind(server, 100);
  requests.release();
  EXPECT_EQ(first->receive().status, 202);
  for (const auto& other : others) EXPECT_EQ(other->receive().status, 202);
}

TEST(IngressCrowd, CutsNoPostOfFourHundredConnections) {
  IngressUnderTest server(with_places(32));
  constexpr int clients = 400;
  constexpr int posts = 20;
  std::atomic<int> taken{0};
  std::atomic<int> cut{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      struct Client {
        std::unique_ptr<RawClient> connection;
        bool kept = false;
      };
      std::vector<Client> mine(clients / 8);
      const auto send_to = [&](Client& client) {
        client.kept = client.connection != nullptr;
        if (!client.kept) client.connection = std::make_unique<RawClient>(server.ingress.port());
        client.connection->send(post(execute_body()));
      };
      for (int round = 0; round < posts; ++round) {
        for (auto& client : mine) send_to(client);
        for (auto& client : mine) {
          auto answer = client.connection->receive();
          if (answer.status == 0 && client.kept) {
            // It had been idle for too long while others waited. Every client sends again what went into a kept
            // connection that ends without a word: it was not taken.
            client.connection.reset();
            send_to(client);
            answer = client.connection->receive();
          }
          ++(answer.status == 202 ? taken : cut);
          if (answer.header("Connection") == "close" || answer.status == 0) client.connection.reset();
        }
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(cut, 0);
  EXPECT_EQ(taken, clients * posts);
}

TEST(IngressCrowd, IsAnswered503WhereNoPlaceBecomesFreeInTime) {
  HeldRequests requests;
  IngressUnderTest server(with_places(1), requests.accept(), {}, {.guests = 10, .patience = milliseconds(300)});
  auto first = holding(server);
  requests.wait_for(1);
  const auto answer = server.answer_to(post(execute_body("f", '"' + std::string(900000, 'x') + '"')));
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.member("code"), "overloaded");
  EXPECT_EQ(answer.header("Retry-After"), "1");
  EXPECT_EQ(answer.header("Connection"), "close");
  EXPECT_THAT(answer.header("Date"), HasSubstr("GMT"));
  EXPECT_EQ(server.events.turned_away_so_far(), 1);
  requests.release();
  EXPECT_EQ(first->receive().status, 202);
  first.reset();  // it would keep its place
  EXPECT_EQ(server.answer_to(post(execute_body())).status, 202);
  EXPECT_EQ(server.journal.accepted().size(), 2u);
}

TEST(IngressCrowd, IsAnswered503WhereTheLineIsFull) {
  HeldRequests requests;
  IngressUnderTest server(with_places(1), requests.accept(), {}, {.guests = 2, .patience = std::chrono::hours(1)});
  const auto first = holding(server);
  requests.wait_for(1);
  const auto waiting = waiting_behind(server, 2);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(server.answer_to(post(execute_body())).status, 503);
  EXPECT_EQ(server.events.turned_away_so_far(), 5);
  const auto lines = server.events.events();
  EXPECT_EQ(std::count_if(lines.begin(), lines.end(),
                          [](const auto& line) { return line.find("answered 503") != std::string::npos; }),
            1)
      << "one line for all of a minute";
  requests.release();
  EXPECT_EQ(first->receive().status, 202);
  for (const auto& client : waiting) EXPECT_EQ(client->receive().status, 202);
}

TEST(IngressCrowd, KeepsNoProbeWaiting) {
  HeldRequests requests;
  IngressUnderTest server(with_places(1), requests.accept(), {}, {.guests = 100, .patience = std::chrono::hours(1)});
  const auto first = holding(server);
  requests.wait_for(1);
  const auto waiting = waiting_behind(server, 50);
  for (int i = 0; i < 20; ++i) {
    RawClient silent(server.ingress.port());
    EXPECT_EQ(server.answer_to(request("GET", "/healthz")).status, 200);
    RawClient head(server.ingress.port());
    head.send(request("HEAD", "/readyz"));
    EXPECT_THAT(head.receive_head(), testing::StartsWith("HTTP/1.1 200 "));
  }
  EXPECT_TRUE(server.journal.accepted().empty());
  requests.release();
  EXPECT_EQ(first->receive().status, 202);
  for (const auto& client : waiting) EXPECT_EQ(client->receive().status, 202);
}

TEST(IngressCrowd, ThatWaitsHearsThatTheServiceStops) {
  HeldRequests requests;
  IngressUnderTest server(with_places(1), requests.accept());
  const auto first = holding(server);
  requests.wait_for(1);
  RawClient waiting(server.ingress.port());
  waiting.send(post(execute_body()));
  while (server.ingress.waiting() == 0) std::this_thread::yield();
  server.ingress.stop_accepting();
  const auto answer = waiting.receive();
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.member("code"), "shutting_down");
  requests.release();
  EXPECT_EQ(first->receive().status, 202);
}

}  // namespace
}  // namespace fulfilld
