// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/target_health.hpp"

#include "actors/policy/retry_after.hpp"

namespace fulfilld {
namespace {

TargetHealth health_of_status(const HttpAnswer& answer) noexcept {
  if (answer.status == 429) return TargetHealth::refusing;
  if (answer.status == 503 && retry_after(answer, WallTime{})) return TargetHealth::refusing;
  return answer.status >= 200 && answer.status < 500 ? TargetHealth::well : TargetHealth::ill;
}

}  // namespace

TargetHealth target_health(const HttpAnswer& answer) noexcept {
  switch (answer.failure) {
    case HttpFailure::none:
      return health_of_status(answer);
    case HttpFailure::resolve:
    case HttpFailure::connect:
    case HttpFailure::tls:
    case HttpFailure::timeout:
    case HttpFailure::reset:
    case HttpFailure::bad_answer:
      return TargetHealth::ill;
    case HttpFailure::too_large:
      return TargetHealth::well;
    case HttpFailure::no_socket:
    case HttpFailure::cancelled:
    case HttpFailure::turned_away:
      return TargetHealth::unknown;
  }
  return TargetHealth::unknown;
}

}  // namespace fulfilld
