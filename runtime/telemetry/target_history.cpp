// SPDX-License-Identifier: Apache-2.0
#include "runtime/telemetry/target_history.hpp"

namespace fulfilld {
namespace {

using Breaker = CircuitBreaker::State;

TargetChange entered(Breaker breaker) noexcept {
  switch (breaker) {
    case Breaker::open:
      return TargetChange::breaker_opened;
    case Breaker::half_open:
      return TargetChange::breaker_half_open;
    case Breaker::closed:
      break;
  }
  return TargetChange::breaker_closed;
}

bool well(const TargetState& state) noexcept {
  return state.breaker == Breaker::closed && !state.closed_until && !state.permitted_rate;
}

}  // namespace

std::vector<TargetChange> target_changes(const TargetState& before, const TargetState& after, MonotonicTime now) {
  std::vector<TargetChange> changes;
  if (after.breaker != before.breaker) changes.push_back(entered(after.breaker));

  if (!before.closed_until && after.closed_until)
    changes.push_back(TargetChange::closed);
  else if (before.closed_until && !after.closed_until)
    changes.push_back(TargetChange::reopened);
  else if (before.closed_until && *after.closed_until > *before.closed_until)
    changes.push_back(*before.closed_until <= now ? TargetChange::closed_again : TargetChange::closed_for_longer);

  if (!before.permitted_rate && after.permitted_rate)
    changes.push_back(TargetChange::rate_cut);
  else if (before.permitted_rate && !after.permitted_rate)
    changes.push_back(TargetChange::rate_restored);
  else if (before.permitted_rate && *after.permitted_rate < *before.permitted_rate)
    changes.push_back(TargetChange::rate_cut_again);
  return changes;
}

TargetState TargetHistory::exchange(std::string_view target, const TargetState& state) {
  const std::lock_guard lock(mutex_);
  const auto known = sick_.find(target);
  if (known == sick_.end()) {
    if (!well(state) && sick_.size() < max_targets) sick_.emplace(target, state);
    return {};
  }
  const TargetState before = known->second;
  if (well(state))
    sick_.erase(known);
  else
    known->second = state;
  return before;
}

}  // namespace fulfilld
