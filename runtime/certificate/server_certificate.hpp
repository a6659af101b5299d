// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/types.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fulfilld {

/// A file that has been read, for a sentence about it.
struct NamedText {
  std::string name;
  std::string text;
};

/// The certificate that the service shows, those of the authorities behind it, and its key: known to belong together.
/// Any thread.
class ServerCertificate {
 public:
  ServerCertificate(std::vector<std::shared_ptr<X509>> chain, std::shared_ptr<EVP_PKEY> key)
      : chain_(std::move(chain)), key_(std::move(key)) {}

  /// Puts them into a context of a server. False if OpenSSL does not take them; its error queue says why.
  [[nodiscard]] bool use_in(SSL_CTX& context) const;

  /// For a log line, e.g. `CN=fulfilld.example.com, valid until 2027-01-31T00:00:00Z`.
  [[nodiscard]] std::string description() const;

  /// True if the same certificate is shown.
  [[nodiscard]] bool same_as(const ServerCertificate& other) const;

 private:
  std::vector<std::shared_ptr<X509>> chain_;  ///< the service's own first
  std::shared_ptr<EVP_PKEY> key_;
};

/// Why a certificate cannot be used: a sentence without a full stop that says what to do.
struct CertificateMistake {
  bool in_key_file = false;  ///< else in the file of the certificate
  std::string sentence;
};

/// A certificate, or the mistake.
struct CheckedCertificate {
  std::shared_ptr<const ServerCertificate> certificate;
  std::optional<CertificateMistake> mistake;
  std::vector<std::string> warnings;  ///< sentences: it can be used, and clients may still refuse it
};

/// Takes a certificate with its chain from the text of one PEM file and its key from that of another.
[[nodiscard]] CheckedCertificate check_server_certificate(const NamedText& certificate, const NamedText& key,
                                                          std::chrono::system_clock::time_point now);

}  // namespace fulfilld
