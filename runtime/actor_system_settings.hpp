// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <caf/actor_system_config.hpp>
#include <cstddef>

namespace fulfilld {

/// How CAF runs here: all message types known, few workers, asleep when idle. Must outlive the actor system.
class ActorSystemSettings : public caf::actor_system_config {
 public:
  explicit ActorSystemSettings(std::size_t workers);
};

}  // namespace fulfilld
