// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace Poco::Net {
class HTTPRequest;
}

namespace fulfilld {

/// How the body of a request is delimited (RFC 9112, section 6), or why that cannot be told. Poco takes the first of
/// several lengths, and a length together with chunks: whoever stands before us may take the other one, and part of
/// the body would become a request of its own.
struct BodyFraming {
  enum class Kind { none, length, chunked, broken };
  Kind kind = Kind::none;
  std::uint64_t length = 0;  ///< kind `length`
  std::string problem;       ///< kind `broken`, as a sentence: answer 400 and close
};

[[nodiscard]] BodyFraming body_framing(const Poco::Net::HTTPRequest& request);

}  // namespace fulfilld
