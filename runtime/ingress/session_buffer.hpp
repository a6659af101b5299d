// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace Poco::Net {
class HTTPServerSession;
}

namespace fulfilld {

/// Drops the empty lines that have been received with the body of a request: to Poco they are the beginning of the next
/// one, which may never come.
void drop_empty_lines(Poco::Net::HTTPServerSession& session);

}  // namespace fulfilld
