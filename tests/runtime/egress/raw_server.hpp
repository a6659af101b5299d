// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/ssl.h>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "actors/url.hpp"

namespace fulfilld::testing {

class RawServer;

/// One accepted connection, in the hands of a script that runs on a thread of its own. All waiting ends when the
/// server does.
class Peer {
 public:
  ~Peer();
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  [[nodiscard]] std::size_t number() const noexcept { return number_; }  ///< of the connection, from 0

  /// Reads one request, head and body (by Content-Length), as it came. Empty once the client is gone.
  std::string read_request();

  /// False once the client is gone.
  bool send(std::string_view bytes);

  /// Sends byte by byte with a pause before each.
  bool drip(std::string_view bytes, std::chrono::milliseconds pause);

  /// Waits until the client closes; what it sends is thrown away.
  void wait_until_gone();

  /// Waits that long. False if the server ends.
  bool pause(std::chrono::milliseconds time);

  void close();           ///< FIN, and no TLS farewell
  void close_politely();  ///< with the TLS farewell, if there is TLS
  void reset();           ///< RST
  [[nodiscard]] bool resumed_session() const { return SSL_session_reused(tls_) == 1; }

 private:
  friend class RawServer;
  Peer(RawServer& server, int socket, std::size_t number) : server_(server), socket_(socket), number_(number) {}
  [[nodiscard]] bool accept_tls(SSL_CTX* context);
  [[nodiscard]] bool read_more();

  RawServer& server_;
  int socket_;
  const std::size_t number_;
  SSL* tls_ = nullptr;
  std::string input_;
};

/// A server on a loopback port that does exactly what a script says, right or wrong; a thread for each connection.
class RawServer {
 public:
  using Script = std::function<void(Peer&)>;

  /// With `tls`, which it does not own, the script begins after the handshake.
  explicit RawServer(Script script, SSL_CTX* tls = nullptr);
  ~RawServer();
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] Url url(std::string_view target = "/", const std::string& host = "127.0.0.1") const;

  /// Connections accepted so far.
  [[nodiscard]] std::size_t connections() const;

  /// Scripts that have come to their end so far; waits for at least that many. False if it takes too long.
  [[nodiscard]] bool wait_for_ended_scripts(std::size_t count);

 private:
  friend class Peer;
  void accept_all();

  const Script script_;
  SSL_CTX* const tls_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopped_ = false;
  std::size_t ended_scripts_ = 0;
  std::vector<std::unique_ptr<Peer>> peers_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

/// An answer with a Content-Length.
[[nodiscard]] std::string answer_with(std::string_view body, std::string_view status = "200 OK",
                                      std::string_view header_lines = "");

}  // namespace fulfilld::testing
