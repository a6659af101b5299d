// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Poco/Net/Context.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocketImpl.h>

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

#include "runtime/ingress/connection.hpp"
#include "runtime/ingress/connection_watchdog.hpp"
#include "runtime/ingress/door_report.hpp"
#include "runtime/ingress/lingering_connections.hpp"
#include "runtime/ingress/request_scratch.hpp"
#include "runtime/ingress/tls_socket.hpp"

namespace fulfilld {

/// What all connections share. Outlives them.
struct ConnectionServices {
  ConnectionWatchdog& watchdog;
  LingeringConnections& lingering;
  DoorReport& report;
};

/// What the sockets of accepted connections have beyond those of Poco: the watched state, the buffers of the
/// connection, and the sending of a whole answer.
class ConnectionSocket {
 public:
  /// The one behind a Poco socket that `ListeningSocket` accepted.
  static ConnectionSocket& of(Poco::Net::SocketImpl& socket) { return dynamic_cast<ConnectionSocket&>(socket); }

  virtual ~ConnectionSocket() = default;

  /// Begins `phase`; false if the watchdog has cut the connection.
  [[nodiscard]] bool enter(Phase phase) noexcept;

  /// Sends a whole answer, head and body, at once. After the last one the connection closes: what the client is
  /// still sending is then read and thrown away (`LingeringConnections`), or else it would be told of a reset and not
  /// see the answer. Throws Poco::Exception if the client cannot be reached.
  void send_answer(std::string_view bytes, bool last);

  [[nodiscard]] ConnectionWatchdog& watchdog() noexcept { return services_.watchdog; }
  [[nodiscard]] RequestScratch& scratch() noexcept { return scratch_; }

 protected:
  ConnectionSocket(const ConnectionServices& services, int descriptor, const Poco::Net::SocketAddress& peer);

  virtual void send(const void* bytes, int length) = 0;

  /// False before the handshake.
  [[nodiscard]] virtual bool can_send() const noexcept = 0;

  /// Nothing more is sent: says so, as far as the protocol has a word for it, and ends our side of the connection.
  virtual void end_sending() noexcept = 0;

  /// Makes the handshake of a connection that has not had it. False if it comes to nothing: the client is told if
  /// possible, and so is the log.
  [[nodiscard]] bool shake_hands(AcceptedTlsSocket& tls);

  /// Called before each read and after one that brought something; false: there is nothing (more) to be read.
  [[nodiscard]] bool before_read() noexcept;
  [[nodiscard]] bool after_read() noexcept;

  void await_first_byte() noexcept;

  /// Takes the empty lines before a request (RFC 9112, section 2.2) off the beginning of what has been read; returns
  /// how much is left. Some clients send one after a body.
  [[nodiscard]] int without_empty_lines(void* bytes, int size) noexcept;

  /// Takes the place of what Poco says of its own accord: a bare 400, 500 or 501.
  void send_in_place_of(std::string_view bytes);

  /// Answers a request that Poco gave up on without a word, lets the client finish, and leaves the watchdog.
  void before_close() noexcept;
  void leave_watchdog() noexcept;

  [[nodiscard]] const Poco::Net::SocketAddress& peer() const noexcept { return peer_; }

 private:
  void let_client_finish() noexcept;

  /// What a client hears whose connection the watchdog has cut: of silence a proxy would make a 502.
  void say_that_it_was_cut();

  const ConnectionServices services_;
  Connection connection_;
  const Poco::Net::SocketAddress peer_;
  RequestScratch scratch_;
  bool watched_ = true;
  bool awaiting_first_byte_ = false;
  int empty_lines_ = 0;        ///< bytes of them while a request is awaited
  bool request_open_ = false;  ///< bytes of a request have come that is not answered yet
  bool last_answer_sent_ = false;
  Phase entered_ = Phase::queued;  ///< the last one before it was cut
};

/// A Poco stream socket whose reads are watched, and that saves Poco's HTTP server five of the eight system calls
/// which it makes for each request: `poll` (an epoll set made, filled, waited for and closed), `peerAddress`,
/// `address`.
template <class PocoSocket>
class WatchedSocket final : public PocoSocket, public ConnectionSocket {
  static constexpr bool is_tls = std::is_same_v<PocoSocket, AcceptedTlsSocket>;

 public:
  template <class... Arguments>
  WatchedSocket(const ConnectionServices& services, int descriptor, const Poco::Net::SocketAddress& peer,
                Arguments&&... arguments)
      : PocoSocket(std::forward<Arguments>(arguments)...), ConnectionSocket(services, descriptor, peer) {}

  ~WatchedSocket() override { leave_watchdog(); }

  using PocoSocket::receiveBytes;
  using PocoSocket::sendBytes;

  int receiveBytes(void* buffer, int length, int flags) override {
    if (!before_read()) return 0;
    if constexpr (is_tls) {
      if (!this->handshake_made() && !shake_hands(*this)) return 0;
    }
    for (;;) {
      const int received = PocoSocket::receiveBytes(buffer, length, flags);
      if (received <= 0) return received;
      const int left = without_empty_lines(buffer, received);
      if (left > 0) return after_read() ? left : 0;
    }
  }

  int sendBytes(const void* buffer, int length, int /*flags*/) override {
    send_in_place_of({static_cast<const char*>(buffer), static_cast<std::size_t>(length)});
    return length;
  }

  /// Only asked whether a next request comes: the read that follows waits for it, and the watchdog limits the wait.
  bool poll(const Poco::Timespan& /*timeout*/, int /*mode*/) override {
    await_first_byte();
    return true;
  }

  Poco::Net::SocketAddress peerAddress() override { return peer(); }

  /// Nobody asks for our own address; Poco copies it into each request.
  Poco::Net::SocketAddress address() override { return peer(); }

  void close() override {
    if (!this->initialized()) return;
    before_close();
    PocoSocket::close();
  }

 private:
  void send(const void* bytes, int length) override { PocoSocket::sendBytes(bytes, length, MSG_NOSIGNAL); }

  [[nodiscard]] bool can_send() const noexcept override {
    if constexpr (is_tls) return this->handshake_made();
    return true;
  }

  void end_sending() noexcept override {
    if constexpr (is_tls) {
      this->say_close();
    } else {
      ::shutdown(this->sockfd(), SHUT_WR);
    }
  }
};

/// Makes the socket of an accepted connection and has it watched. Owns the descriptor from then on, also if it
/// throws. `tls` null: plain TCP.
[[nodiscard]] Poco::Net::SocketImpl* make_connection_socket(const ConnectionServices& services, int descriptor,
                                                            const Poco::Net::SocketAddress& peer,
                                                            const Poco::Net::Context::Ptr& tls);

}  // namespace fulfilld
