// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>

#include "actors/policy/deadline.hpp"
#include "actors/policy/retry_plan.hpp"
#include "actors/ports/adapter.hpp"

namespace fulfilld {

/// A configured action, ready to run.
struct Action {
  AdapterPtr adapter;
  DeadlinePolicy deadline;
  std::chrono::milliseconds heartbeat{0};  ///< how often the platform is told that it still runs; 0: never
  RetryPolicy retry;
  std::string credential;  ///< for the adapter's calls; empty: none
};

/// By name. Immutable while the actors run.
using Actions = std::map<std::string, Action, std::less<>>;

}  // namespace fulfilld
