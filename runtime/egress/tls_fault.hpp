// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/system/error_code.hpp>
#include <string>
#include <string_view>

namespace fulfilld {

/// What a person is told who calls by `http` what speaks TLS.
inline constexpr std::string_view port_speaks_tls = "tls: the port speaks TLS: use https://";

/// Why there is no TLS connection.
struct TlsFault {
  std::string text;      ///< for a person, with what to do where that is known
  bool lasting = false;  ///< trying again cannot help: somebody has to change something, here or there
};

/// What is known of a handshake that failed.
struct TlsHandshake {
  std::string host{};                   ///< whom it was to be with
  long verdict = 0;                     ///< of the check of the peer's certificate: X509_V_OK, or why not
  bool wanted_our_certificate = false;  ///< the peer has asked for one; there is none to give
  bool peer_said_nothing = false;       ///< not a byte has come
};

[[nodiscard]] TlsFault tls_fault(const boost::system::error_code& error, const TlsHandshake& handshake);

/// True if the peer has given up the handshake over who we are, or over what we can (RFC 8446, 6.2). In TLS 1.3 that
/// can come after our own side of the handshake is done, so after a request has been written: such a peer has read none
/// of it, as it takes nothing from whom it has not accepted.
[[nodiscard]] bool is_refusal_of_handshake(const boost::system::error_code& error) noexcept;

/// True if these are the first bytes of a TLS record as a peer sends it that was not understood, or that understood.
[[nodiscard]] bool begins_tls_record(std::string_view bytes) noexcept;
/// The same, of an alert only.
[[nodiscard]] bool begins_tls_alert(std::string_view bytes) noexcept;

/// True if an answer to plain HTTP says that TLS was expected, in the words of nginx, Apache, Go or Tomcat.
[[nodiscard]] bool says_tls_was_expected(int status, std::string_view body) noexcept;

}  // namespace fulfilld
