// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "actors/time.hpp"

namespace fulfilld {

/// How many of a target's calls may be repetitions.
struct RetryBudgetPolicy {
  std::uint32_t percent = 20;     ///< of the first attempts
  std::uint32_t per_second = 10;  ///< in any case
};

/// Keeps retries from multiplying an outage: each first attempt permits `percent` of a retry, each second permits
/// `per_second`, each retry takes one. What a first attempt permits is lost ten seconds later, as a back-off or a
/// Retry-After may last for some of them; of what time permits, two seconds' worth (or one retry, if that is more) is
/// there at first and can be saved up. So in any time T there are at most percent * N + per_second * (T + 2 s) retries,
/// where N are the first attempts in T and in the ten seconds before. A policy of 0 and 0 forbids retries altogether.
///
/// Pure: time comes in as an argument.
class RetryBudget {
 public:
  RetryBudget(const RetryBudgetPolicy& policy, MonotonicTime now) noexcept;

  void first_attempt(MonotonicTime now) noexcept;

  /// Takes a retry if there is one.
  [[nodiscard]] bool try_take(MonotonicTime now) noexcept;

  /// When there will be a retry without any further traffic; not later than `now` if there is one already;
  /// `MonotonicTime::max()` if only traffic can bring one.
  [[nodiscard]] MonotonicTime next(MonotonicTime now) const noexcept;

  /// True if a new one would permit as much.
  [[nodiscard]] bool as_new(MonotonicTime now) const noexcept;

 private:
  struct Second {
    std::int64_t number = -1;  ///< since the clock's start
    double retries = 0;
  };
  static constexpr std::size_t seconds = 10;

  [[nodiscard]] double from_traffic(MonotonicTime now) const noexcept;
  [[nodiscard]] double from_time(MonotonicTime now) const noexcept;

  double per_call_;
  double per_nanosecond_;
  double capacity_;
  double saved_;  ///< of what time has permitted, at `saved_at_`
  MonotonicTime saved_at_;
  std::array<Second, seconds> traffic_{};
};

}  // namespace fulfilld
