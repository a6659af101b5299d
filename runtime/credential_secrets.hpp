// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "actors/ports/observer.hpp"
#include "runtime/config/config.hpp"

namespace fulfilld {

/// Reads the secrets of all credentials anew, from wherever they come. One that cannot be read stays as it is, with a
/// warning that names the credential. Any thread.
void read_secrets_anew(const Config& config, Observer& observer);

/// The same for the client secret of one credential, if that is in a file: to be done before it is used.
void follow_client_secret(const std::string& name, const CredentialSettings& credential, Observer& observer);

}  // namespace fulfilld
