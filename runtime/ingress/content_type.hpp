// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace fulfilld {

/// True for `application/json` (RFC 9110, section 8.3; any case) whose charset, if it names one, is UTF-8 or ASCII.
/// Other parameters have no meaning for JSON and are ignored (RFC 8259, section 11).
[[nodiscard]] bool is_json_content_type(std::string_view value) noexcept;

}  // namespace fulfilld
