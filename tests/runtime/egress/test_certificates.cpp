// SPDX-License-Identifier: Apache-2.0
#include "tests/runtime/egress/test_certificates.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <stdexcept>

namespace fulfilld::testing {
namespace {

constexpr long day = 24 * 60 * 60;

void add_extension(X509* certificate, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  if (extension == nullptr) throw std::runtime_error("bad extension of a test certificate");
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

/// A certificate without extensions, not yet signed.
X509* make_certificate(const char* name, EVP_PKEY* key, int days) {
  static std::atomic<long> serial{1};
  X509* const certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial++);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -day);
  X509_gmtime_adj(X509_getm_notAfter(certificate), (days - 1) * day);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
  X509_set_pubkey(certificate, key);
  return certificate;
}

}  // namespace

TestAuthority::TestAuthority() : key_(EVP_EC_gen("P-256")), certificate_(make_certificate("Test authority", key_, 2)) {
  X509_set_issuer_name(certificate_, X509_get_subject_name(certificate_));
  add_extension(certificate_, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(certificate_, NID_key_usage, "critical,keyCertSign");
  X509_sign(certificate_, key_, EVP_sha256());
  std::string pattern = (std::filesystem::temp_directory_path() / "fulfilld-test-authority-XXXXXX").string();
  const int descriptor = mkstemp(pattern.data());
  if (descriptor < 0) throw std::runtime_error("no temporary file for a test certificate");
  file_ = pattern;
  FILE* const file = fdopen(descriptor, "w");
  PEM_write_X509(file, certificate_);
  fclose(file);
}

TestAuthority::~TestAuthority() {
  X509_free(certificate_);
  EVP_PKEY_free(key_);
  std::error_code ignored;
  std::filesystem::remove(file_, ignored);
}

TlsContextPtr TestAuthority::server(const std::string& names, int days) const {
  EVP_PKEY* const key = EVP_EC_gen("P-256");
  X509* const certificate = make_certificate("Test server", key, days);
  X509_set_issuer_name(certificate, X509_get_subject_name(certificate_));
  add_extension(certificate, NID_subject_alt_name, names);
  X509_sign(certificate, key_, EVP_sha256());
  TlsContextPtr context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
  SSL_CTX_use_certificate(context.get(), certificate);
  SSL_CTX_use_PrivateKey(context.get(), key);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return context;
}

}  // namespace fulfilld::testing
