// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <memory>

#include "actors/time.hpp"

namespace fulfilld {

/// One question "are you alive?" to an actor or a thread: asked by whoever watches, answered by the one that is
/// watched, in its turn. Shared by both.
class Pulse {
 public:
  /// Takes the time itself: not all that are watched have a clock.
  void answer(MonotonicTime now = std::chrono::steady_clock::now()) noexcept {
    answered_at_.store(now, std::memory_order_release);
  }
  [[nodiscard]] bool answered() const noexcept { return answered_at() != MonotonicTime::max(); }

  /// `max()`: not yet.
  [[nodiscard]] MonotonicTime answered_at() const noexcept { return answered_at_.load(std::memory_order_acquire); }

 private:
  std::atomic<MonotonicTime> answered_at_{MonotonicTime::max()};
};
using PulsePtr = std::shared_ptr<Pulse>;

}  // namespace fulfilld
