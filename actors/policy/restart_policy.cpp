// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/restart_policy.hpp"

namespace fulfilld {

bool RestartBudget::try_take(MonotonicTime now) {
  while (!taken_.empty() && now - taken_.front() >= policy_.period) taken_.pop_front();
  if (taken_.size() >= policy_.restarts) return false;
  taken_.push_back(now);
  return true;
}

}  // namespace fulfilld
