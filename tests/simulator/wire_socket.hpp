// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "tests/simulator/fault.hpp"

namespace fulfilld::simulator {

namespace asio = boost::asio;

/// A TCP socket whose bytes leave one by one, or only so many of them: what is below TLS, so that a handshake can be
/// slow, or break off.
class WireSocket {
 public:
  using Tcp = asio::ip::tcp;
  using executor_type = Tcp::socket::executor_type;
  using lowest_layer_type = Tcp::socket::lowest_layer_type;

  explicit WireSocket(Tcp::socket socket) : socket_(std::move(socket)), timer_(socket_.get_executor()) {}

  /// From now on so long between single bytes.
  void drip(std::chrono::milliseconds pause) { pause_ = pause; }

  /// Instead of the byte after so many, `cut` happens.
  void cut_after(std::uint64_t bytes, Fault::Cut cut) {
    left_ = bytes;
    cut_ = cut;
  }

  /// RST.
  void reset() {
    boost::system::error_code ignored;
    socket_.set_option(asio::socket_base::linger(true, 0), ignored);
    socket_.close(ignored);
  }

  [[nodiscard]] Tcp::socket& socket() noexcept { return socket_; }

  // What Asio asks of a stream.
  [[nodiscard]] executor_type get_executor() { return socket_.get_executor(); }
  [[nodiscard]] lowest_layer_type& lowest_layer() { return socket_.lowest_layer(); }

  template <typename Buffers, typename Handler>
  auto async_read_some(const Buffers& buffers, Handler&& handler) {
    return socket_.async_read_some(buffers, std::forward<Handler>(handler));
  }

  template <typename Buffers, typename Handler>
  void async_write_some(const Buffers& buffers, Handler&& handler) {
    if (pause_.count() == 0 && cut_ == Fault::Cut::none)
      return socket_.async_write_some(buffers, std::forward<Handler>(handler));
    const asio::const_buffer first(*asio::buffer_sequence_begin(buffers));
    if (pause_.count() == 0) return send(first, std::forward<Handler>(handler));
    timer_.expires_after(pause_);
    timer_.async_wait([this, byte = asio::buffer(first, 1),
                       handler = std::forward<Handler>(handler)](const boost::system::error_code& error) mutable {
      if (error) return handler(error, 0);
      send(byte, std::move(handler));
    });
  }

 private:
  template <typename Handler>
  void send(asio::const_buffer bytes, Handler&& handler) {
    if (cut_ != Fault::Cut::none) {
      bytes = asio::buffer(bytes, left_);
      left_ -= bytes.size();
      if (bytes.size() == 0) return cut(std::forward<Handler>(handler));
    }
    socket_.async_write_some(asio::const_buffers_1(bytes), std::forward<Handler>(handler));
  }

  template <typename Handler>
  void cut(Handler&& handler) {
    if (cut_ == Fault::Cut::hang) return wait_until_gone(std::forward<Handler>(handler));
    boost::system::error_code ignored;
    if (cut_ == Fault::Cut::reset) reset();
    socket_.close(ignored);
    asio::post(get_executor(), [handler = std::forward<Handler>(handler)]() mutable {
      handler(asio::error::make_error_code(asio::error::connection_aborted), 0);
    });
  }

  template <typename Handler>
  void wait_until_gone(Handler&& handler) {
    socket_.async_read_some(asio::buffer(dropped_), [this, handler = std::forward<Handler>(handler)](
                                                        const boost::system::error_code& error, std::size_t) mutable {
      if (error) return handler(error, 0);
      wait_until_gone(std::move(handler));
    });
  }

  Tcp::socket socket_;
  asio::steady_timer timer_;
  std::chrono::milliseconds pause_{0};
  Fault::Cut cut_ = Fault::Cut::none;
  std::uint64_t left_ = 0;  ///< bytes before the cut
  std::array<char, 4096> dropped_{};
};

}  // namespace fulfilld::simulator
