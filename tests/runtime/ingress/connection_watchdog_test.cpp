// SPDX-License-Identifier: Apache-2.0
#include "runtime/ingress/connection_watchdog.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <thread>

namespace fulfilld {
namespace {

using std::chrono::milliseconds;

/// Two ends of a connection; a read at the server's end returns when the watchdog cuts it.
struct SocketPair {
  SocketPair() {
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) != 0) ends = {-1, -1};
    const timeval limit{20, 0};
    ::setsockopt(server(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  }
  ~SocketPair() {
    ::close(ends[0]);
    ::close(ends[1]);
  }
  [[nodiscard]] int server() const { return ends[0]; }
  [[nodiscard]] int client() const { return ends[1]; }
  /// True if a read at the server's end meets the end of the stream, in 20 s at most.
  [[nodiscard]] bool ended() const {
    char byte = 0;
    return ::recv(server(), &byte, 1, 0) == 0;
  }
  std::array<int, 2> ends{};
};

/// A connection that is watched for as long as it lives.
struct Watched {
  Watched(ConnectionWatchdog& by, const SocketPair& sockets) : watchdog(by), connection(sockets.server()) {
    watchdog.watch(connection);
  }
  ~Watched() { watchdog.forget(connection); }
  ConnectionWatchdog& watchdog;
  Connection connection;
};

constexpr milliseconds never{std::chrono::hours(1)};

TEST(ConnectionWatchdog, CutsAReaderAtTheRequestLimit) {
  ConnectionWatchdog watchdog({.request = milliseconds(50), .keep_alive = never, .max_connections = 10});
  const SocketPair sockets;
  Watched watched(watchdog, sockets);
  ASSERT_TRUE(watched.connection.enter(Phase::reading));
  EXPECT_TRUE(sockets.ended());
  EXPECT_EQ(watched.connection.stamp().phase, Phase::cut);
  EXPECT_FALSE(watched.connection.enter(Phase::working)) << "a request was both cut and complete";
}

TEST(ConnectionWatchdog, CutsNobodyWhoIsWorking) {
  ConnectionWatchdog watchdog({.request = milliseconds(20), .keep_alive = milliseconds(20), .max_connections = 10});
  const SocketPair working;
  const SocketPair reading;
  Watched patient(watchdog, working);
  ASSERT_TRUE(patient.connection.enter(Phase::working));
  for (int i = 0; i < 3; ++i) {  // three others come and are cut meanwhile
    const SocketPair sockets;
    Watched other(watchdog, sockets);
    ASSERT_TRUE(other.connection.enter(Phase::reading));
    EXPECT_TRUE(sockets.ended());
  }
  EXPECT_TRUE(patient.connection.enter(Phase::answering));
}

TEST(ConnectionWatchdog, SparesAWaitingConnectionWhoseRequestHasArrived) {
  ConnectionWatchdog watchdog({.request = never, .keep_alive = never, .max_connections = 10});
  const SocketPair arrived;
  const SocketPair silent;
  Watched busy(watchdog, arrived);
  Watched idle(watchdog, silent);
  ASSERT_TRUE(busy.connection.enter(Phase::waiting));
  ASSERT_TRUE(idle.connection.enter(Phase::waiting));
  ASSERT_EQ(::send(arrived.client(), "x", 1, 0), 1);
  watchdog.drain();
  EXPECT_EQ(idle.connection.stamp().phase, Phase::cut);
  EXPECT_EQ(busy.connection.stamp().phase, Phase::waiting);
  EXPECT_TRUE(busy.connection.enter(Phase::reading));
}

TEST(ConnectionWatchdog, MakesRoomByTheLongestIdleOnly) {
  ConnectionWatchdog watchdog({.request = never, .keep_alive = never, .max_connections = 3});
  const SocketPair old_pair;
  const SocketPair working_pair;
  const SocketPair queued_pair;
  Watched oldest(watchdog, old_pair);
  ASSERT_TRUE(oldest.connection.enter(Phase::waiting));
  Watched working(watchdog, working_pair);
  ASSERT_TRUE(working.connection.enter(Phase::working));
  EXPECT_TRUE(watchdog.has_place());
  Watched queued(watchdog, queued_pair);
  EXPECT_FALSE(watchdog.has_place());
  EXPECT_FALSE(watchdog.crowded());
  watchdog.set_waiting(1);
  EXPECT_TRUE(watchdog.crowded());
  EXPECT_TRUE(old_pair.ended());
  EXPECT_EQ(queued.connection.stamp().phase, Phase::queued);
  EXPECT_EQ(working.connection.stamp().phase, Phase::working);
}

TEST(ConnectionWatchdog, GivesAFreshOneMoreTimeThanOneThatHasHadItsAnswer) {
  ConnectionWatchdog watchdog({.request = never, .keep_alive = never, .max_connections = 2});
  const SocketPair fresh_pair;
  const SocketPair idle_pair;
  Watched fresh(watchdog, fresh_pair);
  ASSERT_TRUE(fresh.connection.enter(Phase::fresh));
  Watched idle(watchdog, idle_pair);
  ASSERT_TRUE(idle.connection.enter(Phase::waiting));
  watchdog.set_waiting(2);
  EXPECT_TRUE(idle_pair.ended());
  EXPECT_EQ(fresh.connection.stamp().phase, Phase::fresh);
  EXPECT_TRUE(fresh_pair.ended());
}

TEST(ConnectionWatchdog, TellsOfAPlaceOnlyWhileSomebodyWaits) {
  std::atomic<int> told{0};
  ConnectionWatchdog watchdog({.request = never, .keep_alive = never, .max_connections = 1}, [&told] { ++told; });
  {
    const SocketPair sockets;
    const Watched leaving(watchdog, sockets);
  }
  EXPECT_EQ(told, 0);
  watchdog.set_waiting(1);
  {
    const SocketPair sockets;
    const Watched leaving(watchdog, sockets);
  }
  EXPECT_EQ(told, 1);
}

TEST(ConnectionWatchdog, LetsOneThatWaitsSayThatItEnds) {
  ConnectionWatchdog watchdog({.request = never, .keep_alive = milliseconds(20), .max_connections = 1});
  const SocketPair sockets;
  Watched idle(watchdog, sockets);
  ASSERT_TRUE(idle.connection.enter(Phase::waiting));
  EXPECT_TRUE(sockets.ended());
  EXPECT_EQ(::send(sockets.server(), "x", 1, MSG_NOSIGNAL), 1);
}

TEST(Connection, IsEitherCutOrCompleteNeverBoth) {
  const SocketPair sockets;
  for (int round = 0; round < 2000; ++round) {
    Connection connection(sockets.server());
    ASSERT_TRUE(connection.enter(Phase::reading));
    const auto seen = connection.stamp();
    bool cut = false;
    std::thread watchdog([&] { cut = connection.cut_if_still(seen); });
    const bool complete = connection.enter(Phase::working);
    watchdog.join();
    EXPECT_NE(cut, complete);
  }
}

}  // namespace
}  // namespace fulfilld
