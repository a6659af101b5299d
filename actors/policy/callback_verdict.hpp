// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "actors/ports/http_engine.hpp"

namespace fulfilld {

/// What the platform's answer to a callback means.
enum class CallbackVerdict {
  taken,          ///< 2xx: whatever the body is, empty, not JSON or not to be decoded included
  token_refused,  ///< 401 or 403: perhaps the token; drop it and try once with a new one
  try_again,      ///< temporary or ambiguous: repeat the same body
  too_large,      ///< 413, or 400 that names the size: this body will never be taken, a smaller one may be
  refused,        ///< lasting: 3xx, and 4xx other than those above
};

[[nodiscard]] CallbackVerdict judge_callback(const HttpAnswer& answer) noexcept;

}  // namespace fulfilld
