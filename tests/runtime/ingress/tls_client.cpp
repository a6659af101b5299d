// SPDX-License-Identifier: Apache-2.0
#include "tests/runtime/ingress/tls_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <fstream>
#include <stdexcept>

namespace fulfilld {

CertificateFiles::CertificateFiles(const PemFiles& pair) {
  std::string pattern = (std::filesystem::temp_directory_path() / "fulfilld-ingress-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
  directory_ = pattern;
  write(pair.certificate(), pair.key());
}

CertificateFiles::~CertificateFiles() { std::filesystem::remove_all(directory_); }

void CertificateFiles::write(const std::string& certificate, const std::string& key) const {
  std::ofstream(certificate_file()) << certificate;
  std::ofstream(key_file()) << key;
}

ServerSettings CertificateFiles::settings() const {
  ServerSettings settings;
  settings.tls_certificate = certificate_file();
  settings.tls_key = key_file();
  return settings;
}

TlsClient::TlsClient(std::uint16_t port, const Wishes& wishes)
    : context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free), tls_(nullptr, SSL_free) {
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes to connections that have ended
  SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(context_.get(), wishes.newest_version);
  SSL_CTX_set_cipher_list(context_.get(), "ALL:@SECLEVEL=0");
  if (wishes.trusts_nobody) SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
  tls_.reset(SSL_new(context_.get()));
  socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
  const timeval limit{20, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  SSL_set_fd(tls_.get(), socket_);
  connected_ = connected_ && SSL_connect(tls_.get()) == 1;
}

TlsClient::~TlsClient() { ::close(socket_); }

std::string TlsClient::server_name() const {
  const std::unique_ptr<X509, decltype(&X509_free)> shown(SSL_get1_peer_certificate(tls_.get()), X509_free);
  std::array<char, 64> name{};
  if (shown)
    X509_NAME_get_text_by_NID(X509_get_subject_name(shown.get()), NID_commonName, name.data(),
                              static_cast<int>(name.size()));
  return name.data();
}

bool TlsClient::send(const std::string& bytes) {
  return SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size())) > 0;
}

std::string TlsClient::exchange(const std::string& bytes) { return send(bytes) ? receive() : std::string(); }

std::string TlsClient::receive_all() {
  std::string all;
  while (end_ == End::none) all += receive();
  return all;
}

std::string TlsClient::receive() {
  std::array<char, 4096> piece;
  ERR_clear_error();
  errno = 0;
  const int received = SSL_read(tls_.get(), piece.data(), piece.size());
  if (received > 0) return {piece.data(), static_cast<std::size_t>(received)};
  const int error = SSL_get_error(tls_.get(), received);
  end_ = error == SSL_ERROR_ZERO_RETURN ? End::close_notify : errno == 0 ? End::without_a_word : End::reset;
  return {};
}

}  // namespace fulfilld
