// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/repeat_line.hpp"

#include <algorithm>
#include <chrono>

namespace fulfilld {
namespace {

using namespace std::chrono_literals;

constexpr MonotonicTime::duration kSavedUp = 2s;

}  // namespace

RepeatLine::RepeatLine(const RetryBudgetPolicy& policy, MonotonicTime now) noexcept
    : traffic_({.percent = policy.percent, .per_second = 0}, now),
      period_(policy.per_second == 0 ? 0s : MonotonicTime::duration(1s) / policy.per_second),
      next_(now - kSavedUp) {}

std::optional<MonotonicTime> RepeatLine::take(MonotonicTime now, MonotonicTime last) noexcept {
  if (now >= last) return std::nullopt;
  if (traffic_.try_take(now)) return now;
  if (period_ == 0s) return std::nullopt;
  const MonotonicTime mine = std::max(next_, now - kSavedUp);
  if (mine >= last) return std::nullopt;
  next_ = mine + period_;
  return std::max(mine, now);
}

}  // namespace fulfilld
