// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "actors/ports/observer.hpp"

namespace fulfilld::test {

/// Writes down what it hears, a line each, e.g. `execution-1 attempt_ended backend 2 503`. One thread.
class RecordingObserver final : public Observer {
 public:
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
  void listening(std::uint16_t) override {}
  void progress_sent(const Execution& execution) override;
  void target_changed(std::string_view target, const TargetState& state, MonotonicTime now) override;
  void lag_measured(std::chrono::microseconds ready_actor, std::chrono::microseconds alarm) override;
  void slow_handler(std::string_view actor, std::chrono::milliseconds lasted) override;
  void event(LogLevel level, std::string_view component, std::string_view text) override;

  [[nodiscard]] const std::vector<std::string>& lines() const noexcept { return lines_; }

  /// The lines that hold `part`.
  [[nodiscard]] std::vector<std::string> lines_with(std::string_view part) const;

 private:
  std::vector<std::string> lines_;
};

}  // namespace fulfilld::test
