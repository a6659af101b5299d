// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

namespace fulfilld::simulator {

struct RateLimitSettings {
  std::uint64_t allowed = 300;  ///< requests in each window
  std::chrono::milliseconds window{60000};

  friend bool operator==(const RateLimitSettings&, const RateLimitSettings&) = default;
};

/// Reads `{"allowed": N, "window_ms": M}`, or null for none; what is not given has its default.
[[nodiscard]] std::optional<RateLimitSettings> parse_rate_limit(const nlohmann::json& json);

/// Counts requests for each key, in windows that begin with their first request. Pure.
class RateLimit {
 public:
  using Time = std::chrono::steady_clock::time_point;

  struct Verdict {
    bool permitted = true;
    std::uint64_t count = 0;              ///< permitted in this window, this one included
    std::uint64_t allowed = 0;            ///< in each window
    std::chrono::seconds until_reset{0};  ///< rounded up
  };

  /// Sets the limit, or takes it away. Another one than before starts all counts anew.
  void set(std::optional<RateLimitSettings> settings);

  /// A request has come. Empty if there is no limit.
  [[nodiscard]] std::optional<Verdict> enter(const std::string& key, Time now);

 private:
  struct Window {
    Time end{};
    std::uint64_t count = 0;
  };

  std::optional<RateLimitSettings> settings_;
  std::map<std::string, Window> windows_;
};

}  // namespace fulfilld::simulator
