// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace fulfilld {

/// An absolute http or https URL, already parsed and normalised at an edge (`runtime/url`): actors never parse.
struct Url {
  std::string text;        ///< as it was written
  std::string origin;      ///< `scheme://host:port`, lower case, port always given: the key of a target
  std::string host;        ///< lower case; an IPv6 literal without its brackets
  std::string authority;   ///< value of the Host header: host, bracketed if IPv6, and the port unless it is the default
  std::string target;      ///< path and query as they go into the request line; starts with '/'
  std::uint16_t port = 0;  ///< 1 to 65535
  bool tls = false;        ///< https

  [[nodiscard]] bool empty() const noexcept { return origin.empty(); }
};

}  // namespace fulfilld
