// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>

#include "actors/ports/adapter.hpp"
#include "runtime/adapter_tool/witness.hpp"

namespace fulfilld {

/// How many pieces of blocking work have not ended.
class WorkCount {
 public:
  void begun();
  void ended();
  /// False if some are left after that time.
  [[nodiscard]] bool wait_for_none(std::chrono::milliseconds limit);

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t count_ = 0;
};

/// How the executions of a watched adapter are treated. All that is not set is left as it is.
struct Treatment {
  WitnessPtr witness;
  std::shared_ptr<WorkCount> work = std::make_shared<WorkCount>();
  /// Waiting is cut to that.
  std::chrono::milliseconds longest_sleep = std::chrono::milliseconds::max();
  /// The limit of each attempt of a call, by its number; 0: as the adapter wants it.
  std::function<std::chrono::milliseconds(std::size_t call)> time_limit;
  /// Called when the execution has begun to wait for something; counted from 1, calls, sleeps and work together.
  std::function<void(std::size_t suspension)> on_suspension;
  /// Called when the blocking work that it then waits for is about to run, on the thread that runs it.
  std::function<void(std::size_t suspension)> on_work;
};

/// An adapter before another one, which sees and times everything that passes between it and its host.
[[nodiscard]] AdapterPtr watched_adapter(AdapterPtr adapter, std::shared_ptr<const Treatment> treatment);

}  // namespace fulfilld
