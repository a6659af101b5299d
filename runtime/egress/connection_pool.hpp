// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "runtime/egress/alarm_queue.hpp"
#include "runtime/egress/asio_http_engine.hpp"
#include "runtime/egress/attempt.hpp"
#include "runtime/egress/connection.hpp"
#include "runtime/egress/resolver.hpp"
#include "runtime/egress/tls_client.hpp"
#include "runtime/egress/wake_up.hpp"

namespace fulfilld {

/// What connections to one scheme, host and port have in common.
struct Origin {
  std::string key;  ///< Url::origin
  std::string host;
  std::uint16_t port = 0;
  bool tls = false;
  std::size_t connections = 0;      ///< open or being opened
  std::vector<Connection*> idle{};  ///< the one used last is used next, so that those too many grow old
  TlsSession session{};
  bool speaks_http = false;    ///< it has answered
  bool speaks_tls = false;     ///< where plain HTTP was meant; found by the last look
  MonotonicTime look_again{};  ///< not before that whether it does
};

/// All connections of the engine, by origin, with the one heap of their time limits. Loop thread only.
class ConnectionPool {
 public:
  ConnectionPool(boost::asio::io_context& context, EgressSettings settings);

  /// Makes the attempt, over an idle connection if there is one.
  void start(Attempt attempt);
  void start_on_new(Attempt attempt);

  /// Ends everything with `cancelled`; what is started from now on ends so at once.
  void stop();

  // For the connections.
  void watch(Connection& connection, MonotonicTime when);  ///< one alarm each; a new one replaces the old
  [[nodiscard]] bool keep(Connection& connection);         ///< idle from now on; false: there are too many
  void forget(Connection& connection);                     ///< it is closed
  void cancel_lookup(const Origin& origin, Resolver::Ticket ticket);
  /// For how long a connection is kept unused, where that `limit` is ours.
  [[nodiscard]] static std::chrono::milliseconds idle_time(std::chrono::milliseconds limit,
                                                           std::optional<std::chrono::seconds> told_by_peer) noexcept;
  /// The line that every request carries unless its maker has one of his own; empty for none.
  [[nodiscard]] const std::string& user_agent() const noexcept { return user_agent_; }
  [[nodiscard]] Resolver& resolver() noexcept { return *resolver_; }
  [[nodiscard]] TlsClient& tls() noexcept { return tls_; }

 private:
  static constexpr std::size_t origins_remembered = 256;  ///< for their TLS sessions

  Origin& origin_of(const Url& url);
  void run_due();

  boost::asio::io_context& context_;
  const EgressSettings settings_;
  const std::string user_agent_;
  TlsClient tls_;
  std::optional<Resolver> resolver_;
  std::unordered_map<std::string, std::unique_ptr<Origin>> origins_;
  std::vector<std::shared_ptr<Connection>> connections_;
  std::size_t idle_ = 0;
  AlarmQueue<Connection*> alarms_;
  WakeUp wake_up_;
  bool stopped_ = false;
};

}  // namespace fulfilld
