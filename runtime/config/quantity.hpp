// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "actors/policy/token_bucket.hpp"

namespace fulfilld {

/// A whole number with one of the units ms, s, m, h, d: `250ms`, `5s`, `15m`. Empty if it is none.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) noexcept;
/// The shortest such text, e.g. `15m`.
[[nodiscard]] std::string duration_text(std::chrono::milliseconds duration);

/// A whole number with one of the units B, KiB, MiB, GiB: `512KiB`. Empty if it is none.
[[nodiscard]] std::optional<std::uint64_t> parse_size(std::string_view text) noexcept;
[[nodiscard]] std::string size_text(std::uint64_t bytes);

/// `300/min`, `50/s`, `1000/h` (a decimal fraction is fine) or `none`. Sets no burst. Empty if it is none of these.
[[nodiscard]] std::optional<Rate> parse_rate(std::string_view text) noexcept;
[[nodiscard]] std::string rate_text(const Rate& rate);

}  // namespace fulfilld
