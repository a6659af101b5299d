// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>  // boost/asio/awaitable.hpp of 1.74 uses std::exchange without it

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <memory>

#include "tests/simulator/wire_socket.hpp"

namespace boost::asio::ssl {
class context;
}

namespace fulfilld::simulator {

using boost::system::error_code;

/// A connected client, with or without TLS. Closed by the destructor.
class Peer {
 public:
  virtual ~Peer() = default;

  /// TLS handshake; nothing without TLS.
  virtual asio::awaitable<void> handshake(error_code& error) = 0;
  virtual asio::awaitable<std::size_t> read_some(asio::mutable_buffer buffer, error_code& error) = 0;
  virtual asio::awaitable<void> write(asio::const_buffer bytes, error_code& error) = 0;

  /// Waits for the timer (or its cancellation), or until the client goes away. True: it went away.
  asio::awaitable<bool> leaves_before(asio::steady_timer& timer);

  /// Reads and drops what comes, below TLS, until the client goes away.
  asio::awaitable<void> ignore();

  /// What lies below TLS.
  virtual WireSocket& wire() = 0;

  /// Ends the connection orderly.
  void close();

  /// Ends the connection by RST.
  void reset();

 protected:
  explicit Peer(bool tls) : tls_(tls) {}

 private:
  [[nodiscard]] asio::ip::tcp::socket& socket() { return wire().socket(); }
  [[nodiscard]] bool has_left();

  const bool tls_;
};

/// `tls` null: plain TCP. Otherwise it outlives the peer.
[[nodiscard]] std::unique_ptr<Peer> make_peer(asio::ip::tcp::socket socket, asio::ssl::context* tls);

}  // namespace fulfilld::simulator
