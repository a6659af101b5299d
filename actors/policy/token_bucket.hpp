// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "actors/time.hpp"

namespace fulfilld {

/// A permitted rate: `count` calls per `period` in the long run, and up to `burst` at once after a pause; so any one
/// period sees at most `count + burst`. `count` 0 means no limit.
struct Rate {
  double count = 0;
  std::chrono::milliseconds period{1000};
  double burst = 0;  ///< 0: the same as `count`, at least 1

  [[nodiscard]] bool limited() const noexcept { return count > 0; }
};

/// The classic token bucket, refilled continuously. Pure: time comes in as an argument.
class TokenBucket {
 public:
  /// Starts full.
  TokenBucket(Rate rate, MonotonicTime now) noexcept;

  /// Takes a token if there is one.
  [[nodiscard]] bool try_take(MonotonicTime now) noexcept;

  /// When the next token will be there; not later than `now` if there is one already.
  [[nodiscard]] MonotonicTime next_token(MonotonicTime now) const noexcept;

  /// When half of the burst will be there: the time for calls that are to leave room for others.
  [[nodiscard]] MonotonicTime half_full(MonotonicTime now) const noexcept;

  [[nodiscard]] bool full(MonotonicTime now) const noexcept;

 private:
  [[nodiscard]] MonotonicTime when_there_are(double tokens, MonotonicTime now) const noexcept;
  [[nodiscard]] double level(MonotonicTime now) const noexcept;

  double capacity_;
  double per_nanosecond_;  ///< 0: no limit
  double tokens_;
  MonotonicTime filled_at_;
};

}  // namespace fulfilld
