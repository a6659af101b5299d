// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <utility>

#include "actors/ports/clock.hpp"

namespace fulfilld::test {

/// A clock that stands still until it is moved by hand. One thread.
class FakeClock final : public Clock {
 public:
  static constexpr MonotonicTime start{std::chrono::hours{1}};

  [[nodiscard]] MonotonicTime now() const override { return now_; }
  [[nodiscard]] WallTime wall_now() const override;
  AlarmId schedule(MonotonicTime when, Alarm alarm) override;
  void cancel(AlarmId id) override {
    std::erase_if(alarms_, [id](const auto& entry) { return entry.first.second == id; });
  }

  /// Moves to the first alarm that is due by `until`, and fires it; false if there is none.
  bool fire_next(MonotonicTime until);

  /// Moves on; what is due must have been fired.
  void move_to(MonotonicTime when) { now_ = when; }

  /// Alarms that have neither fired nor been cancelled.
  [[nodiscard]] std::size_t pending() const noexcept { return alarms_.size(); }

  /// Drops all alarms, and with them the actor handles that they hold.
  void forget_alarms() { alarms_.clear(); }

 private:
  MonotonicTime now_ = start;
  AlarmId last_id_ = 0;
  std::map<std::pair<MonotonicTime, AlarmId>, Alarm> alarms_;
};

}  // namespace fulfilld::test
