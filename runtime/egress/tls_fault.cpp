// SPDX-License-Identifier: Apache-2.0
#include "runtime/egress/tls_fault.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>

namespace fulfilld {
namespace {

// What OpenSSL makes of an alert that has come.
constexpr int alert(int number) noexcept { return SSL_AD_REASON_OFFSET + number; }

int reason_of(const boost::system::error_code& error) noexcept {
  if (error.category() != boost::asio::error::get_ssl_category()) return 0;
  return ERR_GET_REASON(static_cast<unsigned long>(error.value()));
}

std::string certificate_hint(const TlsHandshake& handshake) {
  switch (handshake.verdict) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return ": it is not for " + handshake.host + "; use a host name that it has, or have it issued anew";
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return ": it has to be renewed there (or this machine's clock is wrong)";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return ": is this machine's clock right?";
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      return ": to trust it, name it, or its authority, in egress.ca_file";
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_UNTRUSTED:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
      return ": name its authority in egress.ca_file, unless the peer has forgotten an intermediate certificate";
    default:
      return {};
  }
}

constexpr const char* no_certificate_of_ours = "the peer wants a client certificate, and fulfilld has none to show";

/// The peer's alerts about the certificate that we have shown, or have not.
bool is_about_our_certificate(int reason) noexcept {
  switch (reason) {
    case alert(SSL3_AD_BAD_CERTIFICATE):
    case alert(SSL3_AD_UNSUPPORTED_CERTIFICATE):
    case alert(SSL3_AD_CERTIFICATE_REVOKED):
    case alert(SSL3_AD_CERTIFICATE_EXPIRED):
    case alert(SSL3_AD_CERTIFICATE_UNKNOWN):
    case alert(TLS1_AD_UNKNOWN_CA):
    case alert(TLS1_AD_ACCESS_DENIED):
    case alert(TLS13_AD_CERTIFICATE_REQUIRED):
      return true;
    default:
      return false;
  }
}

/// What to tell of a failure that lasts; nothing for others.
const char* lasting_text(int reason, bool wanted_our_certificate) noexcept {
  switch (reason) {
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_PACKET_LENGTH_TOO_LONG:
      return "the port does not speak TLS: use http://";
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_VERSION_TOO_LOW:
    case SSL_R_NO_PROTOCOLS_AVAILABLE:
    case alert(TLS1_AD_PROTOCOL_VERSION):
      return "no common protocol version: the peer must speak TLS 1.2 or later";
    case SSL_R_WRONG_CIPHER_RETURNED:
    case SSL_R_NO_SHARED_CIPHER:
    case SSL_R_UNKNOWN_CIPHER_RETURNED:
    case alert(TLS1_AD_INSUFFICIENT_SECURITY):
      return "no common cipher";
    case SSL_R_DH_KEY_TOO_SMALL:
    case SSL_R_EE_KEY_TOO_SMALL:
    case SSL_R_CA_KEY_TOO_SMALL:
    case SSL_R_CA_MD_TOO_WEAK:
    case SSL_R_WRONG_SIGNATURE_TYPE:
      return "the peer's keys or signatures are too weak";
    case SSL_R_UNSAFE_LEGACY_RENEGOTIATION_DISABLED:
      return "the peer knows no secure renegotiation (RFC 5746)";
    case alert(SSL3_AD_HANDSHAKE_FAILURE):
      return wanted_our_certificate ? no_certificate_of_ours : "the peer found no common cipher or parameters";
    case alert(TLS1_AD_UNRECOGNIZED_NAME):
      return "the peer has no certificate for that host";
    case alert(TLS1_AD_NO_APPLICATION_PROTOCOL):
      return "the peer does not offer HTTP/1.1 there";
    default:
      return is_about_our_certificate(reason) ? no_certificate_of_ours : nullptr;
  }
}

}  // namespace

TlsFault tls_fault(const boost::system::error_code& error, const TlsHandshake& handshake) {
  if (handshake.verdict != X509_V_OK)
    return {
        std::string("certificate: ") + X509_verify_cert_error_string(handshake.verdict) + certificate_hint(handshake),
        true};
  if (error == boost::asio::error::eof || error == boost::asio::ssl::error::stream_truncated)
    return {std::string("the peer closed the connection during the handshake") +
            (handshake.peer_said_nothing ? " without a word: does the port speak TLS?" : "")};
  const int reason = reason_of(error);
  const char* const words = reason == 0 ? nullptr : ERR_reason_error_string(static_cast<unsigned long>(error.value()));
  std::string text = words != nullptr ? words : error.message();
  const char* const lasting = lasting_text(reason, handshake.wanted_our_certificate);
  if (lasting == nullptr) return {std::move(text)};
  return {std::string(lasting) + " (" + text + ")", true};
}

bool is_refusal_of_handshake(const boost::system::error_code& error) noexcept {
  const int reason = reason_of(error);
  return reason == alert(SSL3_AD_HANDSHAKE_FAILURE) || is_about_our_certificate(reason);
}

bool begins_tls_record(std::string_view bytes) noexcept {
  // Alert or handshake, version 3.x (RFC 8446, 5.1). No text that HTTP begins with looks like that.
  return bytes.size() >= 2 && (bytes[0] == 0x15 || bytes[0] == 0x16) && bytes[1] == 0x03;
}

bool begins_tls_alert(std::string_view bytes) noexcept { return begins_tls_record(bytes) && bytes[0] == 0x15; }

bool says_tls_was_expected(int status, std::string_view body) noexcept {
  if (status != 400 && status != 497) return false;
  constexpr std::array<std::string_view, 4> notices{
      "plain HTTP request was sent to HTTPS port", "speaking plain HTTP to an SSL-enabled server port",
      "sent an HTTP request to an HTTPS server", "combination of host and port requires TLS"};
  const auto beginning = body.substr(0, 1024);
  return std::any_of(notices.begin(), notices.end(),
                     [&](std::string_view notice) { return beginning.find(notice) != std::string_view::npos; });
}

}  // namespace fulfilld
