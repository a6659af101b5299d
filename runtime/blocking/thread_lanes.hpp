// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "actors/policy/lane_pace.hpp"
#include "actors/policy/repeat_line.hpp"
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

  bool run(const std::string& lane, std::unique_ptr<BlockingWork> work, Turn turn, Done done) override;
  [[nodiscard]] std::optional<MonotonicTime> repeat_at(const std::string& lane, MonotonicTime now,
                                                       MonotonicTime last) override;

  /// Work that has run for `longer_than`; each once. Any thread.
  [[nodiscard]] std::vector<OverdueWork> take_overdue(MonotonicTime now, std::chrono::milliseconds longer_than);

 private:
  struct Lane;
  struct Item {
    Lane* lane = nullptr;
    std::unique_ptr<BlockingWork> work;
    Done done;
    MonotonicTime begins{};  ///< not before that; then when it did
    bool reported = false;
  };
  using Items = std::list<Item>;
  struct Lane {
    Lane(std::string its_name, const LaneLimits& its_limits, MonotonicTime now)
        : name(std::move(its_name)), limits(its_limits), pace(its_limits.threads), repeats(its_limits.retries, now) {}

    const std::string name;
    const LaneLimits limits;
    LanePace pace;
    RepeatLine repeats;
    std::size_t taken = 0;  ///< of its threads: runs, or is about to
    Items waiting;          ///< for one of its own places to become free
  };

  Lane& lane_of(const std::string& name, MonotonicTime now);
  [[nodiscard]] bool has_thread_for_next();
  void schedule(Items& from, MonotonicTime now);
  [[nodiscard]] Items::iterator next_due(std::unique_lock<std::mutex>& lock);
  void serve();
  [[nodiscard]] Items take_out(Items::iterator ended, const WorkAttempt& attempt, MonotonicTime now);

  const LaneLimits every_lane_;
  const Limits limits_;
  std::mutex mutex_;  ///< guards all below
  std::condition_variable changed_;
  std::map<std::string, Lane, std::less<>> lanes_;
  Items due_;  ///< for a thread, in the order of the times before which they must not begin; there is one for each
  Items running_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace fulfilld
