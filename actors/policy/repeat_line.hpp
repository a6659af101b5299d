// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "actors/policy/retry_budget.hpp"
#include "actors/time.hpp"

namespace fulfilld {

/// A retry budget for repetitions that can be given a time to come: what there is no budget for now gets a place in a
/// line that goes on with `per_second`. The bound is that of RetryBudget, and one retry. Pure: time comes in as an
/// argument.
class RepeatLine {
 public:
  RepeatLine(const RetryBudgetPolicy& policy, MonotonicTime now) noexcept;

  void first_attempt(MonotonicTime now) noexcept { traffic_.first_attempt(now); }

  /// When a repetition that is wanted now may begin, and takes that; nothing if that is not before `last`.
  [[nodiscard]] std::optional<MonotonicTime> take(MonotonicTime now, MonotonicTime last) noexcept;

 private:
  RetryBudget traffic_;             ///< what first attempts permit
  MonotonicTime::duration period_;  ///< between two that time permits; 0: it permits none
  MonotonicTime next_;
};

}  // namespace fulfilld
