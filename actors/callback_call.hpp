// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "actors/execution.hpp"
#include "actors/messages.hpp"

namespace fulfilld {

struct CallbackLaneConfig;

/// A call that posts a JSON body to the execution's fulfillmentUrl, authorized as the configuration wants it. Its
/// requester and its time limits are left to who makes it.
[[nodiscard]] CallPtr make_callback_call(const CallbackLaneConfig& config, const Execution& execution,
                                         std::shared_ptr<const std::string> body);

}  // namespace fulfilld
