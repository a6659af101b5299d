// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "actors/execution.hpp"
#include "actors/policy/reason.hpp"

namespace fulfilld {

/// Why an execution that an earlier process left without an outcome must not run again, or `Reason::none` if it may:
/// - `outcome_unknown`: an unsafe call may have been sent; whoever waits must look himself,
/// - `parked`: `park_after` processes have died, and it is or may be to blame,
/// - `deadline`: it is too late.
/// What is safe or idempotent runs again; idempotent calls then carry the same Idempotency-Key.
[[nodiscard]] constexpr Reason reason_not_to_run(const History& history, std::uint32_t park_after,
                                                 bool past_deadline) noexcept {
  if (history.sent_unsafe) return Reason::outcome_unknown;
  if (history.deaths >= park_after) return Reason::parked;
  return past_deadline ? Reason::deadline : Reason::none;
}

/// Why an outcome that an earlier process left undelivered must not be delivered, or `Reason::none` if it may:
/// `parked`, if `park_after` processes have died in the middle of delivering just this one. That it was merely on its
/// way when they died is not held against it: a result that is known is not dropped on suspicion.
[[nodiscard]] constexpr Reason reason_not_to_deliver(const History& history, std::uint32_t park_after) noexcept {
  return history.deaths_in_delivery >= park_after ? Reason::parked : Reason::none;
}

}  // namespace fulfilld
