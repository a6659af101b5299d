// SPDX-License-Identifier: Apache-2.0
#include "tests/simulator/peer.hpp"

#include <array>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace fulfilld::simulator {
namespace {

using asio::ip::tcp;

auto into(error_code& error) { return asio::redirect_error(asio::use_awaitable, error); }

class PlainPeer final : public Peer {
 public:
  explicit PlainPeer(tcp::socket socket) : Peer(false), wire_(std::move(socket)) {}

  asio::awaitable<void> handshake(error_code& error) override {
    error = {};
    co_return;
  }
  asio::awaitable<std::size_t> read_some(asio::mutable_buffer buffer, error_code& error) override {
    co_return co_await wire_.socket().async_read_some(buffer, into(error));
  }
  asio::awaitable<void> write(asio::const_buffer bytes, error_code& error) override {
    co_await asio::async_write(wire_, bytes, into(error));
  }
  WireSocket& wire() override { return wire_; }

 private:
  WireSocket wire_;
};

class TlsPeer final : public Peer {
 public:
  TlsPeer(tcp::socket socket, asio::ssl::context& context)
      : Peer(true), stream_(WireSocket(std::move(socket)), context) {}

  asio::awaitable<void> handshake(error_code& error) override {
    co_await stream_.async_handshake(asio::ssl::stream_base::server, into(error));
  }
  asio::awaitable<std::size_t> read_some(asio::mutable_buffer buffer, error_code& error) override {
    co_return co_await stream_.async_read_some(buffer, into(error));
  }
  asio::awaitable<void> write(asio::const_buffer bytes, error_code& error) override {
    co_await asio::async_write(stream_, bytes, into(error));
  }
  WireSocket& wire() override { return stream_.next_layer(); }

 private:
  asio::ssl::stream<WireSocket> stream_;
};

}  // namespace

asio::awaitable<bool> Peer::leaves_before(asio::steady_timer& timer) {
  // The handler may run after the timer is gone, so it does not hold it by reference.
  struct Watch {
    asio::steady_timer* timer;
    bool readable = false;
  };
  const auto watch = std::make_shared<Watch>(Watch{&timer});
  socket().async_wait(tcp::socket::wait_read, [watch](const error_code& error) {
    if (error || watch->timer == nullptr) return;
    watch->readable = true;
    watch->timer->cancel();
  });
  error_code ignored;
  co_await timer.async_wait(into(ignored));
  if (watch->readable && !has_left()) {
    // The next request is here already. It has to wait; a client that leaves now is noticed when it is answered.
    co_await timer.async_wait(into(ignored));
    watch->readable = false;
  }
  watch->timer = nullptr;
  socket().cancel(ignored);
  co_return watch->readable;
}

asio::awaitable<void> Peer::ignore() {
  std::array<char, 4096> dropped{};
  error_code error;
  while (!error) co_await socket().async_read_some(asio::buffer(dropped), into(error));
}

bool Peer::has_left() {
  char byte = 0;
  const auto got = ::recv(socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  // Inside TLS a client that waits for its answer has nothing to say but that it closes.
  return got <= 0 || tls_;
}

void Peer::close() {
  error_code ignored;
  socket().shutdown(tcp::socket::shutdown_both, ignored);
  socket().close(ignored);
}

void Peer::reset() { wire().reset(); }

std::unique_ptr<Peer> make_peer(tcp::socket socket, asio::ssl::context* tls) {
  if (tls != nullptr) return std::make_unique<TlsPeer>(std::move(socket), *tls);
  return std::make_unique<PlainPeer>(std::move(socket));
}

}  // namespace fulfilld::simulator
