// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "actors/policy/circuit_breaker.hpp"
#include "actors/policy/cool_down.hpp"
#include "actors/policy/gradient_limit.hpp"
#include "actors/policy/permitted_rate.hpp"
#include "actors/policy/reason.hpp"
#include "actors/policy/retry_budget.hpp"
#include "actors/policy/token_bucket.hpp"
#include "actors/time.hpp"

namespace fulfilld {

/// How a target is treated.
struct TargetPolicy {
  std::size_t concurrency = 100;                  ///< calls at a time, so also connections
  bool adaptive_concurrency = false;              ///< fewer, where more only make it slower
  std::size_t max_waiting = 20000;                ///< calls that may wait
  std::size_t answer_limit = 1 << 20;             ///< bytes of an answer's body above which the attempt ends
  std::chrono::milliseconds idle_timeout{30000};  ///< how long an unused connection is kept; 0: not at all
  Rate rate{};
  RetryBudgetPolicy retry_budget{};
  BreakerPolicy breaker{};
  std::chrono::milliseconds retry_after_max{300000};  ///< longest time for which a Retry-After closes the target
};

/// What a call that wants to go is told.
struct Permit {
  enum class Kind { go, wait, refuse };
  Kind kind = Kind::go;
  MonotonicTime not_before{};    ///< `wait`: when to ask again; `max()`: when a call has come back
  Reason reason = Reason::none;  ///< `refuse`

  [[nodiscard]] bool may_go() const noexcept { return kind == Kind::go; }
};

/// A call's pass through the gate: handed out on its way out, handed in when it is back.
struct Pass {
  CircuitBreaker::Ticket ticket;
  bool probe = false;           ///< of the cool-down
  std::uint32_t rate_life = 0;  ///< of the permitted rate
};

/// How a target is doing, for people.
struct TargetState {
  CircuitBreaker::State breaker = CircuitBreaker::State::closed;
  std::optional<MonotonicTime> closed_until{};  ///< by a Retry-After
  std::optional<double> permitted_rate;         ///< calls a second, where refusals have cut it
  std::size_t in_flight = 0;
  std::size_t concurrency = 0;              ///< the cap now
  std::optional<MonotonicTime> open_until;  ///< of a breaker that is open

  friend bool operator==(const TargetState&, const TargetState&) = default;
};

/// All that decides whether a call to one target may go now: concurrency cap, rate, circuit breaker, cool-down, retry
/// budget. Pure: time comes in as an argument.
class TargetGate {
 public:
  TargetGate(const TargetPolicy& policy, MonotonicTime now);

  /// Whether a call (or a repetition of one) may go. Takes nothing.
  /// Ask again when a call has come back, too: that may have changed everything.
  [[nodiscard]] Permit ask(bool retry, MonotonicTime now) const noexcept;

  /// A call goes; only after `ask` has said so.
  [[nodiscard]] Pass enter(bool retry, MonotonicTime now) noexcept;

  /// The call has come back, whatever became of it. `cut_short`: it had less time than such calls usually have, so if
  /// that was less than a second, that it got no answer in it says nothing about the target.
  void leave(const Pass& pass, const HttpAnswer& answer, MonotonicTime now, WallTime wall_now,
             bool cut_short = false) noexcept;

  /// Before when no call goes because a Retry-After has closed the target; not later than `now` if it is open.
  [[nodiscard]] MonotonicTime reopens(MonotonicTime now) const noexcept;

  [[nodiscard]] TargetState state(MonotonicTime now) const noexcept;

  /// True if forgetting it changes next to nothing: no call under way, and for a minute there was none, and nothing is
  /// remembered against the target. After an hour without a call only its rate and a Retry-After are remembered.
  [[nodiscard]] bool idle(MonotonicTime now) const noexcept;

 private:
  [[nodiscard]] std::size_t concurrency() const noexcept;

  TargetPolicy policy_;
  TokenBucket bucket_;
  PermittedRate permitted_;
  RetryBudget budget_;
  CircuitBreaker breaker_;
  CoolDown cool_down_;
  GradientLimit gradient_;
  std::size_t in_flight_ = 0;
  MonotonicTime used_at_;
};

}  // namespace fulfilld
