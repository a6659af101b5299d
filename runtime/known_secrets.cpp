// SPDX-License-Identifier: Apache-2.0
#include "runtime/known_secrets.hpp"

#include <string>
#include <vector>

namespace fulfilld {

Redaction redaction_for(const Config& config) {
  std::vector<std::string> secrets;
  for (const auto& [name, credential] : config.credentials) {
    secrets.push_back(credential.client_secret.current().reveal());
    secrets.push_back(credential.token.current().reveal());
  }
  for (const auto& [name, action] : config.actions)
    for (const auto& [key, secret] : action.secrets) secrets.push_back(secret.reveal());

  Redaction redaction(secrets);
  for (const auto& [name, credential] : config.credentials) {
    const auto learn = [redaction, owner = "secret of credential " + name](const Secret& secret) {
      redaction.learn(owner, secret.reveal());
    };
    credential.client_secret.before_each_change(learn);
    credential.token.before_each_change(learn);
  }
  return redaction;
}

}  // namespace fulfilld
