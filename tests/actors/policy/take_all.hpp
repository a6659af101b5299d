// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "actors/time.hpp"

namespace fulfilld::test {

/// How many a TokenBucket or a RetryBudget has at that time; it has none then. Ends at 100000.
template <typename Supply>
int take_all(Supply& supply, MonotonicTime now) {
  int taken = 0;
  while (taken < 100000 && supply.try_take(now)) ++taken;
  return taken;
}

}  // namespace fulfilld::test
