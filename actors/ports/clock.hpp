// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

#include "actors/time.hpp"

namespace fulfilld {

/// Time and alarms. In the service one heap on the I/O thread, in tests a clock that is moved by hand.
class Clock {
 public:
  using AlarmId = std::uint64_t;        ///< 0 is never a valid id
  using Alarm = std::function<void()>;  ///< must not block nor throw; typically sends one message to an actor

  virtual ~Clock() = default;

  [[nodiscard]] virtual MonotonicTime now() const = 0;
  [[nodiscard]] virtual WallTime wall_now() const = 0;

  /// Calls `alarm` once, at `when` or a little later, on the clock's thread. Any thread may ask.
  virtual AlarmId schedule(MonotonicTime when, Alarm alarm) = 0;

  /// Forgets an alarm and frees what it holds. Any thread. An alarm that has fired, or is just firing, is ignored.
  virtual void cancel(AlarmId id) = 0;
};

}  // namespace fulfilld
