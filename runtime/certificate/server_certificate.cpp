// SPDX-License-Identifier: Apache-2.0
#include "runtime/certificate/server_certificate.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <string_view>
#include <utility>

#include "runtime/certificate/pem_blocks.hpp"

namespace fulfilld {
namespace {

using Clock = std::chrono::system_clock;
using Certificates = std::vector<std::shared_ptr<X509>>;
using BioPtr = std::unique_ptr<BIO, decltype(&BIO_free)>;

CheckedCertificate refuse(bool in_key_file, std::string sentence) {
  return {nullptr, CertificateMistake{in_key_file, std::move(sentence)}, {}};
}

/// What OpenSSL said first, and nothing of it is left behind for others.
std::string openssl_reason() {
  const auto code = ERR_get_error();
  ERR_clear_error();
  const char* const reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  return reason == nullptr ? "no reason given" : reason;
}

BioPtr reading(const std::string& text) {
  return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), BIO_free};
}

/// Never asks for a passphrase at the terminal.
int no_passphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*data*/) { return -1; }

bool holds_certificate(const PemBlock& block) {
  return block.label == "CERTIFICATE" || block.label == "X509 CERTIFICATE" || block.label == "TRUSTED CERTIFICATE";
}

bool holds_key(const PemBlock& block) { return block.label.ends_with("PRIVATE KEY"); }

bool is_encrypted(const PemBlock& block) {
  return block.label == "ENCRYPTED PRIVATE KEY" || block.text.find("Proc-Type: 4,ENCRYPTED") != std::string::npos;
}

/// What a file without the wanted blocks is instead, and how to make of it what is wanted.
std::string what_it_is(const NamedText& file, const char* wanted) {
  const std::string_view text = file.text;
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return "is empty";
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) return "is UTF-16 text: save it as ASCII or UTF-8";
  if (text.front() == '\x30' && text.size() > 1 && (static_cast<unsigned char>(text[1]) & 0x80U) != 0)
    return "is binary (DER or PKCS#12), and must be PEM: convert it with openssl x509, openssl pkey or openssl pkcs12";
  if (text.find("-----BEGIN PKCS7-----") != std::string_view::npos)
    return "is PKCS#7: take the certificates out of it with openssl pkcs7 -print_certs";
  return std::string("holds no ") + wanted + " in PEM form (-----BEGIN ...)";
}

std::string subject_of(X509& certificate) {
  const BioPtr out(BIO_new(BIO_s_mem()), BIO_free);
  if (!out) return {};
  X509_NAME_print_ex(out.get(), X509_get_subject_name(&certificate), 0, XN_FLAG_ONELINE & ~XN_FLAG_SPC_EQ);
  char* text = nullptr;
  const auto size = BIO_get_mem_data(out.get(), &text);
  constexpr long longest = 200;
  std::string subject(text, static_cast<std::size_t>(std::clamp(size, 0L, longest)));
  return subject.empty() ? "a certificate without a subject" : subject;
}

std::string time_text(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return "an unknown time";
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text.data();
}

/// Of the certificates, or why there are none: then the vector is empty.
std::pair<Certificates, std::string> certificates_in(const NamedText& file) {
  Certificates found;
  const auto blocks = pem_blocks(file.text);
  for (const auto& block : blocks) {
    if (!holds_certificate(block)) continue;
    const auto in = reading(block.text);
    std::shared_ptr<X509> certificate(PEM_read_bio_X509_AUX(in.get(), nullptr, no_passphrase, nullptr), X509_free);
    if (!certificate)
      return {{},
              "certificate number " + std::to_string(found.size() + 1) + " of " + file.name +
                  " cannot be read, it is damaged: " + openssl_reason()};
    found.push_back(std::move(certificate));
  }
  if (!found.empty()) return {found, {}};
  if (std::any_of(blocks.begin(), blocks.end(), holds_key))
    return {
        {},
        "the file " + file.name + " holds a private key and no certificate: are tls_certificate and tls_key swapped?"};
  return {{}, "the file " + file.name + " " + what_it_is(file, "certificate")};
}

/// The key, or why there is none.
std::pair<std::shared_ptr<EVP_PKEY>, std::string> key_in(const NamedText& file) {
  const auto blocks = pem_blocks(file.text);
  const auto block = std::find_if(blocks.begin(), blocks.end(), holds_key);
  if (block == blocks.end()) {
    if (std::any_of(blocks.begin(), blocks.end(), holds_certificate))
      return {nullptr, "the file " + file.name +
                           " holds a certificate and no private key: are tls_certificate and tls_key swapped?"};
    return {nullptr, "the file " + file.name + " " + what_it_is(file, "private key")};
  }
  if (is_encrypted(*block))
    return {nullptr,
            "the key in " + file.name +
                " is encrypted, and nobody is there to type its passphrase: write it without one, with openssl "
                "pkey -in " +
                file.name + " -out FILE, and let only fulfilld read that"};
  const auto in = reading(block->text);
  std::shared_ptr<EVP_PKEY> key(PEM_read_bio_PrivateKey(in.get(), nullptr, no_passphrase, nullptr), EVP_PKEY_free);
  if (!key) return {nullptr, "the key in " + file.name + " cannot be read, it is damaged: " + openssl_reason()};
  return {key, {}};
}

