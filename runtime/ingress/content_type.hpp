// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace fulfilld {

/// True for `application/json`, without parameters or with `charset=utf-8` (RFC 9110, section 8.3; any case).
[[nodiscard]] bool is_json_content_type(std::string_view value) noexcept;

}  // namespace fulfilld
