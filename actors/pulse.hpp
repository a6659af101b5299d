// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>

namespace fulfilld {

/// One question "are you alive?" to an actor or a thread: asked by whoever watches, answered by the one that is
/// watched, in its turn. Shared by both.
class Pulse {
 public:
  void answer() noexcept { answered_.store(true, std::memory_order_release); }
  [[nodiscard]] bool answered() const noexcept { return answered_.load(std::memory_order_acquire); }

 private:
  std::atomic<bool> answered_{false};
};
using PulsePtr = std::shared_ptr<Pulse>;

}  // namespace fulfilld
