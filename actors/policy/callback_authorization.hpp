// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace fulfilld {

/// What a callback is authorized with.
enum class CallbackAuthorization : std::uint8_t {
  oauth,                       ///< the token of the configured credential
  fulfillment_token,           ///< the token that came with the execution
  fulfillment_token_or_oauth,  ///< the former where there is one, else the latter
};

}  // namespace fulfilld
