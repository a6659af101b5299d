// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

#include "actors/policy/retry_plan.hpp"
#include "actors/ports/http_engine.hpp"
#include "actors/time.hpp"

namespace fulfilld {

/// How soon a token is fetched after something went wrong: after the endpoint failed, with back-off; after a token was
/// refused, at once, but ever later where the platform refuses one after the other as soon as it is there. There is no
/// last attempt: calls wait for the token, and it is up to them for how long. Pure: time and chance come in as
/// arguments.
class TokenPace {
 public:
  /// No Retry-After of the endpoint, and no run of refusals, delays a fetch by more than that.
  static constexpr std::chrono::seconds longest_wait{60};

  TokenPace() = default;

  /// The policy without its `attempts`.
  explicit TokenPace(const RetryPolicy& retry) noexcept;

  /// Hard limit of one attempt.
  [[nodiscard]] std::chrono::milliseconds attempt_limit() const noexcept { return retry_.attempt_timeout; }

  /// The endpoint has given no token since the last one.
  [[nodiscard]] bool failing() const noexcept { return plan_.attempt() > 1; }

  void granted(MonotonicTime now) noexcept;

  /// The endpoint gave no token: how long to wait before the next attempt. `jitter` is uniform in [0, 1). `lasting`: it
  /// has refused in a way that asking again does not mend.
  [[nodiscard]] std::chrono::milliseconds after_failure(const HttpAnswer& answer, bool lasting, MonotonicTime now,
                                                        WallTime wall_now, double jitter) noexcept;

  /// The endpoint has refused twice in a row in a way that asking again does not mend: a secret that was being replaced
  /// had its chance. It is asked on, at the pace of the longest back-offs, but there is nothing to wait for.
  [[nodiscard]] bool hopeless() const noexcept { return lasting_refusals_ >= 2; }

  /// Something may have been mended: a secret was replaced.
  void hope() noexcept { lasting_refusals_ = 0; }

  /// The newest token was refused; said once for each. When the next one may be fetched: `now`, or later.
  [[nodiscard]] MonotonicTime after_refusal(MonotonicTime now) noexcept;

 private:
  RetryPolicy retry_;
  RetryPlan plan_;
  MonotonicTime granted_{};
  std::uint32_t refused_at_once_ = 0;   ///< tokens in a row
  std::uint32_t lasting_refusals_ = 0;  ///< of the endpoint, in a row
};

}  // namespace fulfilld
