// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "actors/time.hpp"

namespace fulfilld {

/// The rate at which a target that refuses now and then is called: additive increase, multiplicative decrease. Without
/// refusals there is no limit, and thirty seconds without one lift it. Never less than one call a second.
///
/// A few refusals are an exception, that may have nothing to do with how often we call: they only hold the rate to
/// twice of what it is, and it grows by answers: each that is none adds a call per time that it took, so the rate
/// doubles in the time that an answer takes.
///
/// More than four beyond a tenth of the answers of the last second or two (or of the last twenty, if these take longer)
/// are too many: the rate at which calls really went is cut by twice their share, at most to a half and at most every
/// five seconds. Then it grows by a tenth of that each second, and by answers again when ten seconds have gone without
/// a refusal, or at one that is an exception thirty seconds after the cut.
///
/// No cut goes below four fifths of the rate at which it has accepted calls for five seconds, some time in the last
/// thirty: where refusals have nothing to do with how often we call, fewer calls would only be a loss.
///
/// Closing cuts it to a half, so that not all who waited come at once. If nothing has been accepted for thirty seconds,
/// it begins at ten a second and grows by answers until the first refusal.
///
/// Pure: time comes in as an argument.
class PermittedRate {
 public:
  /// Calls a second, or nothing: no limit.
  [[nodiscard]] std::optional<double> per_second(MonotonicTime now) const noexcept;

  /// When the next call may go; not later than `now` if it may.
  [[nodiscard]] MonotonicTime next(MonotonicTime now) const noexcept;

  /// A call goes. Returns the number of cuts so far, for `leave`: an answer says nothing about a later rate.
  [[nodiscard]] std::uint32_t enter(MonotonicTime now) noexcept;

  /// An answer has come after `took`; `refused`: it asks for less.
  void leave(std::uint32_t life, bool refused, std::chrono::microseconds took, MonotonicTime now) noexcept;

  /// Refusals have become the rule: nothing goes until `reopened`, but probes.
  void closed(MonotonicTime now) noexcept;
  void reopened(MonotonicTime now) noexcept;

 private:
  using Seconds = std::chrono::duration<double>;
  enum class Growth : std::uint8_t { by_time, by_answers };

  struct Departures {
    MonotonicTime since{};
    std::uint32_t count = 0;
  };
  struct Answers {
    MonotonicTime since{};
    std::uint32_t count = 0;
    std::uint32_t refused = 0;
  };

  void set(double limit, Growth growth, MonotonicTime now) noexcept;
  void accepted(Seconds took, MonotonicTime now) noexcept;
  void refused(MonotonicTime now) noexcept;
  void cut(MonotonicTime now) noexcept;
  void prove(MonotonicTime now) noexcept;
  void begin_life(MonotonicTime now) noexcept;
  void count_answer(bool refused, MonotonicTime now) noexcept;
  [[nodiscard]] Answers recent_answers() const noexcept;
  [[nodiscard]] double going_per_second(MonotonicTime now) const noexcept;
  [[nodiscard]] double going_at_most(MonotonicTime now) const noexcept;
  [[nodiscard]] double tokens(double limit, MonotonicTime now) const noexcept;

  Departures departures_;       ///< of the present second
  Departures last_departures_;  ///< of the one before, if it was just before
  Answers answers_;             ///< of the present second at least, and twenty
  Answers last_answers_;

  Departures accepted_;  ///< since the last proof
  double proven_ = 0;    ///< accepted calls a second, for a while
  MonotonicTime proven_at_{};

  double limit_ = 0;  ///< calls a second at `limit_at_`; 0: none
  Growth growth_ = Growth::by_time;
  bool closed_ = false;
  MonotonicTime limit_at_{};
  MonotonicTime refused_at_{};
  MonotonicTime accepted_at_{};
  std::optional<MonotonicTime> cut_at_;
  std::uint32_t life_ = 0;
  double tokens_ = 0;
  MonotonicTime filled_at_{};
};

}  // namespace fulfilld
