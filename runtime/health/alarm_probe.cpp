// SPDX-License-Identifier: Apache-2.0
#include "runtime/health/alarm_probe.hpp"

#include <algorithm>

namespace fulfilld {
namespace {

// Not at once, which would be another way than that of most alarms.
constexpr std::chrono::milliseconds ahead{100};

}  // namespace

AlarmProbe::~AlarmProbe() { clock_.cancel(alarm_); }

std::chrono::microseconds AlarmProbe::measure() {
  if (fired_ == nullptr) {
    set();
    return std::chrono::microseconds(0);
  }
  const auto fired_at = fired_->load();
  const auto late = std::min(fired_at, clock_.now()) - due_;
  if (fired_at != MonotonicTime::max()) set();
  return std::max(std::chrono::duration_cast<std::chrono::microseconds>(late), std::chrono::microseconds(0));
}

void AlarmProbe::set() {
  fired_ = std::make_shared<Fired>(MonotonicTime::max());
  due_ = clock_.now() + ahead;
  alarm_ = clock_.schedule(due_, [fired = fired_, &clock = clock_] { fired->store(clock.now()); });
}

}  // namespace fulfilld
