// SPDX-License-Identifier: Apache-2.0
#include "tests/actors/doubles/recording_observer.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace fulfilld::test {
namespace {

std::string name(Direction direction) { return direction == Direction::backend ? "backend" : "callback"; }

std::string name(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return "debug";
    case LogLevel::info:
      return "info";
    case LogLevel::warning:
      return "warning";
    case LogLevel::error:
      return "error";
  }
  return "?";
}

std::string name(CircuitBreaker::State breaker) {
  switch (breaker) {
    case CircuitBreaker::State::closed:
      return "closed";
    case CircuitBreaker::State::open:
      return "open";
    case CircuitBreaker::State::half_open:
      return "half_open";
  }
  return "?";
}

std::string in_ms(std::chrono::nanoseconds time) {
  return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(time).count()) + " ms";
}

std::string attempt_of(const Execution& execution, std::string_view what, Direction direction, std::uint32_t attempt) {
  return execution.id + " " + std::string(what) + " " + name(direction) + " " + std::to_string(attempt);
}

}  // namespace

void RecordingObserver::accepted(const Execution& execution) { lines_.push_back(execution.id + " accepted"); }

void RecordingObserver::resumed(const Unfinished& unfinished, Reason not_run) {
  lines_.push_back(unfinished.execution->id + " resumed" + (unfinished.outcome != nullptr ? " with outcome" : "") +
                   (not_run == Reason::none ? "" : " as " + std::string(code(not_run))));
}

void RecordingObserver::attempt_sent(const Execution& execution, Direction direction, std::uint32_t attempt) {
  lines_.push_back(attempt_of(execution, "attempt_sent", direction, attempt));
}

void RecordingObserver::attempt_ended(const Execution& execution, Direction direction, std::uint32_t attempt,
                                      const HttpRequest& /*request*/, const HttpAnswer& answer) {
  lines_.push_back(attempt_of(execution, "attempt_ended", direction, attempt) + " " + std::to_string(answer.status));
}

void RecordingObserver::retry_planned(const Execution& execution, Direction direction, std::uint32_t next_attempt,
                                      std::chrono::milliseconds delay) {
  lines_.push_back(attempt_of(execution, "retry_planned", direction, next_attempt) + " in " +
                   std::to_string(delay.count()) + " ms");
}

void RecordingObserver::decided(const Execution& execution, const Outcome& outcome) {
  lines_.push_back(execution.id + " decided " + std::string(code(outcome.reason)));
}

void RecordingObserver::ended(const Execution& execution, const Ending& ending) {
  lines_.push_back(execution.id + " ended " + std::string(code(ending.reason)) + " after " +
                   std::to_string(ending.attempts));
}

void RecordingObserver::adapter_said(const Execution& execution, LogLevel level, std::string_view text) {
  lines_.push_back(execution.id + " adapter " + name(level) + ": " + std::string(text));
}

void RecordingObserver::adapter_kept_thread(const Execution& execution, std::string_view adapter,
                                            std::chrono::milliseconds lasted) {
  lines_.push_back(execution.id + " adapter_kept_thread " + std::string(adapter) + " " +
                   std::to_string(lasted.count()));
}

void RecordingObserver::progress_sent(const Execution& execution) { lines_.push_back(execution.id + " progress_sent"); }

void RecordingObserver::target_changed(std::string_view target, const TargetState& state, MonotonicTime now) {
  auto line = std::string(target) + " breaker " + name(state.breaker);
  if (state.closed_until) line += ", closed for " + in_ms(*state.closed_until - now);
  if (state.permitted_rate) line += ", rate cut";
  lines_.push_back(std::move(line));
}

void RecordingObserver::lag_measured(std::chrono::microseconds ready_actor, std::chrono::microseconds alarm) {
  lines_.push_back("lag of actors " + in_ms(ready_actor) + ", of alarms " + in_ms(alarm));
}

void RecordingObserver::slow_handler(std::string_view actor, std::chrono::milliseconds lasted) {
  lines_.push_back(std::string(actor) + " slow: " + in_ms(lasted));
}

void RecordingObserver::event(LogLevel level, std::string_view component, std::string_view text) {
  lines_.push_back(std::string(component) + " " + name(level) + ": " + std::string(text));
}

std::vector<std::string> RecordingObserver::lines_with(std::string_view part) const {
  std::vector<std::string> found;
  std::copy_if(lines_.begin(), lines_.end(), std::back_inserter(found),
               [&](const std::string& line) { return line.find(part) != std::string::npos; });
  return found;
}

}  // namespace fulfilld::test
