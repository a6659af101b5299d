// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>

namespace fulfilld {

/// Whether blocking work has begun: shared by the thread that is to do it and the execution whose time may be up
/// before. Any thread.
class WorkBegin {
 public:
  /// An attempt is about to begin. False: it must not, nobody waits for it any more.
  [[nodiscard]] bool begin() noexcept {
    auto state = State::waiting;
    return state_.compare_exchange_strong(state, State::begun);
  }

  /// The attempt did nothing: the work waits for its next one.
  void undone() noexcept { state_ = State::waiting; }

  /// True if it has not begun; then it never will.
  [[nodiscard]] bool prevent() noexcept {
    auto state = State::waiting;
    return state_.compare_exchange_strong(state, State::prevented) || state == State::prevented;
  }

 private:
  enum class State : std::uint8_t { waiting, begun, prevented };
  std::atomic<State> state_{State::waiting};
};

}  // namespace fulfilld
