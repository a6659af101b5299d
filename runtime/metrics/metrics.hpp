// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "actors/ports/observer.hpp"
#include "runtime/config/config.hpp"
#include "runtime/metrics/metrics_listener.hpp"
#include "runtime/metrics/metrics_observer.hpp"
#include "runtime/telemetry/fan_out_observer.hpp"

namespace fulfilld {

/// The figures of the service, counted and served for as long as this lives. Made only where they are wanted.
class Metrics {
 public:
  /// Listens at once where `settings` say (its port is set), and tells `log`, which outlives this. Throws
  /// std::runtime_error, one sentence, if it cannot.
  Metrics(const MetricsSettings& settings, Observer& log);

  /// Hears what is to be counted, and hands it on to the log.
  [[nodiscard]] Observer& observer() noexcept { return both_; }

  [[nodiscard]] std::uint16_t port() const { return listener_.port(); }

 private:
  MetricsObserver counted_;
  FanOutObserver both_;
  MetricsListener listener_;
};

}  // namespace fulfilld
