// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/target_gate.hpp"

#include <algorithm>

#include "actors/policy/retry_after.hpp"

namespace fulfilld {

using namespace std::chrono_literals;

TargetGate::TargetGate(const TargetPolicy& policy, MonotonicTime now)
    : policy_(policy),
      bucket_(policy.rate, now),
      budget_(policy.retry_budget, now),
      breaker_(policy.breaker),
      cool_down_(policy.retry_after_max),
      gradient_(policy.concurrency),
      used_at_(now) {}

std::size_t TargetGate::concurrency() const noexcept {
  return policy_.adaptive_concurrency ? std::min(policy_.concurrency, gradient_.limit()) : policy_.concurrency;
}

Permit TargetGate::ask(bool retry, MonotonicTime now) const noexcept {
  if (!breaker_.may_go(now)) return {.kind = Permit::Kind::refuse, .reason = Reason::circuit_open};
  if (in_flight_ >= concurrency() || cool_down_.probing())
    return {.kind = Permit::Kind::wait, .not_before = MonotonicTime::max()};
  MonotonicTime when = std::max({reopens(now), bucket_.next_token(now), permitted_.next(now)});
  if (retry) when = std::max(when, budget_.next(now));
  if (when > now) return {.kind = Permit::Kind::wait, .not_before = when};
  return {};
}

Pass TargetGate::enter(bool retry, MonotonicTime now) noexcept {
  ++in_flight_;
  used_at_ = now;
  (void)bucket_.try_take(now);
  if (retry)
    (void)budget_.try_take(now);
  else
    budget_.first_attempt(now);
  return {.ticket = breaker_.enter(), .probe = cool_down_.enter(), .rate_life = permitted_.enter(now)};
}

void TargetGate::leave(const Pass& pass, const HttpAnswer& answer, MonotonicTime now, WallTime wall_now,
                       bool cut_short) noexcept {
  const bool too_short = cut_short && answer.failure == HttpFailure::timeout && answer.elapsed < 1s;
  const TargetHealth health = too_short ? TargetHealth::unknown : target_health(answer);
  const bool refusing = health == TargetHealth::refusing;
  const bool was_closed = cool_down_.closed_until().has_value();
  cool_down_.leave(pass.probe, health, refusing ? retry_after(answer, wall_now) : std::nullopt, now);
  const bool is_closed = cool_down_.closed_until().has_value();
  if (health == TargetHealth::well || refusing) permitted_.leave(pass.rate_life, refusing, answer.elapsed, now);
  if (is_closed && !was_closed) permitted_.closed(now);
  if (was_closed && !is_closed) permitted_.reopened(now);
  breaker_.leave(pass.ticket, health, answer.elapsed, now);
  // A refusal is quick, whatever the target has to do.
  if (policy_.adaptive_concurrency && (health == TargetHealth::well || health == TargetHealth::ill))
    gradient_.leave(answer.elapsed, health == TargetHealth::ill, in_flight_);
  --in_flight_;
  used_at_ = now;
}

MonotonicTime TargetGate::reopens(MonotonicTime now) const noexcept {
  return std::max(now, cool_down_.closed_until().value_or(now));
}

TargetState TargetGate::state(MonotonicTime now) const noexcept {
  const auto breaker = breaker_.state(now);
  return {.breaker = breaker,
          .closed_until = cool_down_.closed_until(),
          .permitted_rate = permitted_.per_second(now),
          .in_flight = in_flight_,
          .concurrency = concurrency(),
          .open_until = breaker == CircuitBreaker::State::open ? std::optional(breaker_.open_until()) : std::nullopt};
}

bool TargetGate::idle(MonotonicTime now) const noexcept {
  if (in_flight_ > 0 || !bucket_.full(now) || reopens(now) > now || breaker_.state(now) == CircuitBreaker::State::open)
    return false;
  if (now - used_at_ >= 1h) return true;
  return now - used_at_ >= 1min && !policy_.adaptive_concurrency && breaker_.as_new(now) && cool_down_.as_new(now) &&
         !permitted_.per_second(now) && budget_.as_new(now);
}

}  // namespace fulfilld
