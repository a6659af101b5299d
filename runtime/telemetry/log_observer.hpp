// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <spdlog/logger.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string_view>

#include "actors/ports/observer.hpp"
#include "actors/redaction.hpp"
#include "runtime/telemetry/log_line.hpp"
#include "runtime/telemetry/target_history.hpp"

namespace fulfilld {

/// Writes the life of executions to the log: one line for each event, with the execution's id in it. Input data,
/// results, header fields and tokens are never logged. Levels: an execution that goes well is one `info` line at its
/// end, its steps are `debug`; an attempt that failed is `info`, an execution or a delivery that failed `warning`, a
/// defect of fulfilld `error`. A target that is called no more is a `warning`, one that is called less, or again,
/// `info`. Any thread; a level that is off costs a comparison.
class LogObserver final : public Observer {
 public:
  /// `wall_now` is asked for the total time of an execution.
  LogObserver(LogFormat format, LogLevel least, spdlog::sink_ptr sink, Redaction redaction,
              std::function<WallTime()> wall_now);

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
  void event(LogLevel level, std::string_view component, std::string_view text) override;

 private:
  [[nodiscard]] bool off(LogLevel level) const noexcept { return level < least_; }
  [[nodiscard]] LogLine line(std::string_view event, const Execution& execution) const;
  [[nodiscard]] std::int64_t age_ms(const Execution& execution) const;
  [[nodiscard]] std::string clean(std::string_view text, const Execution& execution) const;
  void write(LogLevel level, LogLine&& line);
  void target_line(TargetChange change, std::string_view target, const TargetState& state, MonotonicTime now);

  const LogFormat format_;
  const LogLevel least_;
  const Redaction redaction_;
  const std::function<WallTime()> wall_now_;
  spdlog::logger logger_;
  TargetHistory targets_;
  std::atomic<std::uint32_t> late_in_a_row_{0};  ///< measurements of a lag that is too long
};

}  // namespace fulfilld
