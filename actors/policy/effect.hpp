// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "actors/ports/http_engine.hpp"

namespace fulfilld {

/// What the end of an attempt tells of whether the backend has done what it was asked.
enum class Effect : std::uint8_t {
  done,     ///< 2xx, read to its end
  nothing,  ///< nothing was done, and that is certain: nothing was sent, or a standard says so of the status
  refused,  ///< the backend's own word that it did not do it; perhaps it did some of it
  unknown,  ///< no answer, or one that cannot be read, or one that others than the backend give for it
};

/// Statuses that say of themselves that the request was not applied: 401 (RFC 9110, 15.5.2), 407 (15.5.8), 421
/// (15.5.20), 425 (RFC 8470, 5.2), 429 (RFC 6585, 4); 503 with a Retry-After only where the action says so
/// (`trusts_503`), as gateways too send it, for requests that they have passed on.
///
/// Unknown: 2xx that is broken off, no HTTP or too large; 502, 503, 504 and all 5xx that are not registered, as they
/// come from gateways; 408, which backends also send when they were too slow; 303, which tells where the result of
/// what was done is found. Every other status is the backend's own refusal.
[[nodiscard]] Effect effect_of(const HttpAnswer& answer, bool trusts_503 = false) noexcept;

}  // namespace fulfilld
