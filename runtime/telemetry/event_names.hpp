// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "actors/ports/http_engine.hpp"
#include "actors/ports/observer.hpp"
#include "runtime/telemetry/target_history.hpp"

namespace fulfilld {

// How things are called in log lines and metrics. Stable: people search for them.

[[nodiscard]] std::string_view name(Direction direction) noexcept;
/// Empty for `none`.
[[nodiscard]] std::string_view name(HttpFailure failure) noexcept;
[[nodiscard]] std::string_view name(HandshakeFailure failure) noexcept;
[[nodiscard]] std::string_view name(TargetChange change) noexcept;

}  // namespace fulfilld
