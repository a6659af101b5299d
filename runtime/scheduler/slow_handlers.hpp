// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <string_view>

namespace fulfilld {

/// From when on an actor has kept its thread for too long, and who hears of it.
struct SlowHandlers {
  std::chrono::milliseconds from{50};
  /// Called by the thread that was kept, once the actor has let it go; must not block nor throw.
  std::function<void(std::string_view actor, std::chrono::milliseconds lasted)> report;
};

}  // namespace fulfilld
