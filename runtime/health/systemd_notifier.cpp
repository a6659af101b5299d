// SPDX-License-Identifier: Apache-2.0
#include "runtime/health/systemd_notifier.hpp"

#include <systemd/sd-daemon.h>

#include <algorithm>
#include <cstdint>

namespace fulfilld {

using std::chrono::milliseconds;

SystemdNotifier::SystemdNotifier() {
  std::uint64_t microseconds = 0;
  if (sd_watchdog_enabled(/*unset_environment=*/0, &microseconds) <= 0) return;
  const std::chrono::microseconds time(static_cast<std::int64_t>(microseconds));
  feed_every_ = std::max(std::chrono::floor<milliseconds>(time / 2), milliseconds(2));
}

std::optional<milliseconds> SystemdNotifier::interval() const noexcept {
  // A call that comes just too early to count must not make the next one too late.
  return feed_every_ ? std::optional(*feed_every_ / 2) : std::nullopt;
}

void SystemdNotifier::ready(const std::string& status) { sd_notify(0, ("READY=1\nSTATUS=" + status).c_str()); }

void SystemdNotifier::reloading(MonotonicTime now) {
  // By the time, systemd tells the answer to one reload from that to the one before.
  const auto time = std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch());
  sd_notify(0, ("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(time.count())).c_str());
}

void SystemdNotifier::stopping(const std::string& status) { sd_notify(0, ("STOPPING=1\nSTATUS=" + status).c_str()); }

void SystemdNotifier::alive(MonotonicTime now) {
  if (!feed_every_ || (last_alive_ && now - *last_alive_ < *feed_every_)) return;
  last_alive_ = now;
  sd_notify(0, "WATCHDOG=1");
}

}  // namespace fulfilld
