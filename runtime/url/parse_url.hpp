// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "actors/url.hpp"

namespace fulfilld {

/// A URL, or the sentence that says why the text is none.
struct ParsedUrl {
  std::optional<Url> url;
  std::string problem;  ///< empty if there is a url
};

/// Parses an absolute http or https URL with libcurl's URL API (RFC 3986). Refused: other schemes, user info,
/// fragments are dropped, control characters, spaces, an empty host, more than 4096 bytes. Any thread.
[[nodiscard]] ParsedUrl parse_url(std::string_view text);

}  // namespace fulfilld
