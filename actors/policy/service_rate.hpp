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

/// How fast the executions of one action are served, and whether one more would be in time. Knows only when they begin
/// and leave, nothing of connections and latencies, so it is careful with what it has seen:
///
/// - A rate that was seen with few executions waiting may have been all that came, not all that the backend can do:
///   only time counts in which at least half as many waited as now.
/// - Of that it takes the latest, at least a quarter of the deadline, and so much that 20 have left: else it knows
///   nothing and refuses nothing.
/// - After a pause the first answer takes its time: that time says nothing, unless it lasts until a deadline.
/// - Answers may come in bunches, a connection pool at a time: one bunch more than was seen is expected.
///
/// Served in time means within three quarters of the deadline: at the deadline itself all would come just too late.
/// 50 may always wait. Beyond them, where nothing has been served for half a deadline, one is let in for each 32nd part
/// of it: with the first that are served the door opens again. Pure: the time comes in as an argument, and never goes
/// back.
class ServiceRate {
 public:
  /// One more would not be served in time.
  struct TooLong {
    std::size_t backlog = 0;                 ///< executions without an outcome
    double per_second = 0;                   ///< the rate at which they get one
    std::chrono::duration<double> until{0};  ///< when it will be in time, if none is added; infinite at rate 0
  };

  explicit ServiceRate(std::chrono::milliseconds deadline) noexcept;

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

  std::chrono::duration<double> in_time_;
  Time slot_length_;          ///< all slots together are as long as the deadline
  MonotonicTime slot_begin_;  ///< before the first event nothing waited, since ever
  std::int64_t number_ = 0;   ///< of the current slot
  std::array<Slot, slots> ring_;
  std::int64_t last_served_ = 0;               ///< the slot in which that was
  std::int64_t telling_since_ = nothing_left;  ///< the first slot that counts of those since nothing waited
  std::size_t backlog_ = 0;
};

}  // namespace fulfilld
