// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "actors/ports/http_engine.hpp"
#include "actors/time.hpp"

namespace fulfilld {

/// How long a Retry-After field (RFC 9110, 10.2.3) asks to wait: seconds, or one of the three HTTP-date forms
/// (5.6.7) relative to `now`. A date in the past is zero; fractions of seconds, which some servers send, are
/// rounded up; anything longer than ten days is cut to that. Nothing if the value is absent, negative or garbage.
///
/// Also read, as servers and those in between send them: dates with a zone other than GMT (`UTC`, `+0000`, `-0700`,
/// `EST`; RFC 5322, 3.3 and 4.3) or without one, and a list, of which the longest wait holds.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view value, WallTime now) noexcept;

/// How long that answer asks to wait: the longest that one of its Retry-After fields asks for. Dates are relative to
/// the answer's own Date field (RFC 9110, 6.6.1), so that neither clock has to be right, or to ours if that is absent
/// or unreadable.
[[nodiscard]] std::optional<std::chrono::milliseconds> retry_after(const HttpAnswer& answer, WallTime now) noexcept;

}  // namespace fulfilld
