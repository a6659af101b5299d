// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "actors/url.hpp"

namespace fulfilld {

/// The `api.` hosts of all public Genesys Cloud regions.
[[nodiscard]] const std::vector<std::string>& genesys_api_hosts();

/// True for 127.0.0.0/8, ::1 and the name localhost.
[[nodiscard]] bool is_loopback(std::string_view host) noexcept;

/// Decides which fulfillmentUrl may be called: a bearer token is sent there. An entry is an exact host (never a
/// suffix), optionally with a port; without one it stands for port 443, for a loopback host for any port.
/// Immutable, any thread.
class HostAllowList {
 public:
  /// Throws std::invalid_argument with a sentence where an entry is none (the configuration checks this).
  explicit HostAllowList(const std::vector<std::string>& entries);

  /// Why the URL may not be called, as a sentence for the caller; empty if it may. Plain http only to loopback.
  [[nodiscard]] std::string refusal(const Url& url) const;

 private:
  std::vector<std::string> entries_;  ///< `host:port`, or a loopback host alone; lower case, sorted
};

}  // namespace fulfilld
