// SPDX-License-Identifier: Apache-2.0
#include "tests/actors/doubles/fake_clock.hpp"

#include <algorithm>

#include "tests/actors/doubles/virtual_time.hpp"

namespace fulfilld::test {

WallTime FakeClock::wall_now() const {
  return wall_start + std::chrono::duration_cast<std::chrono::milliseconds>(now_ - start);
}

Clock::AlarmId FakeClock::schedule(MonotonicTime when, Alarm alarm) {
  alarms_.emplace(std::pair{when, ++last_id_}, std::move(alarm));
  return last_id_;
}

bool FakeClock::fire_next(MonotonicTime until) {
  if (alarms_.empty() || alarms_.begin()->first.first > until) return false;
  const auto due = alarms_.extract(alarms_.begin());
  now_ = std::max(now_, due.key().first);
  due.mapped()();
  return true;
}

}  // namespace fulfilld::test
