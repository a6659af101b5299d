// SPDX-License-Identifier: Apache-2.0
#include "runtime/ingress/tls_socket.hpp"

#include <Poco/AutoPtr.h>
#include <Poco/Exception.h>
#include <Poco/Net/SSLException.h>
#include <Poco/Net/StreamSocketImpl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <charconv>
#include <string_view>

namespace fulfilld {
namespace {

/// Poco ends both directions of a TCP connection below TLS. What the client still sends would then reset it, and it
/// would not see our last answer.
class HalfClosingSocket final : public Poco::Net::StreamSocketImpl {
 public:
  explicit HalfClosingSocket(int descriptor) : StreamSocketImpl(descriptor) {}
  void shutdown() override { shutdownSend(); }
};

Poco::Net::StreamSocketImpl* half_closing(int descriptor) { return new HalfClosingSocket(descriptor); }

/// Poco keeps nothing of an error but its text, `error:0A00009C:SSL routines::http request`.
unsigned long error_in(std::string_view message) noexcept {
  constexpr std::string_view prefix = "error:";
  const auto at = message.find(prefix);
  if (at == std::string_view::npos) return 0;
  unsigned long code = 0;
  const auto digits = message.substr(at + prefix.size());
  std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
  return code;
}

FailedHandshake failed(const Poco::Exception& problem) {
  const auto error = error_in(problem.message());
  const char* const reason = error == 0 ? nullptr : ERR_reason_error_string(error);
  return {handshake_failure(error), reason == nullptr ? std::string() : reason};
}

}  // namespace

HandshakeFailure handshake_failure(unsigned long openssl_error) noexcept {
  if (openssl_error == 0) return HandshakeFailure::broken_off;
  switch (ERR_GET_REASON(openssl_error)) {
    case SSL_R_HTTP_REQUEST:
    case SSL_R_HTTPS_PROXY_REQUEST:
      return HandshakeFailure::plain_http;
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_VERSION_TOO_LOW:
    case SSL_R_UNKNOWN_PROTOCOL:
    case SSL_R_NO_SHARED_CIPHER:
    case SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM:
    case SSL_R_NO_SHARED_SIGNATURE_ALGORITHMS:
    case SSL_R_NO_SUITABLE_KEY_SHARE:
    case SSL_R_INAPPROPRIATE_FALLBACK:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
    case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
      return HandshakeFailure::nothing_in_common;
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
      return HandshakeFailure::certificate_refused;
    case SSL_R_UNEXPECTED_EOF_WHILE_READING:
    case SSL_R_TLSV1_ALERT_USER_CANCELLED:
      return HandshakeFailure::broken_off;
    default:
      return HandshakeFailure::other;
  }
}

AcceptedTlsSocket::AcceptedTlsSocket(int descriptor, const Poco::Net::Context::Ptr& context)
    : SecureStreamSocketImpl(Poco::AutoPtr<Poco::Net::StreamSocketImpl>(half_closing(descriptor)).get(), context) {
  acceptSSL();
}

std::optional<FailedHandshake> AcceptedTlsSocket::make_handshake() {
  try {
    handshake_made_ = completeHandshake() == 1;
    if (handshake_made_) return std::nullopt;
    return FailedHandshake{HandshakeFailure::broken_off, {}};
  } catch (const Poco::TimeoutException&) {
    return FailedHandshake{HandshakeFailure::too_slow, {}};
  } catch (const Poco::Exception& problem) {
    return failed(problem);
  }
}

void AcceptedTlsSocket::say_close() noexcept {
  try {
    shutdown();
  } catch (const std::exception&) {  // without a handshake there is nothing to be said
  }
  ::shutdown(sockfd(), SHUT_WR);
}

}  // namespace fulfilld
