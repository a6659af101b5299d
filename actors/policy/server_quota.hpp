// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "actors/ports/http_engine.hpp"
#include "actors/time.hpp"

namespace fulfilld {

/// What Genesys Cloud says of its own count: `inin-ratelimit-count`, `-allowed`, `-reset` (seconds), in each answer.
struct QuotaReport {
  std::uint32_t count = 0;    ///< calls counted in the present window
  std::uint32_t allowed = 0;  ///< calls allowed in it
  std::chrono::seconds reset{0};
};

/// Reads the three fields; nothing if one is missing or not a number that makes sense (some calls are allowed, reset is
/// at most an hour).
[[nodiscard]] std::optional<QuotaReport> read_quota(const HttpAnswer& answer) noexcept;

/// Keeps calls within the window that the platform counts, besides our own bucket. A window ends when its first report
/// says, and is not prolonged: so no report stops calls for longer than an hour. Reports come back in any order: the
/// highest count of a window holds. Pure.
class ServerQuota {
 public:
  /// When the next call may go; not later than `now` if it may. Ask again when a call has come back, too.
  [[nodiscard]] MonotonicTime next(MonotonicTime now) const noexcept;

  /// A call goes.
  void enter() noexcept;

  /// An answer has come, with or without a report. The calls that are still under way are not counted in it yet.
  void leave(const std::optional<QuotaReport>& report, MonotonicTime now) noexcept;

 private:
  std::uint32_t in_flight_ = 0;
  std::uint32_t counted_ = 0;
  std::uint32_t allowed_ = 0;
  MonotonicTime until_{};  ///< the end of the window; in the past: nothing is known
};

}  // namespace fulfilld
