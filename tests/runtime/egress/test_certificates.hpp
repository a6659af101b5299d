// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/ssl.h>

#include <filesystem>
#include <memory>
#include <string>

namespace fulfilld::testing {

using TlsContextPtr = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;

/// A certificate authority that lives as long as the test. Keys are made anew each time.
class TestAuthority {
 public:
  TestAuthority();
  ~TestAuthority();
  TestAuthority(const TestAuthority&) = delete;
  TestAuthority& operator=(const TestAuthority&) = delete;

  /// PEM file with the authority's certificate.
  [[nodiscard]] std::string file() const { return file_.string(); }

  /// A server's context with a certificate for `names`, e.g. "DNS:a.test,IP:127.0.0.1", that is valid from yesterday
  /// for `days` days.
  [[nodiscard]] TlsContextPtr server(const std::string& names, int days = 2) const;

 private:
  EVP_PKEY* key_;
  X509* certificate_;
  std::filesystem::path file_;
};

}  // namespace fulfilld::testing
