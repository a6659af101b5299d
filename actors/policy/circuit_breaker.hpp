// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "actors/policy/target_health.hpp"
#include "actors/time.hpp"

namespace fulfilld {

/// When a target is taken for broken.
struct BreakerPolicy {
  bool enabled = true;
  std::uint32_t failure_percent = 50;         ///< of the calls in the window that have to fail
  std::uint32_t slow_percent = 80;            ///< of the calls in the window that have to be slow; above 100: never
  std::chrono::milliseconds slow_call{5000};  ///< from how long on a call is slow, whatever its answer
  std::chrono::milliseconds window{10000};
  std::uint32_t least_calls = 20;            ///< fewer calls in the window decide nothing
  std::chrono::milliseconds open_for{5000};  ///< how long it stays open; twice that after each probe that fails
  std::chrono::milliseconds open_max{60000};
  std::uint32_t probes = 2;  ///< that have to succeed, one after the other, before it closes
};

/// The circuit breaker of one target: closed, open (nothing goes), half-open (single probes), by the share of failed or
/// slow calls in a sliding window, which moves on by tenths. An answer is failed if the target is `ill`; one that
/// refuses is not. Answers of calls that began before it opened are not counted in its next life. Pure: time comes in
/// as an argument.
class CircuitBreaker {
 public:
  enum class State : std::uint8_t { closed, open, half_open };

  /// What `enter` says of a call that goes.
  struct Ticket {
    bool probe = false;
    std::uint32_t life = 0;  ///< number of the closed (or half-open) period it began in
  };

  explicit CircuitBreaker(const BreakerPolicy& policy) noexcept;

  /// As a call would find it now. An open one becomes half-open when its time is over.
  [[nodiscard]] State state(MonotonicTime now) const noexcept;

  /// True if a call may go: closed, or half-open without a probe under way.
  [[nodiscard]] bool may_go(MonotonicTime now) const noexcept;

  /// A call goes; only if `may_go`.
  [[nodiscard]] Ticket enter() noexcept;

  /// That call has come back after `took`. `unknown` counts for nothing, but frees the probe's place. A probe that is
  /// slow has failed.
  void leave(const Ticket& ticket, TargetHealth health, std::chrono::microseconds took, MonotonicTime now) noexcept;

  /// Until when it is open; meaningless unless `open`.
  [[nodiscard]] MonotonicTime open_until() const noexcept { return open_until_; }

  /// True if nothing is remembered against the target.
  [[nodiscard]] bool as_new(MonotonicTime now) const noexcept;

 private:
  static constexpr std::size_t slots = 10;
  struct Slot {
    std::int64_t number = -1;  ///< since the clock's start
    std::uint32_t calls = 0;
    std::uint32_t failed = 0;
    std::uint32_t slow = 0;
  };

  [[nodiscard]] Slot in_window(MonotonicTime now) const noexcept;
  void count(bool failed, bool slow, MonotonicTime now) noexcept;
  [[nodiscard]] bool too_bad(MonotonicTime now) const noexcept;
  void open(MonotonicTime now) noexcept;
  void close() noexcept;

  BreakerPolicy policy_;
  std::array<Slot, slots> window_{};
  bool is_open_ = false;  ///< open or half-open
  MonotonicTime open_until_{};
  std::chrono::milliseconds open_for_{};  ///< the next time
  bool probing_ = false;
  std::uint32_t good_probes_ = 0;
  std::uint32_t life_ = 0;
};

}  // namespace fulfilld
