// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "actors/url.hpp"
#include "runtime/adapter_tool/reply.hpp"

namespace fulfilld {

/// An HTTP/1.1 server on 127.0.0.1 whose answers are given to it beforehand, bad ones included. One thread for each
/// connection. Ends all of them in its destructor.
class LoopbackServer {
 public:
  /// Listens on a free port. Throws boost::system::system_error if it cannot.
  LoopbackServer();
  ~LoopbackServer();
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  /// A new URL that is answered like that, however often it is called. Any thread.
  [[nodiscard]] Url url_for(Reply reply);

 private:
  using Socket = boost::asio::ip::tcp::socket;

  void accept();
  void serve(Socket& socket);
  void play(Socket& socket, const Reply& reply, bool with_body);
  /// Ends the connection so that the peer sees it break, not end.
  void reset(Socket& socket);
  /// Returns false once the server ends.
  bool pause(std::chrono::milliseconds duration);
  [[nodiscard]] Reply reply_to(const std::string& target);

  boost::asio::io_context context_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::mutex mutex_;  ///< guards the five below
  std::condition_variable ended_;
  bool ending_ = false;
  std::map<std::string, Reply> replies_;  ///< by target
  std::list<Socket> sockets_;
  std::list<std::thread> threads_;
  std::thread acceptor_thread_;
};

}  // namespace fulfilld
