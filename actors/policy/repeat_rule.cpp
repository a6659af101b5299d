// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/repeat_rule.hpp"

#include "actors/policy/effect.hpp"
#include "actors/policy/retry_after.hpp"
#include "actors/policy/retry_plan.hpp"

namespace fulfilld {
namespace {

/// Might have been answered otherwise before, or if nothing had been done before.
bool refused_for_now(const HttpAnswer& answer) noexcept {
  if (effect_of(answer) == Effect::nothing) return true;
  if (answer.failure != HttpFailure::none) return false;
  switch (answer.status) {
    case 404:
    case 409:
    case 410:
    case 412:
    case 422:
    case 423:
    case 424:
      return true;
    case 503:
      return retry_after(answer, WallTime{}).has_value();
    default:
      return false;
  }
}

}  // namespace

RepeatRule::Verdict RepeatRule::judge(const HttpAnswer& answer) noexcept {
  if (operation_ == OperationClass::safe) return {.repeat = may_retry(answer, operation_)};
  const Effect effect = effect_of(answer, trusts_503_);
  if (operation_ == OperationClass::unsafe)
    return {.repeat = may_retry(answer, operation_, trusts_503_),
            .doubt = effect == Effect::unknown ? Doubt::of_this_attempt : Doubt::none};
  const bool key_in_use = in_doubt_ && answer.failure == HttpFailure::none && answer.status == 409;
  is_in_use_ = key_in_use || (is_in_use_ && (effect == Effect::unknown || refused_for_now(answer)));
  const Verdict verdict{
      .repeat = key_in_use || may_retry(answer, operation_),
      .counts = !key_in_use,
      .doubt = is_in_use_ || (in_doubt_ && refused_for_now(answer)) ? Doubt::of_an_earlier : Doubt::none};
  in_doubt_ = in_doubt_ || effect == Effect::unknown || effect == Effect::refused;
  return verdict;
}

}  // namespace fulfilld
