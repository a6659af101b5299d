// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace fulfilld::testing {

/// Measures how late the machine wakes a thread that does nothing but wait for the next millisecond: what no timer
/// can do better at the same time.
class StallWatch {
 public:
  StallWatch() : thread_([this] { watch(); }) {}
  ~StallWatch() {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }
  StallWatch(const StallWatch&) = delete;
  StallWatch& operator=(const StallWatch&) = delete;

  [[nodiscard]] std::chrono::microseconds longest() const {
    const std::lock_guard lock(mutex_);
    return longest_;
  }

 private:
  void watch() {
    std::unique_lock lock(mutex_);
    while (!stopped_) {
      const auto due = std::chrono::steady_clock::now() + std::chrono::milliseconds{1};
      changed_.wait_until(lock, due, [this] { return stopped_; });
      const auto late = std::chrono::steady_clock::now() - due;
      longest_ = std::max(longest_, std::chrono::duration_cast<std::chrono::microseconds>(late));
    }
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::chrono::microseconds longest_{0};
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace fulfilld::testing
