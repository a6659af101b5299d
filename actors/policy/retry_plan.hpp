// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

#include "actors/policy/reason.hpp"
#include "actors/ports/adapter.hpp"
#include "actors/ports/http_engine.hpp"
#include "actors/time.hpp"

namespace fulfilld {

/// How often, and how long apart, a call is tried.
struct RetryPolicy {
  std::uint32_t attempts = 3;                       ///< in all, the first included
  std::chrono::milliseconds attempt_timeout{5000};  ///< hard limit of one attempt
  std::chrono::milliseconds backoff{1000};       ///< at most, before the second attempt; doubles with each further one
  std::chrono::milliseconds backoff_max{30000};  ///< no back-off is longer than this
  bool unsafe_after_503 = false;                 ///< 503 with a Retry-After is proof that nothing was done
};

/// Why the answer is not a success, or `Reason::none` for 2xx. Of a call that was turned away: why that was.
[[nodiscard]] Reason classify(const HttpAnswer& answer) noexcept;

/// True if that answer may be followed by another attempt at a call of that class.
///
/// Never tried again: 2xx, 3xx, 4xx other than 408, 421, 425 and 429, answers that are too large or not HTTP, TLS that
/// cannot work until somebody changes something, and calls that were turned away before they were made, for whatever
/// reason. An unsafe call is tried again only where its effect is certain to be nothing, see `effect_of`.
[[nodiscard]] bool may_retry(const HttpAnswer& answer, OperationClass operation, bool trusts_503 = false) noexcept;

/// What follows an attempt: wait for `delay` and try again, or give up with `reason`.
struct RetryStep {
  bool retry = false;
  std::chrono::milliseconds delay{0};
  Reason reason = Reason::none;
};

/// A time in which somebody still waits for the result: until it is over, no back-off is longer than `backoff_max`.
struct Hurry {
  MonotonicTime until = MonotonicTime::min();
  std::chrono::milliseconds backoff_max{0};
};

/// Counts the attempts of one call and decides what follows each. Pure: time and randomness come in as arguments.
class RetryPlan {
 public:
  RetryPlan() = default;

  /// `last_end`: no attempt goes on after that, and none is begun that would not have a millisecond.
  RetryPlan(const RetryPolicy& policy, MonotonicTime last_end, const Hurry& hurry = {}) noexcept
      : policy_(policy), last_end_(last_end), hurry_(hurry) {}

  /// Number of the attempt under way, from 1.
  [[nodiscard]] std::uint32_t attempt() const noexcept { return attempt_; }

  /// The hard limit for an attempt that starts at `now`; zero or less if none may start.
  [[nodiscard]] std::chrono::milliseconds attempt_limit(MonotonicTime now) const noexcept;

  /// Called with each failed answer that may be retried. `jitter` is uniform in [0, 1): the next attempt
  /// begins after that part of its back-off ("full jitter"), but never before a Retry-After (RFC 9110, 10.2.3),
  /// whatever the status that carries it. On `retry` the attempt number has been advanced. `counts`: the next attempt
  /// is one of the policy's; else it is one more.
  [[nodiscard]] RetryStep after(const HttpAnswer& answer, MonotonicTime now, WallTime wall_now, double jitter,
                                bool counts = true) noexcept;

  /// The same after an attempt at something other than a call, which may be repeated, but not before `asked_for` has
  /// passed.
  [[nodiscard]] RetryStep after_work(std::chrono::milliseconds asked_for, MonotonicTime now, double jitter) noexcept;

 private:
  [[nodiscard]] std::chrono::milliseconds backoff(MonotonicTime now, double jitter) const noexcept;
  /// True if an attempt that begins after that delay has time to end.
  [[nodiscard]] bool fits(std::chrono::milliseconds delay, MonotonicTime now) const noexcept;
  [[nodiscard]] std::chrono::milliseconds longest_backoff(MonotonicTime now) const noexcept;

  RetryPolicy policy_;
  MonotonicTime last_end_{};
  Hurry hurry_;
  std::uint32_t uncounted_ = 0;
  std::uint32_t attempt_ = 1;
};

}  // namespace fulfilld
