// SPDX-License-Identifier: Apache-2.0
#include "runtime/ingress/connection_socket.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <new>
#include <string>

#include "runtime/ingress/answer.hpp"

namespace fulfilld {
namespace {

/// Most clients close at once when they have their last answer: they are not worth a hand-over.
constexpr std::chrono::milliseconds quick_finish{20};

/// More empty lines than that before a request are none: whoever sends them is held to the time of a request.
constexpr int most_empty_lines = 64;

/// What we say where Poco says something of its own: the same status, as JSON.
Answer instead_of(std::string_view bytes) {
  const bool our_fault = bytes.find(" 50") == std::string_view("HTTP/1.1").size();
  return error_answer(our_fault ? Reason::internal_error : Reason::bad_request);
}

bool is_interim(std::string_view bytes) { return bytes.find(" 100 ") == std::string_view("HTTP/1.1").size(); }

}  // namespace

ConnectionSocket::ConnectionSocket(const ConnectionServices& services, int descriptor,
                                   const Poco::Net::SocketAddress& peer)
    : services_(services), connection_(descriptor), peer_(peer) {
  services_.watchdog.watch(connection_);
}

bool ConnectionSocket::enter(Phase phase) noexcept {
  if (!connection_.enter(phase)) return false;
  entered_ = phase;
  return true;
}

void ConnectionSocket::send_answer(std::string_view bytes, bool last) {
  if (!enter(Phase::answering)) return say_that_it_was_cut();
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

bool ConnectionSocket::after_read() noexcept {
  request_open_ = true;
  if (!awaiting_first_byte_) return true;
  awaiting_first_byte_ = false;
  return enter(Phase::reading);
}

void ConnectionSocket::await_first_byte() noexcept {
  awaiting_first_byte_ = true;
  empty_lines_ = 0;
  if (connection_.stamp().phase == Phase::queued) static_cast<void>(enter(Phase::fresh));
}

int ConnectionSocket::without_empty_lines(void* bytes, int size) noexcept {
  if (!awaiting_first_byte_ || empty_lines_ > most_empty_lines) return size;
  auto* const begin = static_cast<char*>(bytes);
  const auto* const end = begin + size;
  const auto* const request = std::find_if(begin, begin + size, [](char c) { return c != '\r' && c != '\n'; });
  empty_lines_ += static_cast<int>(request - begin);
  if (request != begin) std::copy(request, end, begin);
  return static_cast<int>(end - request);
}

bool ConnectionSocket::shake_hands(AcceptedTlsSocket& tls) {
  // Whoever goes without a byte only looked whether somebody listens.
  char first = 0;
  if (::recv(connection_.descriptor(), &first, 1, MSG_PEEK) <= 0 || !enter(Phase::reading)) return false;
  const auto failed = tls.make_handshake();
  if (!failed) return enter(Phase::fresh);

  const auto why = connection_.stamp().phase == Phase::cut ? HandshakeFailure::too_slow : failed->why;
  services_.report.handshake_failed(why, peer_.host().toString(), failed->detail);
  if (why == HandshakeFailure::plain_http) {
    std::string answer;
    append_http(answer, error_answer(Reason::bad_request, "This port speaks HTTPS: the URL must begin with https://"),
                {.last = true});
    send_last_words(connection_.descriptor(), answer);
  }
  last_answer_sent_ = true;  // be it an alert
  return false;
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
    if (connection_.stamp().phase == Phase::cut)
      say_that_it_was_cut();
    else if (request_open_)
      send_in_place_of({});
  } catch (const std::exception&) {
    last_answer_sent_ = false;  // nobody is there who could finish
  }
  if (last_answer_sent_ && enter(Phase::ending)) let_client_finish();
  leave_watchdog();
}

void ConnectionSocket::say_that_it_was_cut() {
  if (last_answer_sent_ || !can_send()) return;
  const bool draining = services_.watchdog.draining();
  std::string answer;
  const auto say = [&answer](const Answer& what) { append_http(answer, what, {.last = true}); };
  if (draining && (request_open_ || entered_ == Phase::fresh)) {
    say(refusal_answer(Admission::shutting_down()));
  } else if (entered_ == Phase::reading) {
    say(error_answer(Reason::request_timeout));
  } else if (entered_ == Phase::fresh && (request_open_ || services_.watchdog.crowded())) {
    say(refusal_answer({Reason::overloaded, std::chrono::seconds{1}, "connections: no request came, and others wait"}));
  } else {
    return;  // a kept connection may end at any time: a request that was on its way is sent again
  }
  request_open_ = false;
  last_answer_sent_ = true;
  send(answer.data(), static_cast<int>(answer.size()));
  end_sending();
}

void ConnectionSocket::leave_watchdog() noexcept {
  if (watched_) services_.watchdog.forget(connection_);
  watched_ = false;
}

void ConnectionSocket::let_client_finish() noexcept {
  using std::chrono::steady_clock;
  end_sending();
  std::array<char, 4096> waste;
  const auto until = steady_clock::now() + quick_finish;
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - steady_clock::now()).count();
    pollfd readable{connection_.descriptor(), POLLIN, 0};
    if (left <= 0 || ::poll(&readable, 1, static_cast<int>(left)) <= 0) break;
    if (::recv(connection_.descriptor(), waste.data(), waste.size(), MSG_DONTWAIT) <= 0) return;
  }
  // The thread has better things to do than to wait for this client.
  try {
    Descriptor connection(::fcntl(connection_.descriptor(), F_DUPFD_CLOEXEC, 0));
    if (connection.open()) services_.lingering.linger(std::move(connection));
  } catch (const std::bad_alloc&) {  // it is closed at once then
  }
}

Poco::Net::SocketImpl* make_connection_socket(const ConnectionServices& services, int descriptor,
                                              const Poco::Net::SocketAddress& peer,
                                              const Poco::Net::Context::Ptr& tls) {
  using Poco::Net::StreamSocketImpl;
  if (!tls) return new WatchedSocket<StreamSocketImpl>(services, descriptor, peer, descriptor);
  return new WatchedSocket<AcceptedTlsSocket>(services, descriptor, peer, descriptor, tls);
}

}  // namespace fulfilld
