// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "actors/ports/clock.hpp"

namespace fulfilld {

/// Tells systemd how the service is (sd_notify(3), sd_watchdog_enabled(3)). Without $NOTIFY_SOCKET it does nothing.
/// One thread.
class SystemdNotifier {
 public:
  SystemdNotifier();

  /// The door is open. The status is one sentence for `systemctl status`.
  void ready(const std::string& status);

  /// The service reads anew what may have changed, until it says that it is ready again.
  void reloading(MonotonicTime now);

  /// The service ends, and will admit nothing more.
  void stopping(const std::string& status);

  /// The service is well: feeds the watchdog, where the unit has one (WatchdogSec=) and half its time has passed.
  void alive(MonotonicTime now);

  /// How often `alive` is to be called; empty: there is no watchdog.
  [[nodiscard]] std::optional<std::chrono::milliseconds> interval() const noexcept;

 private:
  std::optional<std::chrono::milliseconds> feed_every_;
  std::optional<MonotonicTime> last_alive_;
};

}  // namespace fulfilld
