// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "actors/time.hpp"

namespace fulfilld {

/// What calls that have no token may hope for.
struct TokenOutlook {
  std::string problem{};       ///< why there is none, for a person; empty: nothing has gone wrong so far
  bool hopeless = false;       ///< the endpoint will go on refusing until somebody mends something
  MonotonicTime next_fetch{};  ///< no token can be there before that
};

/// Whether a call that no attempt of may go on after `last_end` gains by waiting for a token. A patient one, whose
/// worth outlasts a wrong secret, always does.
[[nodiscard]] inline bool worth_waiting(const TokenOutlook& outlook, MonotonicTime last_end, bool patient) noexcept {
  if (patient || outlook.problem.empty()) return true;
  return !outlook.hopeless && outlook.next_fetch < last_end;
}

}  // namespace fulfilld
