// SPDX-License-Identifier: Apache-2.0
#include "runtime/ingress/own_certificate.hpp"

#include <openssl/ssl.h>

#include <chrono>
#include <stdexcept>
#include <utility>

#include "runtime/config/read_file.hpp"

namespace fulfilld {
namespace {

/// A server context: TLS 1.2 or later.
Poco::Net::Context::Ptr make_context(const ServerCertificate& certificate) {
  using Poco::Net::Context;
  Context::Params parameters;
  parameters.verificationMode = Context::VERIFY_NONE;
  parameters.cipherList = "HIGH:!aNULL:!MD5:!3DES:!RC4:!CAMELLIA:!ARIA";
  Context::Ptr context(new Context(Context::TLS_SERVER_USE, parameters));
  context->requireMinimumProtocol(Context::PROTO_TLSV1_2);
  context->enableSessionCache(true, "fulfilld");
  // A client that goes without a word has not cut anything short: its requests say how long they are. And we still
  // say our own close_notify then, where OpenSSL would send an alert about the missing one.
  SSL_CTX_set_options(context->sslContext(), SSL_OP_IGNORE_UNEXPECTED_EOF);
  if (!certificate.use_in(*context->sslContext())) throw std::runtime_error("OpenSSL does not take it");
  return context;
}

}  // namespace

OwnCertificate::OwnCertificate(const ServerSettings& settings, Observer& observer)
    : certificate_file_(settings.tls_certificate), key_file_(settings.tls_key), observer_(observer) {
  if (!in_use()) return;
  const auto checked = read();
  if (checked.mistake) throw std::runtime_error("The TLS certificate cannot be used: " + checked.mistake->sentence);
  take(checked);
}

Poco::Net::Context::Ptr OwnCertificate::context() const {
  const std::lock_guard lock(mutex_);
  return context_;
}

void OwnCertificate::renew() {
  if (!in_use()) return;
  try {
    const auto checked = read();
    if (checked.mistake) throw std::runtime_error(checked.mistake->sentence);
    take(checked);
  } catch (const std::exception& problem) {
    observer_.event(LogLevel::error, "ingress",
                    std::string("the TLS certificate is not renewed, the old one stays: ") + problem.what());
  }
}

CheckedCertificate OwnCertificate::read() const {
  const auto certificate = read_file(certificate_file_, largest_certificate_file);
  const auto key = read_file(key_file_, largest_certificate_file);
  for (const auto& [name, file] : {std::pair(&certificate_file_, &certificate), {&key_file_, &key}})
    if (!file->problem.empty())
      return {nullptr, CertificateMistake{file == &key, "the file " + *name + " " + file->problem}, {}};
  return check_server_certificate({certificate_file_, certificate.text}, {key_file_, key.text},
                                  std::chrono::system_clock::now());
}

void OwnCertificate::take(const CheckedCertificate& checked) {
  for (const auto& warning : checked.warnings) observer_.event(LogLevel::warning, "ingress", warning);
  const std::lock_guard lock(mutex_);
  if (certificate_ && checked.certificate->same_as(*certificate_)) {
    observer_.event(LogLevel::info, "ingress", "the TLS certificate is the same as before");
    return;
  }
  context_ = make_context(*checked.certificate);
  certificate_ = checked.certificate;
  observer_.event(LogLevel::info, "ingress",
                  "new connections are shown the TLS certificate " + certificate_->description());
}

}  // namespace fulfilld
