// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "actors/ports/http_engine.hpp"

namespace fulfilld {

/// What a token endpoint answered (RFC 6749, 5.1): a token, or the sentence that says why there is none.
struct TokenAnswer {
  std::string access_token{};        ///< empty: no token
  std::chrono::seconds lifetime{0};  ///< what `expires_in` says
  std::string problem{};             ///< what is wrong, and where that is known, what to do
  bool lasting = false;              ///< of a problem: asking the same again cannot help
};

/// Reads the answer, decoded from the charset that its Content-Type names; numbers of any size and halves of characters
/// in it are no mistakes. `expires_in` may be a number or a numeric string; where it is missing, below one second or
/// not a number, five minutes are assumed: too short costs one request, too long is mended by the first 401. More than
/// thirty days is cut to that. A token of another type than bearer (RFC 6749, 7.1) is none: it needs what is not done
/// here.
[[nodiscard]] TokenAnswer read_token_answer(const HttpAnswer& answer);

/// How long after its issue a token is refreshed: at 80 % of its life, at least ten seconds.
[[nodiscard]] std::chrono::seconds refresh_after(std::chrono::seconds lifetime) noexcept;

}  // namespace fulfilld
