// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "actors/policy/target_health.hpp"
#include "actors/time.hpp"

namespace fulfilld {

/// Closes a target that refuses as a rule (429, 503 with Retry-After), for everyone, until the time that it named, and
/// reopens it with one probe. As a rule: five refusals in a row with none accepted for 300 ms, or ten among the last
/// twenty answers and at least half of those of the last second: a target that counts by the second refuses all that is
/// too much for it in a row, and is not to be closed for that. After a minute without an answer all begins anew. Pure:
/// time comes in as an argument.
class CoolDown {
 public:
  /// `longest`: no refusal closes a target for longer, whatever it asks for; but for a second it always may.
  explicit CoolDown(std::chrono::milliseconds longest) noexcept : longest_(longest) {}

  /// Until when the target is closed; nothing if it is open. A time in the past: a probe may go, or is under way.
  [[nodiscard]] std::optional<MonotonicTime> closed_until() const noexcept { return closed_until_; }

  /// True if a probe is under way.
  [[nodiscard]] bool probing() const noexcept { return probing_; }

  /// True if a call may go now: open, or the time is over and no probe is under way.
  [[nodiscard]] bool may_go(MonotonicTime now) const noexcept;

  /// A call goes; only if `may_go`. True: it is the probe.
  [[nodiscard]] bool enter() noexcept;

  /// A call has come back. `retry_after`: what the answer asks for; absent, or less than a second: one second. The
  /// target closes until the latest time that one of the recent refusals has named. While it is closed, a further
  /// refusal may prolong that, but never shorten it; only a probe reopens it, by any answer that is not a refusal.
  void leave(bool probe, TargetHealth health, std::optional<std::chrono::milliseconds> retry_after,
             MonotonicTime now) noexcept;

  /// True if nothing is remembered against the target.
  [[nodiscard]] bool as_new(MonotonicTime now) const noexcept;

 private:
  struct Second {
    MonotonicTime since{};
    std::uint32_t answers = 0;
    std::uint32_t refusals = 0;
  };

  void refused(std::chrono::milliseconds asked_for, MonotonicTime now) noexcept;
  void accepted(MonotonicTime now) noexcept;
  void remember(bool refusal, MonotonicTime now) noexcept;
  void reopen() noexcept;
  [[nodiscard]] bool refuses_as_a_rule(MonotonicTime now) const noexcept;

  std::chrono::milliseconds longest_;
  std::optional<MonotonicTime> closed_until_;
  bool probing_ = false;
  std::uint32_t recent_ = 0;  ///< the last twenty answers, a bit each, the newest lowest: 1 is a refusal
  Second second_;             ///< the present one
  Second last_second_;        ///< the one just before
  MonotonicTime heard_at_{};
  MonotonicTime accepted_at_{};
  MonotonicTime asked_until_{};  ///< the latest time that one of the recent refusals has named
};

}  // namespace fulfilld
