// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace Poco::Net {
class HTTPRequest;
}

namespace fulfilld {

/// True if the body was encoded on its way (RFC 9110, section 8.4): compressed bodies are not taken. `identity` is what
/// some say who have done nothing.
[[nodiscard]] bool has_content_encoding(const Poco::Net::HTTPRequest& request);

}  // namespace fulfilld
