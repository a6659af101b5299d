// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "runtime/config/config.hpp"
#include "tests/runtime/certificate/pem_files.hpp"

namespace fulfilld {

/// The files of the server's certificate and key, in a directory that lives as long as this.
class CertificateFiles {
 public:
  explicit CertificateFiles(const PemFiles& pair = PemFiles());
  CertificateFiles(const CertificateFiles&) = delete;
  CertificateFiles& operator=(const CertificateFiles&) = delete;
  ~CertificateFiles();

  void write(const std::string& certificate, const std::string& key) const;

  [[nodiscard]] std::string certificate_file() const { return (directory_ / "certificate.pem").string(); }
  [[nodiscard]] std::string key_file() const { return (directory_ / "key.pem").string(); }
  [[nodiscard]] ServerSettings settings() const;

 private:
  std::filesystem::path directory_;
};

/// A TLS client on loopback that trusts anyone. Every wait is limited to 20 seconds.
class TlsClient {
 public:
  enum class End { close_notify, without_a_word, reset, none };

  /// What it wants of the handshake.
  struct Wishes {
    int newest_version = TLS1_3_VERSION;
    bool trusts_nobody = false;
  };

  explicit TlsClient(std::uint16_t port) : TlsClient(port, Wishes{}) {}
  TlsClient(std::uint16_t port, const Wishes& wishes);
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;
  ~TlsClient();

  [[nodiscard]] bool connected() const { return connected_; }

  /// Common name of the certificate that the server has shown.
  [[nodiscard]] std::string server_name() const;

  /// False if the server does not take it.
  bool send(const std::string& bytes);

  /// Sends `bytes` and returns the first piece of the answer, or nothing.
  std::string exchange(const std::string& bytes);

  /// All up to the end of what the server sends, and how it ended.
  std::string receive_all();
  [[nodiscard]] End how_it_ended() const noexcept { return end_; }

 private:
  /// The next piece, or nothing: then it has ended.
  std::string receive();

  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
  std::unique_ptr<SSL, decltype(&SSL_free)> tls_;
  int socket_ = -1;
  bool connected_ = false;
  End end_ = End::none;
};

}  // namespace fulfilld
