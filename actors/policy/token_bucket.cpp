// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/token_bucket.hpp"

#include <algorithm>
#include <cmath>

#include "actors/policy/later.hpp"

namespace fulfilld {
namespace {

double nanoseconds(auto duration) noexcept { return std::chrono::duration<double, std::nano>(duration).count(); }

// A token that is short by a rounding error is there: without it a caller that comes exactly when it was told to
// would be sent away once more.
constexpr double whole_token = 1.0 - 1e-6;

}  // namespace

TokenBucket::TokenBucket(Rate rate, MonotonicTime now) noexcept
    : capacity_(std::max(1.0, rate.burst > 0 ? rate.burst : rate.count)),
      per_nanosecond_(rate.limited() ? rate.count / nanoseconds(rate.period) : 0),
      tokens_(capacity_),
      filled_at_(now) {}

double TokenBucket::level(MonotonicTime now) const noexcept {
  return std::min(capacity_, tokens_ + nanoseconds(std::max(now, filled_at_) - filled_at_) * per_nanosecond_);
}

bool TokenBucket::try_take(MonotonicTime now) noexcept {
  if (per_nanosecond_ == 0) return true;
  const double available = level(now);
  if (available < whole_token) return false;
  tokens_ = available - 1;
  filled_at_ = std::max(now, filled_at_);
  return true;
}

MonotonicTime TokenBucket::next_token(MonotonicTime now) const noexcept { return when_there_are(1, now); }

MonotonicTime TokenBucket::half_full(MonotonicTime now) const noexcept {
  return when_there_are(std::max(1.0, capacity_ / 2), now);
}

MonotonicTime TokenBucket::when_there_are(double tokens, MonotonicTime now) const noexcept {
  if (per_nanosecond_ == 0) return now;
  const double missing = tokens - level(now);
  if (missing <= 0) return now;
  return later(now, std::chrono::duration<double, std::nano>{std::ceil(missing / per_nanosecond_)});
}

bool TokenBucket::full(MonotonicTime now) const noexcept {
  return per_nanosecond_ == 0 || level(now) >= capacity_ - (1 - whole_token);
}

}  // namespace fulfilld
