// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace Poco::Net {
class HTTPRequest;
}

namespace fulfilld {

/// Whether the connection may go on after the answer (RFC 9112, section 9.3). Connection is a list of options, whose
/// case does not matter, and may be given more than once: Poco only knows the value `close` as a whole.
[[nodiscard]] bool client_keeps_connection(const Poco::Net::HTTPRequest& request);

}  // namespace fulfilld
