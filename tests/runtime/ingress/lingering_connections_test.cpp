// SPDX-License-Identifier: Apache-2.0
#include "runtime/ingress/lingering_connections.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>

namespace fulfilld {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// A TCP connection on loopback; every wait of the client is limited to 20 s.
struct Pair {
  Pair() {
    const Descriptor listener(::socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* const raw = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener.get(), raw, size) != 0 || ::listen(listener.get(), 1) != 0 ||
        ::getsockname(listener.get(), raw, &size) != 0 || ::connect(client.get(), raw, size) != 0)
      throw std::runtime_error("no connection on loopback");
    server = Descriptor(::accept(listener.get(), nullptr, nullptr));
    const timeval limit{20, 0};
    ::setsockopt(client.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    ::setsockopt(client.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
  }

  /// False once the connection is broken.
  [[nodiscard]] bool send(std::size_t bytes) const {
    const std::string piece(std::min<std::size_t>(bytes, 65536), 'x');
    for (std::size_t sent = 0; sent < bytes;) {
      const auto now = ::send(client.get(), piece.data(), std::min(piece.size(), bytes - sent), MSG_NOSIGNAL);
      if (now <= 0) return false;
      sent += static_cast<std::size_t>(now);
    }
    return true;
  }

  /// Everything up to the end of the server's side.
  [[nodiscard]] std::string receive() const {
    std::string all;
    std::array<char, 4096> piece;
    for (;;) {
      const auto received = ::recv(client.get(), piece.data(), piece.size(), 0);
      if (received < 0) return all + " and then error " + std::to_string(errno);
      if (received == 0) return all;
      all.append(piece.data(), static_cast<std::size_t>(received));
    }
  }

  void close_client() { client = Descriptor(); }

  Descriptor client{::socket(AF_INET, SOCK_STREAM, 0)};
  Descriptor server;
};

/// Waits until that many linger, for 20 s at most.
bool comes_to(const LingeringConnections& lingering, std::size_t number) {
  const auto until = steady_clock::now() + std::chrono::seconds(20);
  while (lingering.size() != number && steady_clock::now() < until) std::this_thread::yield();
  return lingering.size() == number;
}

TEST(LingeringConnections, LetAClientSendAllAndSeeItsAnswer) {
  LingeringConnections lingering;
  Pair pair;
  send_last_words(pair.server.get(), "answer");
  lingering.linger(std::move(pair.server));
  EXPECT_TRUE(pair.send(20 << 20));
  EXPECT_EQ(pair.receive(), "answer");
  EXPECT_EQ(lingering.size(), 1u);
  pair.close_client();
  EXPECT_TRUE(comes_to(lingering, 0));
}

TEST(LingeringConnections, EndWithTheBytesThatAreReadOn) {
  LingeringConnections lingering({.bytes = 100000});
  Pair pair;
  lingering.linger(std::move(pair.server));
  EXPECT_FALSE(pair.send(std::size_t{1} << 30));
  EXPECT_TRUE(comes_to(lingering, 0));
}

TEST(LingeringConnections, EndWithSilence) {
  LingeringConnections lingering({.silence = milliseconds(50)});
  Pair pair;
  lingering.linger(std::move(pair.server));
  EXPECT_TRUE(comes_to(lingering, 0));
}

TEST(LingeringConnections, EndInTimeHoweverMuchIsSent) {
  LingeringConnections lingering({.total = milliseconds(100), .silence = milliseconds(50)});
  Pair pair;
  lingering.linger(std::move(pair.server));
  const auto begun = steady_clock::now();
  while (pair.send(1)) std::this_thread::sleep_for(milliseconds(1));
  EXPECT_LT(steady_clock::now() - begun, std::chrono::seconds(10));
}

TEST(LingeringConnections, MakeRoomByTheOldest) {
  LingeringConnections lingering({.connections = 2});
  Pair first;
  Pair second;
  Pair third;
  for (auto* pair : {&first, &second, &third}) lingering.linger(std::move(pair->server));
  EXPECT_EQ(lingering.size(), 2u);
  EXPECT_EQ(first.receive(), "");
  second.close_client();
  third.close_client();
  EXPECT_TRUE(comes_to(lingering, 0));
}

TEST(LingeringConnections, AnswerOnceTheRequestHasBegun) {
  LingeringConnections lingering;
  Pair pair;
  lingering.turn_away(std::move(pair.server), "come back later");
  char nothing = 0;
  EXPECT_EQ(::recv(pair.client.get(), &nothing, 1, MSG_DONTWAIT), -1) << "it was answered before it asked";
  EXPECT_TRUE(pair.send(1000000));
  EXPECT_EQ(pair.receive(), "come back later");
}

TEST(LingeringConnections, AnswerThoseWhoNeverAskBeforeTheyEnd) {
  LingeringConnections lingering({.silence = milliseconds(50)});
  Pair pair;
  lingering.turn_away(std::move(pair.server), "come back later");
  EXPECT_EQ(pair.receive(), "come back later");
}

TEST(LingeringConnections, EndWhenTheyAreStopped) {
  LingeringConnections lingering;
  Pair before;
  lingering.turn_away(std::move(before.server), "bye");
  lingering.stop();
  EXPECT_EQ(before.receive(), "bye");
  Pair after;
  lingering.turn_away(std::move(after.server), "bye");
  EXPECT_EQ(after.receive(), "bye");
  EXPECT_EQ(lingering.size(), 0u);
}

}  // namespace
}  // namespace fulfilld
