// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <unordered_set>

#include "runtime/ingress/connection.hpp"

namespace fulfilld {

/// Time limits of a connection, and how many may be served at once.
struct ConnectionLimits {
  std::chrono::milliseconds request;     ///< from the first byte of a request to its last, and for sending an answer
  std::chrono::milliseconds keep_alive;  ///< between two requests
  std::size_t max_connections;           ///< more than that are not served at once
};

/// Knows all connections and cuts those that take too long: Poco's own time limit is per read, so that a client
/// that sends a byte a second would hold a thread for ever. One thread, asleep while there are no connections.
class ConnectionWatchdog {
 public:
  static constexpr std::size_t places_for_probes = 4;

  /// `place_freed` is called whenever a connection has gone while others wait, under a lock: it must be quick.
  explicit ConnectionWatchdog(const ConnectionLimits& limits, std::function<void()> place_freed = {});
  ConnectionWatchdog(const ConnectionWatchdog&) = delete;
  ConnectionWatchdog& operator=(const ConnectionWatchdog&) = delete;
  ~ConnectionWatchdog();

  /// Any thread. The connection is forgotten before its descriptor is closed.
  void watch(Connection& connection);
  void forget(Connection& connection) noexcept;

  /// True if one more connection can be served.
  [[nodiscard]] bool has_place() const noexcept {
    return count_.load(std::memory_order_relaxed) < limits_.max_connections;
  }

  /// The same for one that wants no more than to know how the service is: a few are served beyond all others.
  [[nodiscard]] bool has_place_for_probe() const noexcept {
    return count_.load(std::memory_order_relaxed) < limits_.max_connections + places_for_probes;
  }

  /// How many connections wait for a place, outside of here. While there are any, those that are served make room.
  void set_waiting(std::size_t number);
  [[nodiscard]] std::size_t waiting() const noexcept { return waiting_.load(std::memory_order_relaxed); }

  /// True if connections wait for a place: the others had better end after their answer.
  [[nodiscard]] bool crowded() const noexcept { return waiting_.load(std::memory_order_relaxed) > 0; }

  /// From now on no connection is kept open between two requests.
  void drain();
  [[nodiscard]] bool draining() const noexcept { return draining_.load(std::memory_order_relaxed); }

  /// From now on only connections live in which a complete request is being worked on or answered.
  void cut_unfinished_requests();

 private:
  void run();
  void sweep(Connection::Time now);
  [[nodiscard]] bool overdue(const Connection::Stamp& stamp, Connection::Time now) const noexcept;
  void make_room(Connection::Time now);

  const ConnectionLimits limits_;
  const std::chrono::milliseconds period_;
  const std::function<void()> place_freed_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::unordered_set<Connection*> connections_;
  std::atomic<std::size_t> count_{0};
  std::atomic<std::size_t> waiting_{0};
  std::atomic<bool> draining_{false};
  bool cutting_ = false;
  bool stopping_ = false;
  std::thread thread_;  ///< last: it uses all of the above
};

}  // namespace fulfilld
