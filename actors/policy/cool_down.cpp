// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/cool_down.hpp"

#include <algorithm>
#include <bit>

#include "actors/policy/later.hpp"

namespace fulfilld {
namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t last_five = (1U << 5) - 1;
constexpr std::uint32_t last_twenty = (1U << 20) - 1;
constexpr std::chrono::milliseconds shortest = 1s;

}  // namespace

bool CoolDown::may_go(MonotonicTime now) const noexcept {
  return !closed_until_ || (now >= *closed_until_ && !probing_);
}

bool CoolDown::enter() noexcept {
  probing_ = closed_until_.has_value();
  return probing_;
}

void CoolDown::leave(bool probe, TargetHealth health, std::optional<std::chrono::milliseconds> retry_after,
                     MonotonicTime now) noexcept {
  if (probe) probing_ = false;
  if (health == TargetHealth::refusing)
    refused(std::clamp(retry_after.value_or(shortest), shortest, std::max(longest_, shortest)), now);
  else if (closed_until_ && probe && health != TargetHealth::unknown)
    reopen();
  else if (!closed_until_ && health == TargetHealth::well)
    accepted(now);
}

void CoolDown::refused(std::chrono::milliseconds asked_for, MonotonicTime now) noexcept {
  remember(true, now);
  asked_until_ = std::max(asked_until_, later(now, asked_for));
  if (closed_until_ || refuses_as_a_rule(now)) closed_until_ = asked_until_;
}

void CoolDown::accepted(MonotonicTime now) noexcept {
  remember(false, now);
  accepted_at_ = now;
}

void CoolDown::remember(bool refusal, MonotonicTime now) noexcept {
  if (as_new(now)) recent_ = 0;
  if (recent_ == 0) asked_until_ = MonotonicTime{};
  recent_ = ((recent_ << 1) | (refusal ? 1 : 0)) & last_twenty;
  if (now - second_.since >= 1s) {
    last_second_ = now - second_.since < 2s ? second_ : Second{};
    second_ = {.since = now};
  }
  ++second_.answers;
  second_.refusals += refusal ? 1 : 0;
  heard_at_ = now;
}

void CoolDown::reopen() noexcept {
  closed_until_.reset();
  recent_ = 0;
  second_ = last_second_ = {};
}

bool CoolDown::refuses_as_a_rule(MonotonicTime now) const noexcept {
  const bool five_in_a_row = (recent_ & last_five) == last_five && now - accepted_at_ >= 300ms;
  const bool half_of_twenty = std::popcount(recent_) >= 10;
  const bool half_of_a_second =
      (second_.refusals + last_second_.refusals) * 2 >= second_.answers + last_second_.answers;
  return five_in_a_row || (half_of_twenty && half_of_a_second);
}

bool CoolDown::as_new(MonotonicTime now) const noexcept {
  return !closed_until_ && (recent_ == 0 || now - heard_at_ >= 1min);
}

}  // namespace fulfilld
