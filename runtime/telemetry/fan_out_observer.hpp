// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "actors/ports/observer.hpp"

namespace fulfilld {

/// Hands all that it hears on to several observers, in their order. They outlive it.
class FanOutObserver final : public Observer {
 public:
  explicit FanOutObserver(std::vector<Observer*> observers) : observers_(std::move(observers)) {}

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
  const std::vector<Observer*> observers_;
};

}  // namespace fulfilld
