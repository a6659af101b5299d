// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

#include "actors/policy/reason.hpp"
#include "actors/ports/clock.hpp"

namespace fulfilld {

/// True for outcomes that an execution gets once its turn has come. Those it gets while it waits, or from a defect or
/// an earlier process, say nothing of what the backend can do.
[[nodiscard]] bool counts_as_served(Reason outcome) noexcept;

/// What the configuration lets the executions of one action have at most. Infinite: not known.
struct ServiceLimits {
  std::size_t at_once = std::numeric_limits<std::size_t>::max();  ///< calls under way, or pieces of blocking work
  double per_second = std::numeric_limits<double>::infinity();
  double burst = 0;  ///< beyond `per_second`
};

/// How fast the executions of one action are served, and whether one more would be in time. Knows only when they begin
/// and leave, so it is careful with what it has seen:
///
/// - A rate that was seen with few executions waiting may have been all that came, not all that the backend can do:
///   only time counts in which at least half as many waited as now.
/// - Of that it takes the latest, at least a quarter of the deadline, and so much that 20 have left: else it knows
///   nothing and refuses nothing.
/// - After a pause the first answer takes its time: that time says nothing, unless it lasts until a deadline.
/// - Answers may come in bunches, a connection pool at a time: one bunch more than was seen is expected.
///
/// Served in time means within three quarters of the deadline: at the deadline itself all would come just too late.
///
/// Where that says nothing yet, as more have come than ever before, it goes by the time since more wait than can be
/// served at once (`ServiceLimits::at_once`, N for short):
///
/// - As long as nothing has come back, an answer is taken to need a second, and after that second as long as it has not
///   come: N a second at most, N in t seconds after t. That much is let in as would be served so within nine
///   twentieths of the deadline, since the backend may well be slower.
/// - Once N have been served (20 at least), their rate counts; always, that no more than those served and N others can
///   have been done in all the time.
///
/// N and 50 may always wait. Beyond them, where nothing has been served for half a deadline, one is let in for each
/// 32nd part of it: with the first that are served the door opens again. Pure: the time comes in as an argument, and
/// never goes back.
class ServiceRate {
 public:
  /// One more would not be served in time.
  struct TooLong {
    std::size_t backlog = 0;                 ///< executions without an outcome
    bool seen = true;                        ///< `per_second` was observed; else it is the most that there can be
    double per_second = 0;                   ///< the rate at which they get one
    std::chrono::duration<double> until{0};  ///< when it will be in time, if none is added; infinite at rate 0
  };

  explicit ServiceRate(std::chrono::milliseconds deadline) noexcept;

  /// May change at any time, as it is found out what an action calls.
  void limit(const ServiceLimits& limits) noexcept { limits_ = limits; }

  void begun(MonotonicTime now) noexcept;
  void served(MonotonicTime now) noexcept;
  /// It left without having been served.
  void missed(MonotonicTime now) noexcept;
  /// It was not accepted after all.
  void withdrawn() noexcept;

  [[nodiscard]] std::optional<TooLong> too_long(MonotonicTime now) noexcept;

  [[nodiscard]] std::size_t backlog() const noexcept { return backlog_; }

 private:
  using Time = std::chrono::nanoseconds;

  struct Slot {
    std::uint32_t begun = 0;
    std::uint32_t served = 0;
    std::uint32_t missed = 0;
    std::size_t least_backlog = 0;
  };

  /// Some of the slots, taken together.
  struct Sample {
    Time time{0};
    std::uint64_t served = 0;
    std::uint64_t left = 0;
    std::uint32_t largest_bunch = 0;

    void add(const Slot& slot, Time length) noexcept;
    [[nodiscard]] double per_second() const noexcept;
  };

  static constexpr std::int64_t slots = 32;
  static constexpr auto nothing_left = std::numeric_limits<std::int64_t>::max();

  void advance(MonotonicTime now) noexcept;
  void left(std::int64_t telling_since) noexcept;
  void one_less() noexcept;
  [[nodiscard]] Slot& current() noexcept { return ring_[static_cast<std::size_t>(number_ % slots)]; }
  [[nodiscard]] bool hangs() const noexcept;
  [[nodiscard]] std::optional<double> per_second(MonotonicTime now) const noexcept;
  [[nodiscard]] std::optional<TooLong> too_long_at(double rate, double room) const noexcept;
  [[nodiscard]] std::optional<TooLong> too_long_of_late(MonotonicTime now) const noexcept;
  [[nodiscard]] double most_per_second(MonotonicTime now) const noexcept;
  [[nodiscard]] Sample latest(MonotonicTime now) const noexcept;
  [[nodiscard]] std::chrono::duration<double> quiet(MonotonicTime now) const noexcept;

  std::chrono::duration<double> deadline_;
  Time slot_length_;          ///< all slots together are as long as the deadline
  MonotonicTime slot_begin_;  ///< before the first event nothing waited, since ever
  std::int64_t number_ = 0;   ///< of the current slot
  std::array<Slot, slots> ring_;
  std::int64_t last_served_ = 0;               ///< the slot in which that was
  std::int64_t telling_since_ = nothing_left;  ///< the first slot that counts of those since nothing waited
  std::size_t backlog_ = 0;

  ServiceLimits limits_;
  MonotonicTime crowded_since_;  ///< since then more wait than can be served at once, if more do
  MonotonicTime served_at_;      ///< the last one
  std::uint64_t served_since_ = 0;
};

}  // namespace fulfilld
