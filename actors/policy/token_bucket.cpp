// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/token_bucket.hpp"

#include <algorithm>
#include <cmath>

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
  return std::min(capacity_, tokens_ + nanoseconds(now - filled_at_) * per_nanosecond_);
}

bool TokenBucket::try_take(MonotonicTime now) noexcept {
  if (per_nanosecond_ == 0) return true;
  const double available = level(now);
  if (available < whole_token) return false;
  tokens_ = available - 1;
  filled_at_ = now;
  return true;
}

MonotonicTime TokenBucket::next_token(MonotonicTime now) const noexcept {
  if (per_nanosecond_ == 0) return now;
  const double missing = 1 - level(now);
  if (missing <= 0) return now;
  return now + std::chrono::nanoseconds{static_cast<std::int64_t>(std::ceil(missing / per_nanosecond_))};
}

}  // namespace fulfilld
