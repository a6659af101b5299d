// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/callback_verdict.hpp"

#include "actors/policy/retry_plan.hpp"

namespace fulfilld {

CallbackVerdict judge_callback(const HttpAnswer& answer) noexcept {
  const bool success = answer.status >= 200 && answer.status < 300;
  // A 2xx with more body than anyone wants to read, or one that nobody can read, has been taken all the same.
  if (success && (answer.failure == HttpFailure::none || answer.failure == HttpFailure::too_large ||
                  answer.failure == HttpFailure::bad_answer))
    return CallbackVerdict::taken;
  if (answer.failure != HttpFailure::none) return CallbackVerdict::try_again;
  if (answer.status == 401 || answer.status == 403) return CallbackVerdict::token_refused;
  return may_retry(answer, OperationClass::idempotent) ? CallbackVerdict::try_again : CallbackVerdict::refused;
}

}  // namespace fulfilld
