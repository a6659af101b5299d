// SPDX-License-Identifier: Apache-2.0
#include "runtime/credential_secrets.hpp"

namespace fulfilld {
namespace {

void report(const std::string& name, const std::string& problem, Observer& observer) {
  if (problem.empty()) return;
  observer.event(LogLevel::warning, "credentials",
                 "the secret of credential '" + name + "' stays as it was: " + problem);
}

}  // namespace

void read_secrets_anew(const Config& config, Observer& observer) {
  for (const auto& [name, credential] : config.credentials) {
    report(name, credential.client_secret.read_anew(), observer);
    report(name, credential.token.read_anew(), observer);
  }
}

void follow_client_secret(const std::string& name, const CredentialSettings& credential, Observer& observer) {
  report(name, credential.client_secret.follow(), observer);
}

}  // namespace fulfilld
