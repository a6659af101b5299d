// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace fulfilld {

/// Where a request goes.
struct Route {
  enum class Endpoint { none, execute, healthz, readyz };
  Endpoint endpoint = Endpoint::none;
  std::string action;  ///< endpoint `execute`: the name in the path, decoded, or `default`

  /// Value of the Allow header: the methods that the endpoint takes.
  [[nodiscard]] std::string_view allow() const noexcept;
  [[nodiscard]] bool takes(std::string_view method) const noexcept;
};

/// The endpoint of a request target in origin or absolute form (RFC 9112, section 3.2); the query is ignored. The path
/// is taken apart at its slashes and decoded after that (RFC 3986, section 2.4): `%2F` never separates, it is part of a
/// name. What is no percent-encoding stands for itself, and so names nothing.
[[nodiscard]] Route route_of(std::string_view target);

}  // namespace fulfilld
