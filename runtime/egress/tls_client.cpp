// SPDX-License-Identifier: Apache-2.0
#include "runtime/egress/tls_client.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <algorithm>
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

/// Where a connection notes that its peer has asked for our certificate.
int certificate_wanted() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

/// There is none: the peer hears that, and decides.
int give_no_certificate(SSL* connection, X509** /*certificate*/, EVP_PKEY** /*key*/) {
  static char yes = 1;
  SSL_set_ex_data(connection, certificate_wanted(), &yes);
  return 0;
}

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
  SSL_CTX_set_client_cert_cb(raw, &give_no_certificate);
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

TlsHandshake TlsClient::handshake_of(SSL* connection, const std::string& host) {
  return {.host = host,
          .verdict = SSL_get_verify_result(connection),
          .wanted_our_certificate = SSL_get_ex_data(connection, certificate_wanted()) != nullptr,
          .peer_said_nothing = SSL_get_state(connection) == TLS_ST_CW_CLNT_HELLO};
}

std::string TlsClient::client_hello(const std::string& host) {
  const std::unique_ptr<SSL, decltype(&SSL_free)> connection(SSL_new(context_.native_handle()), &SSL_free);
  if (connection == nullptr) throw std::runtime_error("no memory for TLS");
  prepare(connection.get(), host, nullptr);
  SSL_set_connect_state(connection.get());
  BIO* const out = BIO_new(BIO_s_mem());
  SSL_set_bio(connection.get(), BIO_new(BIO_s_mem()), out);
  SSL_do_handshake(connection.get());
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(out, &bytes);
  ERR_clear_error();
  return {bytes, static_cast<std::size_t>(std::max(size, 0L))};
}

}  // namespace fulfilld
