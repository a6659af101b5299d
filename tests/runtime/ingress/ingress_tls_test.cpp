// SPDX-License-Identifier: Apache-2.0
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

#include "tests/runtime/ingress/ingress_fixture.hpp"

namespace fulfilld {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// A self-signed certificate and its key in a directory that lives as long as this.
class TestCertificate {
 public:
  TestCertificate() {
    std::string pattern = (std::filesystem::temp_directory_path() / "fulfilld-ingress-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
    directory_ = pattern;
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), X509_free);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key.get());
    X509_sign(certificate.get(), key.get(), EVP_sha256());
    write(certificate_file(), [&](FILE* file) { PEM_write_X509(file, certificate.get()); });
    write(key_file(),
          [&](FILE* file) { PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
  }
  ~TestCertificate() { std::filesystem::remove_all(directory_); }

  [[nodiscard]] std::string certificate_file() const { return (directory_ / "certificate.pem").string(); }
  [[nodiscard]] std::string key_file() const { return (directory_ / "key.pem").string(); }

  [[nodiscard]] ServerSettings settings() const {
    ServerSettings settings;
    settings.tls_certificate = certificate_file();
    settings.tls_key = key_file();
    return settings;
  }

 private:
  template <class Write>
  static void write(const std::string& path, Write write) {
    FILE* const file = fopen(path.c_str(), "w");
    if (file == nullptr) throw std::runtime_error("no temporary file");
    write(file);
    fclose(file);
  }

  std::filesystem::path directory_;
};

/// A TLS client that trusts anyone.
class TlsClient {
 public:
  explicit TlsClient(std::uint16_t port, int newest_version = TLS1_3_VERSION)
      : context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free), tls_(nullptr, SSL_free) {
    SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context_.get(), newest_version);
    SSL_CTX_set_cipher_list(context_.get(), "ALL:@SECLEVEL=0");
    tls_.reset(SSL_new(context_.get()));
    socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
    const timeval limit{20, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
    SSL_set_fd(tls_.get(), socket_);
    connected_ = connected_ && SSL_connect(tls_.get()) == 1;
  }
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;
  ~TlsClient() { ::close(socket_); }

  [[nodiscard]] bool connected() const { return connected_; }

  /// Sends `bytes` and returns the first piece of the answer, or nothing.
  std::string exchange(const std::string& bytes) {
    if (SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size())) <= 0) return {};
    std::array<char, 4096> piece;
    const int received = SSL_read(tls_.get(), piece.data(), piece.size());
    return {piece.data(), static_cast<std::size_t>(std::max(received, 0))};
  }

 private:
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
  std::unique_ptr<SSL, decltype(&SSL_free)> tls_;
  int socket_ = -1;
  bool connected_ = false;
};

TEST(IngressTls, ServesOneRequestAfterAnother) {
  const TestCertificate certificate;
  IngressUnderTest server(certificate.settings());
  TlsClient client(server.ingress.port());
  ASSERT_TRUE(client.connected());
  EXPECT_THAT(client.exchange(post(execute_body("f-1"))), HasSubstr(R"("executionId":"f-1")"));
  EXPECT_THAT(client.exchange(request("GET", "/healthz")), StartsWith("HTTP/1.1 200 OK"));
  EXPECT_THAT(client.exchange(post(execute_body("f-2", '"' + std::string(100000, 'x') + '"'))),
              StartsWith("HTTP/1.1 202"));
  EXPECT_THAT(client.exchange("nonsense\r\n\r\n\r\n\r\n x\r\n\r\n"), HasSubstr(R"("code":"bad_request")"));
}

TEST(IngressTls, SpeaksNothingOlderThanTls12) {
  const TestCertificate certificate;
  IngressUnderTest server(certificate.settings());
  EXPECT_TRUE(TlsClient(server.ingress.port(), TLS1_2_VERSION).connected());
  EXPECT_FALSE(TlsClient(server.ingress.port(), TLS1_1_VERSION).connected());
}

TEST(IngressTls, CutsAClientThatNeverShakesHands) {
  const TestCertificate certificate;
  auto settings = certificate.settings();
  settings.request_timeout = std::chrono::milliseconds(200);
  settings.keep_alive = std::chrono::milliseconds(200);
  IngressUnderTest server(settings);
  RawClient silent(server.ingress.port());
  EXPECT_TRUE(silent.ends());
  RawClient half(server.ingress.port());
  half.send("\x16\x03\x01\x02");
  EXPECT_TRUE(half.ends());
}

TEST(IngressTls, SurvivesPlainHttp) {
  const TestCertificate certificate;
  IngressUnderTest server(certificate.settings());
  RawClient plain(server.ingress.port());
  plain.send(post(execute_body()));
  static_cast<void>(plain.receive());
  TlsClient client(server.ingress.port());
  EXPECT_THAT(client.exchange(request("GET", "/healthz")), StartsWith("HTTP/1.1 200 OK"));
}

TEST(IngressTls, StopsWhileConnectionsAreOpen) {
  const TestCertificate certificate;
  IngressUnderTest server(certificate.settings());
  TlsClient client(server.ingress.port());
  EXPECT_THAT(client.exchange(request("GET", "/healthz")), StartsWith("HTTP/1.1 200 OK"));
  server.ingress.stop();
  EXPECT_EQ(client.exchange(request("GET", "/healthz")), "");
}

TEST(IngressTls, NamesTheFilesThatCannotBeUsed) {
  ServerSettings settings;
  settings.tls_certificate = "/nowhere/certificate.pem";
  settings.tls_key = "/nowhere/key.pem";
  try {
    IngressUnderTest server(settings);
    FAIL() << "it served without a certificate";
  } catch (const std::runtime_error& problem) {
    EXPECT_THAT(problem.what(), HasSubstr("/nowhere/certificate.pem"));
  }
}

}  // namespace
}  // namespace fulfilld
