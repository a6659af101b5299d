// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/ip/address.hpp>
#include <functional>
#include <string>
#include <vector>

namespace fulfilld {

/// What a lookup gave: addresses in the order in which they are to be tried, or why there are none.
struct Resolution {
  std::vector<boost::asio::ip::address> addresses;
  std::string problem;
  bool own_lack = false;  ///< for want of descriptors or memory of this machine: says nothing about the name
};

/// Finds the addresses of a host. Runs on a thread of its own and may block for long, even beyond the life of the
/// engine that asked: it owns whatever it uses. Must not throw anything but std::exception.
using LookUp = std::function<Resolution(const std::string& host)>;

/// Asks the system's resolver (getaddrinfo): files, DNS, in the order of RFC 6724.
[[nodiscard]] Resolution system_look_up(const std::string& host);

}  // namespace fulfilld
