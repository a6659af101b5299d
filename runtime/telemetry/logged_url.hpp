// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "actors/url.hpp"

namespace fulfilld {

// URLs as a log line may have them: without query and fragment, and with `*` in place of each part of the path that
// repeats a value of `data`, the JSON input of an execution.

/// The path of a URL that was called.
[[nodiscard]] std::string logged_path(const Url& url, std::string_view data);

/// Where a redirect leads to: origin and path, or what is left of a Location without them.
[[nodiscard]] std::string logged_location(std::string_view location, std::string_view data);

}  // namespace fulfilld
