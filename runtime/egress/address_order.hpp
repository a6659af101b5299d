// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/ip/address.hpp>
#include <vector>

namespace fulfilld {

/// The order in which addresses are tried (RFC 8305, 4): IPv6 and IPv4 take turns, beginning with the family of the
/// first, so that a family that does not get through costs one attempt; within each the order stays.
[[nodiscard]] std::vector<boost::asio::ip::address> in_turns(const std::vector<boost::asio::ip::address>& addresses);

}  // namespace fulfilld
