// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace fulfilld {

/// Where a request goes.
struct Route {
  enum class Endpoint { none, execute, healthz, readyz };
  Endpoint endpoint = Endpoint::none;
  std::string_view action;  ///< endpoint `execute`: the name in the path, or `default`

  /// Value of the Allow header: the methods that the endpoint takes.
  [[nodiscard]] std::string_view allow() const noexcept;
  [[nodiscard]] bool takes(std::string_view method) const noexcept;
};

/// The endpoint of a request target in origin or absolute form (RFC 9112, section 3.2); the query is ignored. The
/// view points into `target`.
[[nodiscard]] Route route_of(std::string_view target) noexcept;

}  // namespace fulfilld
