// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace Poco::Net {
class HTTPRequest;
}

namespace fulfilld {

/// The Idempotency-Key of a request (draft-ietf-httpapi-idempotency-key-header), or why it cannot be used.
struct IdempotencyKey {
  std::string_view key;  ///< as it was sent, without white space around it; empty if there is none
  std::string problem;   ///< a sentence: answer 400
};

/// The key is a view into the request.
[[nodiscard]] IdempotencyKey idempotency_key(const Poco::Net::HTTPRequest& request);

}  // namespace fulfilld
