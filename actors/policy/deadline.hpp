// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>

#include "actors/time.hpp"

namespace fulfilld {

/// How long an execution may take, and how much of that is kept for its callback.
struct DeadlinePolicy {
  std::chrono::milliseconds limit{60000};   ///< from accept to the result's arrival
  std::chrono::milliseconds reserve{1000};  ///< kept for the callback; a tenth of the limit if that is less

  /// By when there has to be an outcome, counted from accept. No attempt goes on for longer.
  [[nodiscard]] constexpr std::chrono::milliseconds to_decide() const noexcept {
    return limit - std::min(reserve, limit / 10);
  }
};

}  // namespace fulfilld
