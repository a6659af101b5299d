// SPDX-License-Identifier: Apache-2.0
#include "tests/simulator/listener.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>

namespace fulfilld::simulator {
namespace {

using asio::ip::tcp;

constexpr int usual_backlog = 4096;

/// Tells the record that a connection has ended, however the coroutine ends.
class Connected {
 public:
  Connected(Record& record, Origin origin) : record_(record), origin_(origin), number_(record.connected(origin)) {}
  Connected(const Connected&) = delete;
  Connected& operator=(const Connected&) = delete;
  ~Connected() { record_.disconnected(origin_); }

  [[nodiscard]] std::uint64_t number() const noexcept { return number_; }

 private:
  Record& record_;
  const Origin origin_;
  const std::uint64_t number_;
};

Fault::Cut cut_of(AcceptSettings::Kind kind) {
  using Kind = AcceptSettings::Kind;
  if (kind == Kind::silent) return Fault::Cut::hang;
  if (kind == Kind::reset) return Fault::Cut::reset;
  return kind == Kind::close ? Fault::Cut::close : Fault::Cut::none;
}

}  // namespace

Listener::Listener(asio::io_context& io, Origin origin, std::uint16_t port, asio::ssl::context* tls, Handler handler,
                   Record& record, Signal& release)
    : io_(io),
      origin_(origin),
      endpoint_(asio::ip::address_v4::loopback(), port),
      tls_(tls),
      handler_(std::move(handler)),
      record_(record),
      release_(release),
      acceptor_(io) {
  open();
}

std::string Listener::url() const {
  return (tls_ != nullptr ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(endpoint_.port());
}

void Listener::set_accept(AcceptSettings settings) {
  const bool accepted = accept_.accepts();
  accept_ = settings;
  if (accepted && settings.accepts()) return;
  acceptor_.close();
  queued_.clear();
  if (settings.accepts()) open();
  if (settings.kind == AcceptSettings::Kind::unreachable) open_without_room();
}

void Listener::listen(int backlog) {
  acceptor_.open(endpoint_.protocol());
  acceptor_.set_option(asio::socket_base::reuse_address(true));
  acceptor_.bind(endpoint_);
  acceptor_.listen(backlog);
}

void Listener::open() {
  listen(usual_backlog);
  endpoint_ = acceptor_.local_endpoint();
  asio::co_spawn(io_, accept_all(), asio::detached);
}

void Listener::open_without_room() {
  listen(0);
  for (int i = 0; i < 4; ++i) {
    queued_.push_back(std::make_unique<tcp::socket>(io_));
    queued_.back()->async_connect(endpoint_, [](const error_code&) {});
  }
}

asio::awaitable<void> Listener::accept_all() {
  while (acceptor_.is_open()) {
    error_code error;
    auto socket = co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, error));
    if (error == asio::error::operation_aborted) co_return;
    if (!error) {
      asio::co_spawn(io_, converse(std::move(socket)), asio::detached);
      continue;
    }
    // Out of descriptors, most likely: some will be free again.
    asio::steady_timer pause(io_, std::chrono::milliseconds(10));
    co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
  }
}

asio::awaitable<void> Listener::converse(tcp::socket socket) {
  using Kind = AcceptSettings::Kind;
  error_code error;
  socket.set_option(tcp::no_delay(true), error);
  const auto peer = make_peer(std::move(socket), tls_);
  const Connected connected(record_, origin_);

  const auto accept = accept_;
  if (accept_.accepts() && accept_.times-- <= 1) accept_ = {};
  if (accept.delay.count() > 0) {
    asio::steady_timer timer(io_, accept.delay);
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
  }
  peer->wire().drip(accept.drip);
  if (accept.after) peer->wire().cut_after(*accept.after, cut_of(accept.kind));
  switch (accept.after ? Kind::normal : accept.kind) {
    case Kind::normal:
    case Kind::refuse:
    case Kind::unreachable:
      co_await peer->handshake(error);
      if (!error) co_await serve(*peer, handler_, connected.number(), record_, release_);
      break;
    case Kind::silent:
      co_await peer->ignore();
      break;
    case Kind::reset:
      peer->reset();
      break;
    case Kind::close:
      peer->close();
      break;
  }
}

}  // namespace fulfilld::simulator
