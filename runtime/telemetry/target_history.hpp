// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "actors/policy/target_gate.hpp"
#include "actors/time.hpp"

namespace fulfilld {

/// What may happen to a target, for people.
enum class TargetChange : std::uint8_t {
  breaker_opened,
  breaker_half_open,
  breaker_closed,
  closed,             ///< by a Retry-After
  closed_again,       ///< its probe was refused
  closed_for_longer,  ///< before the time was over
  reopened,
  rate_cut,
  rate_cut_again,
  rate_restored,  ///< no limit any more
};

/// What has happened between two states of a target, in the order in which it is told. A permitted rate that grows, or
/// another concurrency cap, is nothing that happened.
[[nodiscard]] std::vector<TargetChange> target_changes(const TargetState& before, const TargetState& after,
                                                       MonotonicTime now);

/// Remembers how targets were, as far as that is out of the ordinary. Bounded: of more than `max_targets` sick ones,
/// the rest is taken for well. Any thread.
class TargetHistory {
 public:
  static constexpr std::size_t max_targets = 10000;

  /// How the target was (as in the last call for it), and is from now on.
  [[nodiscard]] TargetState exchange(std::string_view target, const TargetState& state);

 private:
  std::mutex mutex_;
  std::map<std::string, TargetState, std::less<>> sick_;  ///< guarded by `mutex_`
};

}  // namespace fulfilld
