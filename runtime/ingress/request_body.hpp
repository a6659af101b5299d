// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "actors/policy/reason.hpp"

namespace Poco::Net {
class HTTPServerRequestImpl;
}

namespace fulfilld {

/// Reads exactly `length` bytes into `body`, which grows with what has come and never with what was announced. It
/// keeps `padding` bytes of capacity behind its end. False if the client stopped short.
[[nodiscard]] bool read_body(Poco::Net::HTTPServerRequestImpl& request, std::uint64_t length, std::size_t padding,
                             std::string& body);

/// Reads a chunked body of `limit` bytes at most into `body`, with `padding` bytes of capacity behind its end. Uses up
/// whatever else the connection has buffered: the request must be the last one of its connection.
/// Returns `none`, `bad_request` or `body_too_large`.
[[nodiscard]] Reason read_chunked_body(Poco::Net::HTTPServerRequestImpl& request, std::size_t limit,
                                       std::size_t padding, std::string& body);

/// Reads `length` bytes and forgets them. False if the client stopped short.
[[nodiscard]] bool skip_body(Poco::Net::HTTPServerRequestImpl& request, std::uint64_t length);

}  // namespace fulfilld
