// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fulfilld {

/// What of a request may hold secrets that no configuration knows: an adapter may have fetched one itself.
struct SentHead {
  std::string authorization;  ///< the value of Authorization
  std::string header_lines;   ///< zero or more `Name: value\r\n`
  std::string target;         ///< path and query
};

/// Adds the secrets in there: the credentials of Authorization, the password in those of HTTP Basic, and the values of
/// header fields and query parameters whose names say that they are a key, a token or a password.
void add_secrets_in(const SentHead& head, std::vector<std::string>& secrets);

}  // namespace fulfilld
