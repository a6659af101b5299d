// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace fulfilld {

/// What a token endpoint says of why it gives no token.
struct TokenError {
  std::string code;   ///< its first word, e.g. `invalid_client`; empty: it says nothing
  std::string words;  ///< all of them, for a person: `invalid_client: unknown id`; bounded, without control characters
};

/// At most 200 bytes of it, for a person, on one line.
[[nodiscard]] std::string one_line(std::string_view text);

/// Finds the endpoint's own words (RFC 6749, 5.2, and what Okta, Apigee, Azure and others have in their place), in JSON
/// or in a form. Never the body as it is: it may hold a token.
[[nodiscard]] TokenError read_token_error(std::string_view body);

/// True if asking the same again cannot help: the endpoint has refused the client, or what it asks for. Refusals that
/// speak of their own end (`slow_down`, `temporarily_unavailable`, a 5xx, a 429) are none.
[[nodiscard]] bool is_lasting_refusal(int status, const TokenError& error) noexcept;

}  // namespace fulfilld
