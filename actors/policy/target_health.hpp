// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "actors/ports/http_engine.hpp"

namespace fulfilld {

/// What an answer says about the target that gave it, whatever it means for the call.
enum class TargetHealth : std::uint8_t {
  well,      ///< it answered: 2xx, 3xx, any 4xx that is not below, an answer that is too large
  ill,       ///< no connection, no TLS, no answer in time, a broken or senseless answer, 5xx
  refusing,  ///< 429, or 503 with a Retry-After: it asks for less
  unknown,   ///< says nothing about the target: the engine stopped, the call was not made, or for want of a socket
};

[[nodiscard]] TargetHealth target_health(const HttpAnswer& answer) noexcept;

}  // namespace fulfilld
