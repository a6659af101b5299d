// SPDX-License-Identifier: Apache-2.0
#include "runtime/egress/tls_client.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/address.hpp>
#include <cerrno>
#include <fstream>
#include <ios>
#include <iterator>
#include <stdexcept>

namespace fulfilld {
namespace {

/// Without the byte order mark that some editors leave: OpenSSL would pass over the first authority with it.
std::string text_of(const std::string& file, boost::system::error_code& error) {
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  if (!in) error.assign(errno == 0 ? EIO : errno, boost::system::generic_category());
  std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);
  return text;
}

}  // namespace

TlsClient::TlsClient(const std::string& ca_file) {
  SSL_CTX* const raw = context_.native_handle();
  SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
  SSL_CTX_set_verify(raw, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
  static constexpr std::array<unsigned char, 9> http_1_1 = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  SSL_CTX_set_alpn_protos(raw, http_1_1.data(), http_1_1.size());
  boost::system::error_code error;
  if (ca_file.empty())
    context_.set_default_verify_paths(error);
  else if (const auto authorities = text_of(ca_file, error); !error)
    context_.add_certificate_authority(boost::asio::buffer(authorities), error);
  if (error)
    throw std::runtime_error("cannot read the certificate authorities" +
                             (ca_file.empty() ? " of the system" : " in " + ca_file) + ": " + error.message());
}

void TlsClient::prepare(SSL* connection, const std::string& host, SSL_SESSION* earlier) {
  boost::system::error_code not_an_address;
  boost::asio::ip::make_address(host, not_an_address);
  X509_VERIFY_PARAM* const check = SSL_get0_param(connection);
  X509_VERIFY_PARAM_set_hostflags(check, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  const int ready = not_an_address ? X509_VERIFY_PARAM_set1_host(check, host.c_str(), host.size()) &&
                                         SSL_set_tlsext_host_name(connection, host.c_str())
                                   : X509_VERIFY_PARAM_set1_ip_asc(check, host.c_str());
  if (!ready) throw std::runtime_error("no certificate can name the host " + host);
  if (earlier != nullptr) SSL_set_session(connection, earlier);
}

TlsSession TlsClient::session_of(SSL* connection) {
  SSL_SESSION* const session = SSL_get0_session(connection);
  if (session == nullptr || !SSL_SESSION_is_resumable(session)) return nullptr;
  // A copy: OpenSSL spoils the session of a connection that ends without a farewell, as ours do.
  return TlsSession(SSL_SESSION_dup(session));
}

std::string TlsClient::describe(const boost::system::error_code& error, SSL* connection) {
  const long verdict = SSL_get_verify_result(connection);
  if (verdict != X509_V_OK) return std::string("certificate: ") + X509_verify_cert_error_string(verdict);
  if (error == boost::asio::error::eof || error == boost::asio::ssl::error::stream_truncated)
    return "the peer closed the connection during the handshake";
  if (error.category() == boost::asio::error::get_ssl_category()) {
    const char* const reason = ERR_reason_error_string(static_cast<unsigned long>(error.value()));
    if (reason != nullptr) return reason;
  }
  return error.message();
}

}  // namespace fulfilld