bool belong_together(X509& certificate, EVP_PKEY& key) {
  const bool match = X509_check_private_key(&certificate, &key) == 1;
  ERR_clear_error();
  return match;
}

std::string mismatch(const Certificates& chain, EVP_PKEY& key, const NamedText& certificate_file,
                     const NamedText& key_file) {
  const auto own =
      std::find_if(chain.begin(), chain.end(), [&](const auto& one) { return belong_together(*one, key); });
  if (own != chain.end())
    return "the key in " + key_file.name + " belongs to certificate number " + std::to_string(own - chain.begin() + 1) +
           " of " + certificate_file.name + " (" + subject_of(**own) +
           "): put that one first, then those of the authorities that signed it";
  return "the key in " + key_file.name + " does not belong to the certificate in " + certificate_file.name + " (" +
         subject_of(*chain.front()) + "): give the two files that were made together";
}

std::vector<std::string> warnings_about(const Certificates& chain, const NamedText& file, Clock::time_point now) {
  std::vector<std::string> warnings;
  std::time_t seconds = Clock::to_time_t(now);
  for (std::size_t i = 0; i < chain.size(); ++i) {
    auto& certificate = *chain[i];
    const auto named =
        "certificate number " + std::to_string(i + 1) + " of " + file.name + " (" + subject_of(certificate) + ")";
    if (const auto* end = X509_get0_notAfter(&certificate); X509_cmp_time(end, &seconds) < 0)
      warnings.push_back(named + " expired at " + time_text(end) + ": renew it, clients refuse it");
    if (const auto* begin = X509_get0_notBefore(&certificate); X509_cmp_time(begin, &seconds) > 0)
      warnings.push_back(named + " is not valid before " + time_text(begin) + ": clients refuse it until then");
    if (i > 0 && X509_check_issued(&certificate, chain[i - 1].get()) != X509_V_OK)
      warnings.push_back(named + " did not sign the one before it: some clients refuse a chain that is out of order");
  }
  ERR_clear_error();
  return warnings;
}

}  // namespace

bool ServerCertificate::use_in(SSL_CTX& context) const {
  ERR_clear_error();
  if (SSL_CTX_use_certificate(&context, chain_.front().get()) != 1) return false;
  if (SSL_CTX_use_PrivateKey(&context, key_.get()) != 1) return false;
  if (SSL_CTX_clear_chain_certs(&context) != 1) return false;
  for (std::size_t i = 1; i < chain_.size(); ++i)
    if (SSL_CTX_add1_chain_cert(&context, chain_[i].get()) != 1) return false;
  return SSL_CTX_check_private_key(&context) == 1;
}

std::string ServerCertificate::description() const {
  return subject_of(*chain_.front()) + ", valid until " + time_text(X509_get0_notAfter(chain_.front().get()));
}

bool ServerCertificate::same_as(const ServerCertificate& other) const {
  return chain_.size() == other.chain_.size() &&
         std::equal(chain_.begin(), chain_.end(), other.chain_.begin(),
                    [](const auto& a, const auto& b) { return X509_cmp(a.get(), b.get()) == 0; });
}

CheckedCertificate check_server_certificate(const NamedText& certificate, const NamedText& key, Clock::time_point now) {
  ERR_clear_error();
  auto [chain, certificate_problem] = certificates_in(certificate);
  if (chain.empty()) return refuse(false, std::move(certificate_problem));
  auto [own_key, key_problem] = key_in(key);
  if (!own_key) return refuse(true, std::move(key_problem));
  if (!belong_together(*chain.front(), *own_key)) return refuse(true, mismatch(chain, *own_key, certificate, key));

  auto warnings = warnings_about(chain, certificate, now);
  auto together = std::make_shared<const ServerCertificate>(std::move(chain), std::move(own_key));
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> trial(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (!trial || !together->use_in(*trial))
    return refuse(false,
                  "the certificate in " + certificate.name + " (" + together->description() +
                      ") is not taken by OpenSSL: " + openssl_reason() +
                      "; have it issued for an RSA key of 2048 bits or more, or an EC key, and signed with SHA-256");
  return {std::move(together), std::nullopt, std::move(warnings)};
}

}  // namespace fulfilld
