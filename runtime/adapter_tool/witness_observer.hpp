// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <utility>

#include "actors/ports/observer.hpp"
#include "runtime/adapter_tool/witness.hpp"

namespace fulfilld {

/// Tells a witness what the host itself does. The rest it sees where it happens, with more detail.
class WitnessObserver final : public Observer {
 public:
  /// From now on.
  void watch(WitnessPtr witness) {
    const std::lock_guard lock(mutex_);
    witness_ = std::move(witness);
  }

  void retry_planned(const Execution&, Direction, std::uint32_t, std::chrono::milliseconds delay) override {
    const std::lock_guard lock(mutex_);
    if (witness_ != nullptr) witness_->retry_planned(delay);
  }
  void event(LogLevel level, std::string_view, std::string_view text) override {
    const std::lock_guard lock(mutex_);
    if (witness_ != nullptr) witness_->noted(level, text);
  }

  void accepted(const Execution&) override {}
  void resumed(const Unfinished&, Reason) override {}
  void attempt_sent(const Execution&, Direction, std::uint32_t) override {}
  void attempt_ended(const Execution&, Direction, std::uint32_t, const HttpRequest&, const HttpAnswer&) override {}
  void decided(const Execution&, const Outcome&) override {}
  void ended(const Execution&, const Ending&) override {}
  void adapter_said(const Execution&, LogLevel, std::string_view) override {}
  void adapter_kept_thread(const Execution&, std::string_view, std::chrono::milliseconds) override {}
  void listening(std::uint16_t) override {}
  void progress_sent(const Execution&) override {}
  void target_changed(std::string_view, const TargetState&, MonotonicTime) override {}
  void lag_measured(std::chrono::microseconds, std::chrono::microseconds) override {}
  void slow_handler(std::string_view, std::chrono::milliseconds) override {}

 private:
  std::mutex mutex_;
  WitnessPtr witness_;
};

}  // namespace fulfilld
