// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>

#include "actors/ports/clock.hpp"

namespace fulfilld {

/// How often a service actor may die before the whole process is given up.
struct RestartPolicy {
  std::size_t restarts = 5;  ///< within `period`; 0: none
  std::chrono::milliseconds period{60000};
};

/// Counts the restarts of one actor. Pure: the time comes in as an argument.
class RestartBudget {
 public:
  RestartBudget() = default;
  explicit RestartBudget(RestartPolicy policy) noexcept : policy_(policy) {}

  /// True if it may be restarted now; then that restart is counted.
  [[nodiscard]] bool try_take(MonotonicTime now);

 private:
  RestartPolicy policy_;
  std::deque<MonotonicTime> taken_;  ///< within the last period
};

}  // namespace fulfilld
