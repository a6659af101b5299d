// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <limits>

#include "actors/policy/token_bucket.hpp"

namespace fulfilld {

/// How many results, known all at once, can be delivered before the last of them is older than `lifetime`. The largest
/// number where `rate` has no limit. At least 1.
[[nodiscard]] inline std::size_t callback_capacity(const Rate& rate, std::chrono::milliseconds lifetime) noexcept {
  constexpr auto unlimited = std::numeric_limits<std::size_t>::max();
  if (!rate.limited()) return unlimited;
  const double at_once = std::max(1.0, rate.burst > 0 ? rate.burst : rate.count);
  const double results =
      at_once + rate.count * static_cast<double>(lifetime.count()) / static_cast<double>(rate.period.count());
  return results < static_cast<double>(unlimited) ? static_cast<std::size_t>(results) : unlimited;
}

}  // namespace fulfilld
