// SPDX-License-Identifier: Apache-2.0
#include "tests/runtime/certificate/pem_files.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <stdexcept>

namespace fulfilld {
namespace {

template <class Write>
std::string written(Write write) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), BIO_free);
  if (!out || write(out.get()) != 1) throw std::runtime_error("OpenSSL writes nothing");
  char* text = nullptr;
  const auto size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

char* passphrase() {
  static char text[] = "passphrase";
  return text;
}

}  // namespace

PemFiles::PemFiles(const Wishes& wishes)
    : key_(wishes.rsa_bits == 0 ? EVP_EC_gen("P-256") : EVP_RSA_gen(wishes.rsa_bits), EVP_PKEY_free),
      certificate_(X509_new(), X509_free) {
  auto* const certificate = certificate_.get();
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), wishes.valid_from);
  X509_gmtime_adj(X509_getm_notAfter(certificate), wishes.valid_until);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(wishes.name.c_str()), -1, -1, 0);
  X509_set_pubkey(certificate, key_.get());
  const auto& issuer = wishes.signed_by == nullptr ? *this : *wishes.signed_by;
  X509_set_issuer_name(certificate, X509_get_subject_name(issuer.certificate_.get()));
  if (X509_sign(certificate, issuer.key_.get(), EVP_sha256()) == 0) throw std::runtime_error("OpenSSL signs nothing");
}

std::string PemFiles::certificate() const {
  return written([this](BIO* out) { return PEM_write_bio_X509(out, certificate_.get()); });
}

std::string PemFiles::key() const {
  return written(
      [this](BIO* out) { return PEM_write_bio_PrivateKey(out, key_.get(), nullptr, nullptr, 0, nullptr, nullptr); });
}

std::string PemFiles::encrypted_key() const {
  return written([this](BIO* out) {
    return PEM_write_bio_PKCS8PrivateKey(out, key_.get(), EVP_aes_256_cbc(), nullptr, 0, nullptr, passphrase());
  });
}

std::string PemFiles::old_encrypted_key() const {
  return written([this](BIO* out) {
    return PEM_write_bio_PrivateKey_traditional(out, key_.get(), EVP_aes_256_cbc(), nullptr, 0, nullptr, passphrase());
  });
}

std::string PemFiles::binary_certificate() const {
  return written([this](BIO* out) { return i2d_X509_bio(out, certificate_.get()); });
}

}  // namespace fulfilld
