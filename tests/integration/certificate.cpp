// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/certificate.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <memory>
#include <stdexcept>

namespace fulfilld::integration {
namespace {

template <class Thing, void (*free_thing)(Thing*)>
struct Free {
  void operator()(Thing* thing) const { free_thing(thing); }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY, EVP_PKEY_free>>;
using CertificatePtr = std::unique_ptr<X509, Free<X509, X509_free>>;
using ExtensionPtr = std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION, X509_EXTENSION_free>>;

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

void check(bool good) {
  if (!good) throw std::runtime_error("OpenSSL cannot make a certificate");
}

CertificatePtr self_signed(EVP_PKEY* key, const std::string& common_name) {
  constexpr long one_day = 24L * 60 * 60;
  CertificatePtr certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -one_day);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), one_day);
  X509_set_pubkey(certificate.get(), key);
  auto* name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(common_name.c_str()), -1,
                             -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  const ExtensionPtr names(X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1"));
  check(names && X509_add_ext(certificate.get(), names.get(), -1) == 1);
  check(X509_sign(certificate.get(), key, EVP_sha256()) > 0);
  return certificate;
}

}  // namespace

Certificate::Certificate(const std::filesystem::path& directory, const std::string& name)
    : certificate(directory / "certificate.pem"), key(directory / "key.pem") {
  const KeyPtr private_key(EVP_EC_gen("P-256"));
  check(private_key != nullptr);
  const auto signed_certificate = self_signed(private_key.get(), name);
  const std::unique_ptr<std::FILE, Close> certificate_file(std::fopen(certificate.c_str(), "w"));
  const std::unique_ptr<std::FILE, Close> key_file(std::fopen(key.c_str(), "w"));
  check(certificate_file && PEM_write_X509(certificate_file.get(), signed_certificate.get()) == 1);
  check(key_file &&
        PEM_write_PrivateKey(key_file.get(), private_key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
}

}  // namespace fulfilld::integration
