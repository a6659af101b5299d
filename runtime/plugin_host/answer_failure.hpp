// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "actors/policy/reason.hpp"
#include "actors/ports/http_engine.hpp"

namespace fulfilld {

/// Why a call did not succeed, as the adapter is told.
struct AnswerFailure {
  Reason reason = Reason::none;  ///< `none`: it succeeded
  std::string message;
};

/// The reason of a final answer; `outcome_unknown` where its maker says so, whatever the answer is. The message of a
/// status holds the first 200 bytes of the body, decoded, or why it could not be decoded, and that of a redirect its
/// target without query.
[[nodiscard]] AnswerFailure failure_of(const HttpAnswer& answer);

}  // namespace fulfilld
