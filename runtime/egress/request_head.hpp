// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "actors/ports/http_engine.hpp"

namespace fulfilld {

/// Writes request line and fields, with the empty line that ends them, into `head` (RFC 9112 sections 3 and 6.2).
/// `user_agent`: a whole line with its end, or nothing, for a request that has none of its own.
///
/// Besides what the request is made of it says what is true of all: that the connection is to be kept (some servers
/// announce for how long only to those who say so), and which encodings of the answer are understood.
void write_request_head(const HttpRequest& request, std::string_view user_agent, std::string& head);

/// True if no part of the head that comes from outside holds a control character, which could smuggle a field or a
/// second request into it. `header_lines` is checked by its maker, as the port says.
[[nodiscard]] bool is_safe_to_write(const HttpRequest& request) noexcept;

/// True if the request may be sent a second time although the peer may have carried it out: its method is idempotent
/// (RFC 9110 section 9.2.2), or an Idempotency-Key tells the peer that both are one.
[[nodiscard]] bool may_be_sent_twice(const HttpRequest& request) noexcept;

}  // namespace fulfilld
