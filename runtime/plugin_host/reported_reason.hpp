// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "actors/policy/reason.hpp"

namespace fulfilld {

/// The reason of that wire name if it is one that an adapter may report: how the backend or the adapter itself failed.
/// Else `adapter_failed`.
[[nodiscard]] Reason reported_reason(std::string_view wire_name) noexcept;

}  // namespace fulfilld
