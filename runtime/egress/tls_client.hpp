// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/ssl.h>

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

#include "runtime/egress/tls_fault.hpp"

namespace fulfilld {

struct TlsSessionDeleter {
  void operator()(SSL_SESSION* session) const noexcept { SSL_SESSION_free(session); }
};
/// What lets the next handshake with the same origin be short (RFC 8446 section 2.2).
using TlsSession = std::unique_ptr<SSL_SESSION, TlsSessionDeleter>;

/// The client's side of TLS: at least version 1.2, the peer's certificate must be trusted and name the host.
class TlsClient {
 public:
  /// Trusts the authorities in that PEM file, or the system's if it is empty. Throws std::runtime_error.
  explicit TlsClient(const std::string& ca_file);

  [[nodiscard]] boost::asio::ssl::context& context() noexcept { return context_; }

  /// Readies a fresh connection for `host` (name or IP literal): SNI, the check of the certificate's names
  /// (RFC 9110 section 4.3.4), and an earlier session if there is one.
  static void prepare(SSL* connection, const std::string& host, SSL_SESSION* earlier);

  /// The session of a connection that has read something, or null if it cannot be resumed.
  [[nodiscard]] static TlsSession session_of(SSL* connection);

  /// What became of the handshake with `host` so far.
  [[nodiscard]] static TlsHandshake handshake_of(SSL* connection, const std::string& host);

  /// The first thing that a client says to `host`. Throws std::runtime_error.
  [[nodiscard]] std::string client_hello(const std::string& host);

 private:
  boost::asio::ssl::context context_{boost::asio::ssl::context::tls_client};
};

}  // namespace fulfilld
