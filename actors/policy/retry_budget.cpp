// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/retry_budget.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "actors/policy/later.hpp"

namespace fulfilld {
namespace {

// What is short by a rounding error is there.
constexpr double whole_retry = 1.0 - 1e-6;

std::int64_t second_of(MonotonicTime now) noexcept {
  return std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
}

}  // namespace

RetryBudget::RetryBudget(const RetryBudgetPolicy& policy, MonotonicTime now) noexcept
    : per_call_(policy.percent / 100.0),
      per_nanosecond_(policy.per_second / 1e9),
      capacity_(policy.percent == 0 && policy.per_second == 0 ? 0 : std::max(1.0, policy.per_second * 2.0)),
      saved_(capacity_),
      saved_at_(now) {}

double RetryBudget::from_time(MonotonicTime now) const noexcept {
  const std::chrono::duration<double, std::nano> passed = std::max(now, saved_at_) - saved_at_;
  return std::min(capacity_, saved_ + passed.count() * per_nanosecond_);
}

double RetryBudget::from_traffic(MonotonicTime now) const noexcept {
  const std::int64_t oldest = second_of(now) - static_cast<std::int64_t>(seconds) + 1;
  double sum = 0;
  for (const Second& second : traffic_) sum += second.number >= oldest ? second.retries : 0;
  return sum;
}

void RetryBudget::first_attempt(MonotonicTime now) noexcept {
  const std::int64_t number = second_of(now);
  Second& second = traffic_[static_cast<std::size_t>(number) % seconds];
  if (second.number != number) second = {number, 0};
  second.retries += per_call_;
}

bool RetryBudget::try_take(MonotonicTime now) noexcept {
  const double of_time = from_time(now);
  if (of_time + from_traffic(now) < whole_retry) return false;
  saved_ = of_time;
  saved_at_ = std::max(now, saved_at_);
  double missing = 1;
  const auto take_from = [&missing](double& store) {
    const double part = std::min(missing, store);
    store -= part;
    missing -= part;
  };
  // What is lost first goes first.
  const std::int64_t newest = second_of(now);
  for (std::int64_t number = newest - static_cast<std::int64_t>(seconds) + 1; number <= newest; ++number) {
    Second& second = traffic_[static_cast<std::size_t>(number) % seconds];
    if (second.number == number) take_from(second.retries);
  }
  take_from(saved_);
  return true;
}

MonotonicTime RetryBudget::next(MonotonicTime now) const noexcept {
  const double missing = 1 - from_time(now) - from_traffic(now);
  if (missing <= 1 - whole_retry) return now;
  if (per_nanosecond_ == 0) return MonotonicTime::max();
  return later(now, std::chrono::duration<double, std::nano>{std::ceil(missing / per_nanosecond_)});
}

bool RetryBudget::as_new(MonotonicTime now) const noexcept {
  return from_time(now) + from_traffic(now) >= capacity_ - (1 - whole_retry);
}

}  // namespace fulfilld
