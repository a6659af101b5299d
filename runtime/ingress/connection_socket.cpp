// SPDX-License-Identifier: Apache-2.0
#include "runtime/ingress/connection_socket.hpp"

#include <Poco/AutoPtr.h>
#include <Poco/Net/SecureStreamSocketImpl.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "runtime/ingress/answer.hpp"

namespace fulfilld {
namespace {

constexpr std::chrono::milliseconds finish_time{1000};
constexpr std::size_t finish_bytes = 64 * 1024;

/// What we say where Poco says something of its own: the same status, as JSON.
Answer instead_of(std::string_view bytes) {
  const bool our_fault = bytes.find(" 50") == std::string_view("HTTP/1.1").size();
  return error_answer(our_fault ? Reason::internal_error : Reason::bad_request);
}

/// The server's side of a TLS connection; the handshake is made by the first read, on the connection's own thread.
struct AcceptedTlsSocket : Poco::Net::SecureStreamSocketImpl {
  AcceptedTlsSocket(Poco::Net::StreamSocketImpl* plain, const Poco::Net::Context::Ptr& context)
      : SecureStreamSocketImpl(plain, context) {
    acceptSSL();
  }
};

bool is_interim(std::string_view bytes) { return bytes.find(" 100 ") == std::string_view("HTTP/1.1").size(); }

}  // namespace

ConnectionSocket::ConnectionSocket(ConnectionWatchdog& watchdog, int descriptor, const Poco::Net::SocketAddress& peer)
    : watchdog_(watchdog), connection_(descriptor), peer_(peer) {
  watchdog_.watch(connection_);
}

void ConnectionSocket::send_answer(std::string_view bytes, bool last) {
  if (!enter(Phase::answering)) return;
  send(bytes.data(), static_cast<int>(bytes.size()));
  request_open_ = false;
  if (last) {
    last_answer_sent_ = true;
  } else {
    static_cast<void>(enter(Phase::waiting));  // if cut, the next read says so
  }
}

bool ConnectionSocket::before_read() noexcept {
  if (awaiting_first_byte_) return true;
  const auto phase = connection_.stamp().phase;
  return phase == Phase::reading || enter(Phase::reading);
}

bool ConnectionSocket::after_read(int received) noexcept {
  if (received <= 0) return true;
  request_open_ = true;
  if (!awaiting_first_byte_) return true;
  awaiting_first_byte_ = false;
  return enter(Phase::reading);
}

void ConnectionSocket::await_first_byte() noexcept {
  awaiting_first_byte_ = true;
  if (connection_.stamp().phase == Phase::queued) static_cast<void>(enter(Phase::waiting));
}

void ConnectionSocket::send_in_place_of(std::string_view bytes) {
  if (is_interim(bytes)) {
    send(bytes.data(), static_cast<int>(bytes.size()));
  } else {
    scratch_.answer.clear();
    append_http(scratch_.answer, instead_of(bytes), {.last = true});
    send_answer(scratch_.answer, true);
  }
}

void ConnectionSocket::before_close() noexcept {
  try {
    if (request_open_) send_in_place_of({});
  } catch (const std::exception&) {
    last_answer_sent_ = false;  // nobody is there who could finish
  }
  if (last_answer_sent_ && enter(Phase::ending)) let_client_finish();
  leave_watchdog();
}

void ConnectionSocket::leave_watchdog() noexcept {
  if (watched_) watchdog_.forget(connection_);
  watched_ = false;
}

void ConnectionSocket::let_client_finish() noexcept {
  using std::chrono::steady_clock;
  ::shutdown(connection_.descriptor(), SHUT_WR);
  std::array<char, 4096> waste;
  const auto until = steady_clock::now() + finish_time;
  for (std::size_t total = 0; total < finish_bytes;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - steady_clock::now()).count();
    pollfd readable{connection_.descriptor(), POLLIN, 0};
    if (left <= 0 || ::poll(&readable, 1, static_cast<int>(left)) <= 0) return;
    const auto received = ::recv(connection_.descriptor(), waste.data(), waste.size(), MSG_DONTWAIT);
    if (received <= 0) return;
    total += static_cast<std::size_t>(received);
  }
}

Poco::Net::SocketImpl* make_connection_socket(ConnectionWatchdog& watchdog, int descriptor,
                                              const Poco::Net::SocketAddress& peer,
                                              const Poco::Net::Context::Ptr& tls) {
  using Poco::Net::StreamSocketImpl;
  if (!tls) return new WatchedSocket<StreamSocketImpl>(watchdog, descriptor, peer, descriptor);
  Poco::AutoPtr<StreamSocketImpl> plain(new StreamSocketImpl(descriptor));
  return new WatchedSocket<AcceptedTlsSocket>(watchdog, descriptor, peer, plain.get(), tls);
}

}  // namespace fulfilld
