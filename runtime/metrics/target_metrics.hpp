// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

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

/// How each target is doing, as it was last reported. Any thread.
class TargetMetrics final : public prometheus::Collectable {
 public:
  /// Further targets have no series of their own; all that is known of them is how often a breaker opened, as `other`.
  static constexpr std::size_t max_targets = 1000;

  explicit TargetMetrics(std::function<MonotonicTime()> now) : now_(std::move(now)) {}

  void put(std::string_view target, const TargetState& state);

  [[nodiscard]] std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  struct Target {
    TargetState state;
    std::uint64_t openings = 0;
  };

  const std::function<MonotonicTime()> now_;
  mutable std::mutex mutex_;
  std::map<std::string, Target, std::less<>> targets_;  ///< guarded by `mutex_`, as is what follows
  std::uint64_t openings_of_others_ = 0;
};

}  // namespace fulfilld
