// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "actors/ports/blocking_threads.hpp"
#include "actors/ports/clock.hpp"

namespace fulfilld {

/// Work that has held its thread for long.
struct OverdueWork {
  std::string lane;
  std::chrono::milliseconds lasts{0};
};

/// Threads for blocking work, made on demand and kept: at most as many as all lanes may use together.
class ThreadLanes final : public BlockingThreads {
 public:
  using Limits = std::map<std::string, LaneLimits, std::less<>>;

  /// `every_lane` holds for those that `lanes` does not name.
  explicit ThreadLanes(LaneLimits every_lane, Limits lanes = {});

  /// Destroys what waits, and returns when what runs has ended.
  ~ThreadLanes() override;

  bool run(const std::string& lane, std::unique_ptr<BlockingWork> work, std::function<void()> done) override;

  /// Work that has run for `longer_than`; each once. Any thread.
  [[nodiscard]] std::vector<OverdueWork> take_overdue(MonotonicTime now, std::chrono::milliseconds longer_than);

 private:
  struct Lane;
  struct Item {
    Lane* lane = nullptr;
    std::unique_ptr<BlockingWork> work;
    std::function<void()> done;
    MonotonicTime began{};
    bool reported = false;
  };
  struct Lane {
    std::string name;
    LaneLimits limits;
    std::size_t taken = 0;     ///< of its threads: runs, or is about to
    std::deque<Item> waiting;  ///< for one of its own threads to become free
  };

  Lane& lane_of(const std::string& name);
  [[nodiscard]] bool has_thread_for_next();
  void serve();
  [[nodiscard]] std::list<Item> take_out(std::list<Item>::iterator ended);

  const LaneLimits every_lane_;
  const Limits limits_;
  std::mutex mutex_;  ///< guards all below
  std::condition_variable changed_;
  std::map<std::string, Lane, std::less<>> lanes_;
  std::deque<Item> ready_;
  std::list<Item> running_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace fulfilld
