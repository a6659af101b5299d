// SPDX-License-Identifier: Apache-2.0
#include "runtime/egress/address_order.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace fulfilld {

std::vector<boost::asio::ip::address> in_turns(const std::vector<boost::asio::ip::address>& addresses) {
  std::vector<boost::asio::ip::address> first;
  std::vector<boost::asio::ip::address> second;
  std::partition_copy(addresses.begin(), addresses.end(), std::back_inserter(first), std::back_inserter(second),
                      [&](const auto& address) { return address.is_v4() == addresses.front().is_v4(); });
  std::vector<boost::asio::ip::address> ordered;
  ordered.reserve(addresses.size());
  for (std::size_t i = 0; i < std::max(first.size(), second.size()); ++i) {
    if (i < first.size()) ordered.push_back(first[i]);
    if (i < second.size()) ordered.push_back(second[i]);
  }
  return ordered;
}

}  // namespace fulfilld
