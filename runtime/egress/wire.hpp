// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/socket.h>

#include <array>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <cstddef>
#include <optional>
#include <utility>

namespace fulfilld {

/// A TCP connection, bare or under TLS. The concrete executor spares Asio's type-erased one.
class Wire {
 public:
  using Tcp = boost::asio::ip::tcp;
  using Socket = boost::asio::basic_stream_socket<Tcp, boost::asio::io_context::executor_type>;
  using Tls = boost::asio::ssl::stream<Socket&>;
  using Buffers = std::array<boost::asio::const_buffer, 2>;
  using Error = boost::system::error_code;

  explicit Wire(boost::asio::io_context& context) : socket_(context) {}

  /// Makes it ready to be connected: non-blocking, and without Nagle's delay.
  static Error open(Socket& socket, const Tcp& protocol) {
    Error error;
    if (socket.open(protocol, error)) return error;
    if (socket.non_blocking(true, error)) return error;
    socket.set_option(Tcp::no_delay(true), error);
    return error;
  }

  [[nodiscard]] Socket& socket() noexcept { return socket_; }

  /// Another socket, in place of the one before, which is closed. Not once TLS has begun.
  void take(Socket&& socket) { socket_ = std::move(socket); }
  [[nodiscard]] Tls* tls() noexcept { return tls_ ? &*tls_ : nullptr; }
  Tls& start_tls(boost::asio::ssl::context& context) { return tls_.emplace(socket_, context); }

  /// All operations that are under way end with an error, later. No TLS farewell: nobody waits for it.
  void close() noexcept {
    Error ignored;
    socket_.close(ignored);
  }

  /// True if the peer has sent something, or its farewell, that has not been read yet.
  [[nodiscard]] bool has_input() noexcept {
    char byte = 0;
    return ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) >= 0 ||
           (errno != EAGAIN && errno != EWOULDBLOCK);
  }

  /// Sends what the system takes at once; only for a bare connection.
  std::size_t write_some(const Buffers& buffers, Error& error) { return socket_.write_some(buffers, error); }

  template <typename Handler>
  void read(boost::asio::mutable_buffer buffer, Handler&& handler) {
    if (tls_)
      tls_->async_read_some(buffer, std::forward<Handler>(handler));
    else
      socket_.async_read_some(buffer, std::forward<Handler>(handler));
  }

  template <typename Handler>
  void write(const Buffers& buffers, Handler&& handler) {
    if (tls_)
      boost::asio::async_write(*tls_, buffers, std::forward<Handler>(handler));
    else
      boost::asio::async_write(socket_, buffers, std::forward<Handler>(handler));
  }

 private:
  Socket socket_;
  std::optional<Tls> tls_;
};

}  // namespace fulfilld
