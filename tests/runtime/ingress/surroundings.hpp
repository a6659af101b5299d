// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <vector>

#include "actors/ports/clock.hpp"
#include "actors/ports/observer.hpp"

namespace fulfilld {

/// Time that stands still.
class StandingClock final : public Clock {
 public:
  [[nodiscard]] MonotonicTime now() const override { return MonotonicTime{std::chrono::hours{1}}; }
  [[nodiscard]] WallTime wall_now() const override { return {}; }
  AlarmId schedule(MonotonicTime /*when*/, Alarm /*alarm*/) override { return 1; }
  void cancel(AlarmId /*id*/) override {}
};

/// Keeps the events, each as `component: text`.
class EventLog final : public Observer {
 public:
  [[nodiscard]] std::vector<std::string> events() const {
    const std::lock_guard lock(mutex_);
    return events_;
  }

  void event(LogLevel /*level*/, std::string_view component, std::string_view text) override {
    const std::lock_guard lock(mutex_);
    events_.push_back(std::string(component) + ": " + std::string(text));
  }

  [[nodiscard]] int turned_away_so_far() const noexcept { return turned_away_; }
  [[nodiscard]] std::vector<HandshakeFailure> failed_handshakes() const {
    const std::lock_guard lock(mutex_);
    return failed_handshakes_;
  }

  void handshake_failed(HandshakeFailure why) override {
    const std::lock_guard lock(mutex_);
    failed_handshakes_.push_back(why);
  }
  void turned_away() override { ++turned_away_; }

  void accepted(const Execution& /*execution*/) override {}
  void resumed(const Unfinished& /*unfinished*/, Reason /*not_run*/) override {}
  void attempt_sent(const Execution& /*execution*/, Direction /*direction*/, std::uint32_t /*attempt*/) override {}
  void attempt_ended(const Execution& /*execution*/, Direction /*direction*/, std::uint32_t /*attempt*/,
                     const HttpRequest& /*request*/, const HttpAnswer& /*answer*/) override {}
  void retry_planned(const Execution& /*execution*/, Direction /*direction*/, std::uint32_t /*next_attempt*/,
                     std::chrono::milliseconds /*delay*/) override {}
  void decided(const Execution& /*execution*/, const Outcome& /*outcome*/) override {}
  void ended(const Execution& /*execution*/, const Ending& /*ending*/) override {}
  void adapter_said(const Execution& /*execution*/, LogLevel /*level*/, std::string_view /*text*/) override {}
  void adapter_kept_thread(const Execution& /*execution*/, std::string_view /*adapter*/,
                           std::chrono::milliseconds /*lasted*/) override {}
  void listening(std::uint16_t /*port*/) override {}
  void progress_sent(const Execution& /*execution*/) override {}
  void target_changed(std::string_view /*target*/, const TargetState& /*state*/, MonotonicTime /*now*/) override {}
  void lag_measured(std::chrono::microseconds /*ready_actor*/, std::chrono::microseconds /*alarm*/) override {}
  void slow_handler(std::string_view /*actor*/, std::chrono::milliseconds /*lasted*/) override {}

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> events_;
  std::vector<HandshakeFailure> failed_handshakes_;
  std::atomic<int> turned_away_{0};
};

}  // namespace fulfilld
