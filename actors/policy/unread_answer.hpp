// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "actors/policy/reason.hpp"

namespace fulfilld {

/// True for the ways in which an execution fails over an answer that has come, and that tell nothing of what it says:
/// it is not what it should be, there is too much of it, the adapter broke on it, no thread was free to read it. If it
/// was the answer to an unsafe call that succeeded, what was asked has been done.
[[nodiscard]] constexpr bool is_unread_answer(Reason reason) noexcept {
  return reason == Reason::backend_bad_answer || reason == Reason::answer_too_large ||
         reason == Reason::adapter_fault || reason == Reason::queue_full;
}

}  // namespace fulfilld
