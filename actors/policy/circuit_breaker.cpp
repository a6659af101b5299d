// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/circuit_breaker.hpp"

#include <algorithm>

#include "actors/policy/later.hpp"

namespace fulfilld {
namespace {

std::int64_t slot_of(MonotonicTime now, std::chrono::milliseconds window, std::size_t slots) noexcept {
  const auto length = std::chrono::nanoseconds{window} / static_cast<std::int64_t>(slots);
  return now.time_since_epoch() / std::max(length, std::chrono::nanoseconds{1});
}

bool share_reached(std::uint64_t part, std::uint64_t whole, std::uint32_t percent) noexcept {
  return part > 0 && part * 100 >= whole * percent;
}

}  // namespace

CircuitBreaker::CircuitBreaker(const BreakerPolicy& policy) noexcept
    : policy_(policy), open_for_(std::min(policy.open_for, policy.open_max)) {}

CircuitBreaker::State CircuitBreaker::state(MonotonicTime now) const noexcept {
  if (!is_open_) return State::closed;
  return now < open_until_ ? State::open : State::half_open;
}

bool CircuitBreaker::may_go(MonotonicTime now) const noexcept { return !is_open_ || (now >= open_until_ && !probing_); }

CircuitBreaker::Ticket CircuitBreaker::enter() noexcept {
  probing_ = is_open_;
  return {.probe = is_open_, .life = life_};
}

void CircuitBreaker::leave(const Ticket& ticket, TargetHealth health, std::chrono::microseconds took,
                           MonotonicTime now) noexcept {
  if (!policy_.enabled || ticket.life != life_) return;
  probing_ = false;
  if (health == TargetHealth::unknown) return;
  const bool failed = health == TargetHealth::ill;
  const bool slow = policy_.slow_percent <= 100 && took >= policy_.slow_call;
  if (!ticket.probe) {
    count(failed, slow, now);
    if (too_bad(now)) open(now);
  } else if (failed || slow) {
    open(now);
  } else if (++good_probes_ >= policy_.probes) {
    close();
  }
}

bool CircuitBreaker::as_new(MonotonicTime now) const noexcept { return !is_open_ && in_window(now).calls == 0; }

CircuitBreaker::Slot CircuitBreaker::in_window(MonotonicTime now) const noexcept {
  const std::int64_t oldest = slot_of(now, policy_.window, slots) - static_cast<std::int64_t>(slots) + 1;
  Slot sum;
  for (const Slot& slot : window_) {
    if (slot.number < oldest) continue;
    sum.calls += slot.calls;
    sum.failed += slot.failed;
    sum.slow += slot.slow;
  }
  return sum;
}

void CircuitBreaker::count(bool failed, bool slow, MonotonicTime now) noexcept {
  const std::int64_t number = slot_of(now, policy_.window, slots);
  Slot& slot = window_[static_cast<std::size_t>(number) % slots];
  if (slot.number != number) slot = Slot{.number = number};
  ++slot.calls;
  slot.failed += failed ? 1 : 0;
  slot.slow += slow ? 1 : 0;
}

bool CircuitBreaker::too_bad(MonotonicTime now) const noexcept {
  const Slot seen = in_window(now);
  if (seen.calls < policy_.least_calls) return false;
  return share_reached(seen.failed, seen.calls, policy_.failure_percent) ||
         share_reached(seen.slow, seen.calls, policy_.slow_percent);
}

void CircuitBreaker::open(MonotonicTime now) noexcept {
  is_open_ = true;
  open_until_ = later(now, open_for_);
  open_for_ = open_for_ < policy_.open_max / 2 ? open_for_ * 2 : policy_.open_max;
  good_probes_ = 0;
  ++life_;
}

void CircuitBreaker::close() noexcept {
  is_open_ = false;
  window_ = {};
  open_for_ = std::min(policy_.open_for, policy_.open_max);
  ++life_;
}

}  // namespace fulfilld
