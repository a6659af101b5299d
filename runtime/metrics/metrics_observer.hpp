// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/ports/observer.hpp"
#include "runtime/metrics/target_metrics.hpp"

namespace fulfilld {

/// Counts what it hears, for Prometheus. All series but those of targets and slow handlers are there from the start, so
/// that an event is an addition or two, without a look-up. Labels come from our own lists of words, from targets and
/// from the names of actors: never from data. Any thread.
class MetricsObserver final : public Observer {
 public:
  /// `now` is asked for durations, and for the time that a target stays closed.
  explicit MetricsObserver(std::function<MonotonicTime()> now = std::chrono::steady_clock::now);

  /// All figures in the text format of Prometheus, version 0.0.4.
  [[nodiscard]] std::string text() const;

  void accepted(const Execution& execution) override;
  void resumed(const Unfinished& unfinished, Reason not_run) override;
  void attempt_sent(const Execution& execution, Direction direction, std::uint32_t attempt) override;
  void attempt_ended(const Execution& execution, Direction direction, std::uint32_t attempt, const HttpRequest& request,
                     const HttpAnswer& answer) override;
  void retry_planned(const Execution& execution, Direction direction, std::uint32_t next_attempt,
                     std::chrono::milliseconds delay) override;
  void decided(const Execution& execution, const Outcome& outcome) override;
  void ended(const Execution& execution, const Ending& ending) override;
  void adapter_said(const Execution& execution, LogLevel level, std::string_view text) override;
  void adapter_kept_thread(const Execution& execution, std::string_view adapter,
                           std::chrono::milliseconds lasted) override;
  void listening(std::uint16_t port) override;
  void progress_sent(const Execution& execution) override;
  void target_changed(std::string_view target, const TargetState& state, MonotonicTime now) override;
  void lag_measured(std::chrono::microseconds ready_actor, std::chrono::microseconds alarm) override;
  void slow_handler(std::string_view actor, std::chrono::milliseconds lasted) override;
  void handshake_failed(HandshakeFailure why) override;
  void turned_away() override;
  void event(LogLevel level, std::string_view component, std::string_view text) override;

 private:
  /// What is counted for each of the two directions.
  struct Attempts {
    std::vector<prometheus::Counter*> ended;  ///< by outcome
    prometheus::Histogram* duration = nullptr;
    prometheus::Counter* retries = nullptr;
  };
  static constexpr std::size_t reasons = 256;
  static constexpr std::size_t handshake_failures = static_cast<std::size_t>(HandshakeFailure::other) + 1;

  [[nodiscard]] Attempts& attempts(Direction direction) noexcept;

  const std::function<MonotonicTime()> now_;
  TargetMetrics targets_;
  prometheus::Registry registry_;
  prometheus::Counter& accepted_;
  prometheus::Counter& resumed_;
  prometheus::Counter& turned_away_;
  prometheus::Gauge& in_flight_;
  prometheus::Histogram& execution_duration_;
  prometheus::Counter& progress_;
  prometheus::Histogram& actor_lag_;
  prometheus::Histogram& alarm_lag_;
  prometheus::Family<prometheus::Counter>& slow_handlers_;
  prometheus::Family<prometheus::Counter>& adapters_kept_thread_;
  std::array<prometheus::Counter*, reasons> decided_{};                       ///< by `Reason`
  std::array<prometheus::Counter*, reasons> ended_{};                         ///< by `Reason`
  std::array<prometheus::Counter*, handshake_failures> handshakes_failed_{};  ///< by `HandshakeFailure`
  std::array<Attempts, 2> attempts_;                                          ///< by `Direction`
};

}  // namespace fulfilld
