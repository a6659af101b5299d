// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "actors/ports/blocking_threads.hpp"

namespace fulfilld::test {

/// Work that does nothing.
class NoWork final : public BlockingWork {
 public:
  void run() noexcept override {}
};

/// Threads that the test stands in for. One thread.
class QueuedThreads final : public BlockingThreads {
 public:
  bool run(const std::string& lane, std::unique_ptr<BlockingWork> work, std::function<void()> done) override {
    if (refuses_) return false;
    lane_ = lane;
    queue_.emplace_back(std::move(work), std::move(done));
    return true;
  }

  /// Does the work that has waited longest.
  void run_next() {
    const auto [work, done] = std::move(queue_.front());
    queue_.pop_front();
    work->run();
    done();
  }

  void refuse() noexcept { refuses_ = true; }
  [[nodiscard]] std::size_t waiting() const noexcept { return queue_.size(); }
  /// Of the latest work.
  [[nodiscard]] const std::string& lane() const noexcept { return lane_; }

 private:
  std::deque<std::pair<std::unique_ptr<BlockingWork>, std::function<void()>>> queue_;
  std::string lane_;
  bool refuses_ = false;
};

}  // namespace fulfilld::test
