// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "actors/policy/reason.hpp"
#include "actors/ports/adapter.hpp"
#include "actors/ports/http_engine.hpp"

namespace fulfilld {

/// Why a call did not succeed, as the adapter is told.
struct AnswerFailure {
  Reason reason = Reason::none;  ///< `none`: it succeeded
  std::string message;
};

/// The reason of a final answer. An unsafe call that may or may not have been carried out is `outcome_unknown`. The
/// message of a status holds the first 200 bytes of the body, decoded, and that of a redirect its target without query.
[[nodiscard]] AnswerFailure failure_of(const HttpAnswer& answer, OperationClass operation);

}  // namespace fulfilld
