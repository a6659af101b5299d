// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/token_pace.hpp"

#include <algorithm>
#include <limits>

namespace fulfilld {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// A token that was refused within that time never was any good; one that lasted longer was, whatever its endpoint says
/// of its life.
constexpr seconds at_once{2};
constexpr seconds least_interval{5};

RetryPolicy endless(RetryPolicy policy) noexcept {
  policy.attempts = std::numeric_limits<std::uint32_t>::max();
  return policy;
}

}  // namespace

TokenPace::TokenPace(const RetryPolicy& retry) noexcept : retry_(endless(retry)), plan_(retry_, MonotonicTime::max()) {}

void TokenPace::granted(MonotonicTime now) noexcept {
  granted_ = now;
  lasting_refusals_ = 0;
  plan_ = RetryPlan{retry_, MonotonicTime::max()};
}

milliseconds TokenPace::after_failure(const HttpAnswer& answer, bool lasting, MonotonicTime now, WallTime wall_now,
                                      double jitter) noexcept {
  lasting_refusals_ = lasting ? std::min(lasting_refusals_ + 1, 2U) : 0;
  // At the slow end chance only spreads: an endpoint that refuses is not to lock the client out for hammering it.
  if (hopeless()) jitter = 0.5 + jitter / 2;
  const auto step = plan_.after(answer, now, wall_now, jitter);
  const auto longest = std::max<milliseconds>(retry_.backoff_max, longest_wait);
  return step.retry ? std::min(step.delay, longest) : longest;
}

MonotonicTime TokenPace::after_refusal(MonotonicTime now) noexcept {
  if (now - granted_ >= at_once) {
    refused_at_once_ = 0;
    return now;
  }
  ++refused_at_once_;
  // One may have been revoked just then.
  if (refused_at_once_ == 1) return now;
  auto interval = least_interval;
  for (std::uint32_t n = 2; n < refused_at_once_ && interval < longest_wait; ++n) interval *= 2;
  return std::max(now, granted_ + std::min(interval, longest_wait));
}

}  // namespace fulfilld
