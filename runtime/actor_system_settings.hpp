// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <caf/actor_system_config.hpp>
#include <cstddef>

#include "runtime/scheduler/slow_handlers.hpp"

namespace fulfilld {

/// How CAF runs here: all message types known, few workers, asleep when idle, and nobody keeps one for long unnoticed.
/// Must outlive the actor system.
class ActorSystemSettings : public caf::actor_system_config {
 public:
  ActorSystemSettings(std::size_t workers, SlowHandlers slow);
};

}  // namespace fulfilld
