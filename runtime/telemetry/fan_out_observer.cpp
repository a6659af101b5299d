// SPDX-License-Identifier: Apache-2.0
#include "runtime/telemetry/fan_out_observer.hpp"

namespace fulfilld {

void FanOutObserver::accepted(const Execution& execution) {
  for (auto* observer : observers_) observer->accepted(execution);
}

void FanOutObserver::resumed(const Unfinished& unfinished, Reason not_run) {
  for (auto* observer : observers_) observer->resumed(unfinished, not_run);
}

void FanOutObserver::attempt_sent(const Execution& execution, Direction direction, std::uint32_t attempt) {
  for (auto* observer : observers_) observer->attempt_sent(execution, direction, attempt);
}

void FanOutObserver::attempt_ended(const Execution& execution, Direction direction, std::uint32_t attempt,
                                   const HttpRequest& request, const HttpAnswer& answer) {
  for (auto* observer : observers_) observer->attempt_ended(execution, direction, attempt, request, answer);
}

void FanOutObserver::retry_planned(const Execution& execution, Direction direction, std::uint32_t next_attempt,
                                   std::chrono::milliseconds delay) {
  for (auto* observer : observers_) observer->retry_planned(execution, direction, next_attempt, delay);
}

void FanOutObserver::decided(const Execution& execution, const Outcome& outcome) {
  for (auto* observer : observers_) observer->decided(execution, outcome);
}

void FanOutObserver::ended(const Execution& execution, const Ending& ending) {
  for (auto* observer : observers_) observer->ended(execution, ending);
}

void FanOutObserver::adapter_said(const Execution& execution, LogLevel level, std::string_view text) {
  for (auto* observer : observers_) observer->adapter_said(execution, level, text);
}

void FanOutObserver::adapter_kept_thread(const Execution& execution, std::string_view adapter,
                                         std::chrono::milliseconds lasted) {
  for (auto* observer : observers_) observer->adapter_kept_thread(execution, adapter, lasted);
}

void FanOutObserver::listening(std::uint16_t port) {
  for (auto* observer : observers_) observer->listening(port);
}

void FanOutObserver::progress_sent(const Execution& execution) {
  for (auto* observer : observers_) observer->progress_sent(execution);
}

void FanOutObserver::target_changed(std::string_view target, const TargetState& state, MonotonicTime now) {
  for (auto* observer : observers_) observer->target_changed(target, state, now);
}

void FanOutObserver::lag_measured(std::chrono::microseconds ready_actor, std::chrono::microseconds alarm) {
  for (auto* observer : observers_) observer->lag_measured(ready_actor, alarm);
}

void FanOutObserver::slow_handler(std::string_view actor, std::chrono::milliseconds lasted) {
  for (auto* observer : observers_) observer->slow_handler(actor, lasted);
}

void FanOutObserver::handshake_failed(HandshakeFailure why) {
  for (auto* observer : observers_) observer->handshake_failed(why);
}

void FanOutObserver::turned_away() {
  for (auto* observer : observers_) observer->turned_away();
}

void FanOutObserver::event(LogLevel level, std::string_view component, std::string_view text) {
  for (auto* observer : observers_) observer->event(level, component, text);
}

}  // namespace fulfilld
