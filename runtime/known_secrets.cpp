// SPDX-License-Identifier: Apache-2.0
#include "runtime/known_secrets.hpp"

#include <string>
#include <utility>
#include <vector>

#include "actors/policy/sent_secrets.hpp"
#include "runtime/token_request.hpp"

namespace fulfilld {
namespace {

/// What the token endpoint gets to see of it, which may be all that shows of a short one.
std::vector<std::string> sent_for(CredentialSettings credential, const Secret& secret) {
  std::vector<std::string> secrets{secret.reveal()};
  if (secret.empty() || credential.kind != CredentialSettings::Kind::client_credentials) return secrets;
  credential.client_secret = secret;
  add_secrets_in({token_request(credential).authorization, "", ""}, secrets);
  return secrets;
}

}  // namespace

Redaction redaction_for(const Config& config) {
  std::vector<std::string> secrets;
  for (const auto& [name, credential] : config.credentials) {
    for (auto& secret : sent_for(credential, credential.client_secret.current())) secrets.push_back(std::move(secret));
    secrets.push_back(credential.token.current().reveal());
  }
  for (const auto& [name, action] : config.actions)
    for (const auto& [key, secret] : action.secrets) secrets.push_back(secret.reveal());

  Redaction redaction(secrets);
  for (const auto& [name, credential] : config.credentials) {
    // Without the credential's own secret: its listener must not keep it alive.
    auto without = credential;
    without.client_secret = Secret();
    const std::string owner = "secret of credential " + name;
    credential.client_secret.before_each_change([redaction, owner, without](const Secret& secret) {
      for (auto& sent : sent_for(without, secret)) redaction.learn(owner, std::move(sent));
    });
    credential.token.before_each_change(
        [redaction, owner](const Secret& secret) { redaction.learn(owner, secret.reveal()); });
  }
  return redaction;
}

}  // namespace fulfilld
