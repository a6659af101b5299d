// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>  // boost/asio/awaitable.hpp of 1.74 uses std::exchange without it

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/simulator/record.hpp"
#include "tests/simulator/session.hpp"
#include "tests/simulator/settings.hpp"
#include "tests/simulator/side.hpp"
#include "tests/simulator/signal.hpp"

namespace fulfilld::simulator {

/// One origin: a listening socket on the loopback, and the connections made to it. Lives as long as the io_context
/// runs.
class Listener {
 public:
  /// Listens at once; `port` 0 takes any free one. `tls` null: plain http. Throws if the port is taken.
  Listener(asio::io_context& io, Origin origin, std::uint16_t port, asio::ssl::context* tls, Handler handler,
           Record& record, Signal& release);

  /// `http://127.0.0.1:PORT`
  [[nodiscard]] std::string url() const;

  /// From now on new connections are met so; those that exist stay.
  void set_accept(AcceptSettings settings);

 private:
  void listen(int backlog);
  void open();
  void open_without_room();
  asio::awaitable<void> accept_all();
  asio::awaitable<void> converse(asio::ip::tcp::socket socket);

  asio::io_context& io_;
  const Origin origin_;
  asio::ip::tcp::endpoint endpoint_;
  asio::ssl::context* const tls_;
  const Handler handler_;
  Record& record_;
  Signal& release_;
  AcceptSettings accept_;
  asio::ip::tcp::acceptor acceptor_;
  std::vector<std::unique_ptr<asio::ip::tcp::socket>> queued_;  ///< our own connections that leave no room for others
};

}  // namespace fulfilld::simulator
