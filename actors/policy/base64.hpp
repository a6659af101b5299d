// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace fulfilld {

/// Base64 with padding (RFC 4648, 4).
[[nodiscard]] std::string base64(std::string_view bytes);

/// The same way back, also for the alphabet of URLs (RFC 4648, 5) and without padding; nothing for what is no Base64.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

/// The characters that must stand in the Base64 of any text in which these bytes begin at a place that leaves the
/// remainder `offset` (0, 1 or 2) when divided by three. What their neighbours have a say in is left out.
[[nodiscard]] std::string base64_within(std::string_view bytes, std::size_t offset);

}  // namespace fulfilld
