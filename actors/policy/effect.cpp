// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/effect.hpp"

#include "actors/policy/retry_after.hpp"

namespace fulfilld {
namespace {

Effect effect_of_status(int status) noexcept {
  if (status >= 200 && status < 300) return Effect::done;
  switch (status) {
    case 401:
    case 407:
    case 421:
    case 425:
    case 429:
      return Effect::nothing;
    case 303:
    case 408:
    case 502:
    case 503:
    case 504:
      return Effect::unknown;
    default:
      // The registered ones end with 511.
      return status >= 300 && status < 512 ? Effect::refused : Effect::unknown;
  }
}

}  // namespace

Effect effect_of(const HttpAnswer& answer, bool trusts_503) noexcept {
  switch (answer.failure) {
    case HttpFailure::none:
      if (trusts_503 && answer.status == 503 && retry_after(answer, WallTime{})) return Effect::nothing;
      return effect_of_status(answer.status);
    case HttpFailure::resolve:
    case HttpFailure::connect:
    case HttpFailure::tls:
    case HttpFailure::no_socket:
    case HttpFailure::turned_away:
      return Effect::nothing;
    case HttpFailure::too_large:
      // Its head was read: a refusal is one however long its page is.
      return effect_of_status(answer.status) == Effect::refused ? Effect::refused : Effect::unknown;
    case HttpFailure::timeout:
    case HttpFailure::reset:
    case HttpFailure::bad_answer:
    case HttpFailure::cancelled:
      return answer.request_sent ? Effect::unknown : Effect::nothing;
  }
  return Effect::unknown;
}

}  // namespace fulfilld
