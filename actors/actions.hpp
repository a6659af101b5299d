// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "actors/policy/deadline.hpp"
#include "actors/policy/retry_plan.hpp"
#include "actors/ports/adapter.hpp"

namespace fulfilld {

/// A configured action, ready to run. An execution keeps the one that it began with.
struct Action {
  AdapterPtr adapter;
  std::string adapter_name;  ///< for people: name and version
  DeadlinePolicy deadline;
  std::chrono::milliseconds heartbeat{0};  ///< how often the platform is told that it still runs; 0: never
  RetryPolicy retry;
  std::size_t max_result = 500 << 10;  ///< bytes of a result, as it is posted; a larger one fails
  std::string credential;              ///< for the adapter's calls; empty: none
};

using ActionPtr = std::shared_ptr<const Action>;

/// By name. Never changed: when adapters are replaced, there is another one.
using Actions = std::map<std::string, ActionPtr, std::less<>>;
using ActionsPtr = std::shared_ptr<const Actions>;

}  // namespace fulfilld
