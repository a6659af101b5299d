// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Poco/Net/Context.h>
#include <Poco/Net/SecureStreamSocketImpl.h>

#include <optional>
#include <string>

#include "actors/ports/observer.hpp"

namespace fulfilld {

/// Why a handshake failed, and what OpenSSL said.
struct FailedHandshake {
  HandshakeFailure why;
  std::string detail;
};

/// What an error of OpenSSL during our side of a handshake means; 0: the connection has ended.
[[nodiscard]] HandshakeFailure handshake_failure(unsigned long openssl_error) noexcept;

/// The server's side of a TLS connection.
class AcceptedTlsSocket : public Poco::Net::SecureStreamSocketImpl {
 public:
  /// Takes over the descriptor.
  AcceptedTlsSocket(int descriptor, const Poco::Net::Context::Ptr& context);

  [[nodiscard]] bool handshake_made() const noexcept { return handshake_made_; }

  /// Makes the handshake, and waits for the client as long as the socket's time-outs allow. Nothing if it succeeds.
  [[nodiscard]] std::optional<FailedHandshake> make_handshake();

  /// Sends close_notify (RFC 8446, section 6.1) and ends our side of the connection: the client's is still read.
  void say_close() noexcept;

 private:
  bool handshake_made_ = false;
};

}  // namespace fulfilld
