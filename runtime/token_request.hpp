// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "actors/ports/http_engine.hpp"
#include "runtime/config/config.hpp"

namespace fulfilld {

/// The request that asks for an access token by client credentials (RFC 6749, 4.4.2): the client authenticates by
/// HTTP Basic, or by form fields where the credential says so; with the secret as it is now.
[[nodiscard]] HttpRequest token_request(const CredentialSettings& credential);

}  // namespace fulfilld
