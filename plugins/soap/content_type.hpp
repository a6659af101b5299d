// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace soap {

/// The parameter `charset` of a Content-Type (RFC 9110, 8.3.2), without quotes; empty if there is none.
[[nodiscard]] std::string charset_of(std::string_view content_type);

}  // namespace soap
