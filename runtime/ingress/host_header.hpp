// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace Poco::Net {
class HTTPRequest;
}

namespace fulfilld {

/// Why the Host of a request cannot be taken, as a sentence; empty if it can. HTTP/1.1 must have exactly one, and it
/// must be a host (RFC 9112, section 3.2): whoever stands before us may go by the other of two.
[[nodiscard]] std::string_view host_problem(const Poco::Net::HTTPRequest& request);

}  // namespace fulfilld
