// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Poco/Net/Context.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/ServerSocketImpl.h>

#include <string>

#include "runtime/ingress/connection_watchdog.hpp"

namespace fulfilld {

/// Accepts connections as watched sockets (`ConnectionSocket`).
class ListeningSocketImpl final : public Poco::Net::ServerSocketImpl {
 public:
  /// `tls` null: plain TCP. `send_timeout` bounds each wait for a client that does not read its answers.
  ListeningSocketImpl(ConnectionWatchdog& watchdog, Poco::Net::Context::Ptr tls, Poco::Timespan send_timeout)
      : watchdog_(watchdog), tls_(std::move(tls)), send_timeout_(send_timeout) {}

  Poco::Net::SocketImpl* acceptConnection(Poco::Net::SocketAddress& client) override;
  bool poll(const Poco::Timespan& timeout, int mode) override;

 private:
  ConnectionWatchdog& watchdog_;
  const Poco::Net::Context::Ptr tls_;
  const Poco::Timespan send_timeout_;
};

/// The handle that Poco's server takes.
class ListeningSocket final : public Poco::Net::ServerSocket {
 public:
  /// Takes over `implementation`, binds and listens. Throws Poco::Exception. SO_REUSEPORT stays off, so that a second
  /// process cannot take half of the connections unnoticed.
  ListeningSocket(ListeningSocketImpl* implementation, const std::string& address, std::uint16_t port);
};

/// A server context: TLS 1.2 or later, certificate chain and key from PEM files. Throws Poco::Exception.
[[nodiscard]] Poco::Net::Context::Ptr make_tls_context(const std::string& certificate_file,
                                                       const std::string& key_file);

}  // namespace fulfilld
