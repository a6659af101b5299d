// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>

#include "actors/ports/clock.hpp"
#include "runtime/egress/io_loop.hpp"

namespace fulfilld {

/// The clock of the service: one heap of alarms, which run on the loop's thread, outside any lock. The loop is woken
/// only for an alarm that is earlier than all others. Destroyed before the loop; alarms that are left are dropped,
/// and none runs once the destructor has returned.
class AsioClock final : public Clock {
 public:
  explicit AsioClock(IoLoop& loop);
  ~AsioClock() override;

  [[nodiscard]] MonotonicTime now() const override;
  [[nodiscard]] WallTime wall_now() const override;
  AlarmId schedule(MonotonicTime when, Alarm alarm) override;
  void cancel(AlarmId id) override;

  /// How many alarms are set. Any thread.
  [[nodiscard]] std::size_t pending() const;

 private:
  class Alarms;
  IoLoop& loop_;
  std::shared_ptr<Alarms> alarms_;
};

}  // namespace fulfilld
