// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <memory>

#include "actors/ports/clock.hpp"

namespace fulfilld {

/// Measures how late alarms fire, by one of its own. One thread asks; the clock outlives it.
class AlarmProbe {
 public:
  explicit AlarmProbe(Clock& clock) : clock_(clock) {}
  AlarmProbe(const AlarmProbe&) = delete;
  AlarmProbe& operator=(const AlarmProbe&) = delete;
  ~AlarmProbe();

  /// To be called about once a second. How late the alarm of the last call fired, or is by now; the next one is set
  /// once it has fired.
  [[nodiscard]] std::chrono::microseconds measure();

 private:
  using Fired = std::atomic<MonotonicTime>;  ///< when; `max()`: not yet

  void set();

  Clock& clock_;
  MonotonicTime due_{};
  std::shared_ptr<Fired> fired_;  ///< shared with the alarm; null before the first
  Clock::AlarmId alarm_ = 0;
};

}  // namespace fulfilld
