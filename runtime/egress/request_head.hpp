// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "actors/ports/http_engine.hpp"

namespace fulfilld {

/// Writes request line and fields, with the empty line that ends them, into `head` (RFC 9112 sections 3 and 6.2).
void write_request_head(const HttpRequest& request, std::string& head);

/// True if no part of the head that comes from outside holds a control character, which could smuggle a field or a
/// second request into it. `header_lines` is checked by its maker, as the port says.
[[nodiscard]] bool is_safe_to_write(const HttpRequest& request) noexcept;

/// True if the request may be sent a second time although the peer may have carried it out: its method is idempotent
/// (RFC 9110 section 9.2.2), or an Idempotency-Key tells the peer that both are one.
[[nodiscard]] bool may_be_sent_twice(const HttpRequest& request) noexcept;

}  // namespace fulfilld
