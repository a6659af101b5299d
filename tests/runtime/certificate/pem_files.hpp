// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/types.h>

#include <memory>
#include <string>

namespace fulfilld {

/// A new key and a certificate for it, as PEM text.
class PemFiles {
 public:
  struct Wishes {
    std::string name = "test";
    const PemFiles* signed_by = nullptr;  ///< or by itself
    long valid_from = -3600;              ///< seconds from now
    long valid_until = 3600;
    unsigned rsa_bits = 0;  ///< 0: an EC key
  };

  PemFiles() : PemFiles(Wishes{}) {}
  explicit PemFiles(const Wishes& wishes);

  [[nodiscard]] std::string certificate() const;
  [[nodiscard]] std::string key() const;
  [[nodiscard]] std::string encrypted_key() const;       ///< PKCS#8
  [[nodiscard]] std::string old_encrypted_key() const;   ///< with the headers of RFC 1421
  [[nodiscard]] std::string binary_certificate() const;  ///< DER

 private:
  std::shared_ptr<EVP_PKEY> key_;
  std::shared_ptr<X509> certificate_;
};

}  // namespace fulfilld
