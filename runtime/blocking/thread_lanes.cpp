// SPDX-License-Identifier: Apache-2.0
#include "runtime/blocking/thread_lanes.hpp"

#include <pthread.h>

#include <system_error>
#include <utility>

namespace fulfilld {

ThreadLanes::ThreadLanes(LaneLimits every_lane, Limits lanes) : every_lane_(every_lane), limits_(std::move(lanes)) {}

ThreadLanes::~ThreadLanes() {
  std::deque<Item> left;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    left.swap(ready_);
    for (auto& [name, lane] : lanes_)
      for (; !lane.waiting.empty(); lane.waiting.pop_front()) left.push_back(std::move(lane.waiting.front()));
  }
  left.clear();  // code of an adapter runs
  changed_.notify_all();
  for (auto& thread : threads_) thread.join();
}

bool ThreadLanes::run(const std::string& lane_name, std::unique_ptr<BlockingWork> work, std::function<void()> done) {
  Item item;  // outlives the lock: if it is refused, code of an adapter runs
  item.work = std::move(work);
  item.done = std::move(done);
  const std::lock_guard lock(mutex_);
  if (stopping_) return false;
  auto& lane = lane_of(lane_name);
  item.lane = &lane;
  if (lane.taken == lane.limits.threads) {
    if (lane.waiting.size() >= lane.limits.waiting) return false;
    lane.waiting.push_back(std::move(item));
    return true;
  }
  if (!has_thread_for_next()) return false;
  ++lane.taken;
  ready_.push_back(std::move(item));
  changed_.notify_one();
  return true;
}

std::vector<OverdueWork> ThreadLanes::take_overdue(MonotonicTime now, std::chrono::milliseconds longer_than) {
  std::vector<OverdueWork> overdue;
  const std::lock_guard lock(mutex_);
  for (auto& item : running_) {
    const auto lasts = std::chrono::floor<std::chrono::milliseconds>(now - item.began);
    if (lasts >= longer_than && !std::exchange(item.reported, true)) overdue.push_back({item.lane->name, lasts});
  }
  return overdue;
}

ThreadLanes::Lane& ThreadLanes::lane_of(const std::string& name) {
  auto& lane = lanes_[name];
  if (lane.name.empty()) {
    const auto own = limits_.find(name);
    lane.name = name;
    lane.limits = own == limits_.end() ? every_lane_ : own->second;
  }
  return lane;
}

/// Makes a thread if all are busy. False only if there is none at all and none can be made.
bool ThreadLanes::has_thread_for_next() {
  const auto free = threads_.size() - running_.size();
  if (free > ready_.size()) return true;
  try {
    threads_.emplace_back([this] { serve(); });
  } catch (const std::system_error&) {
    return !threads_.empty();
  }
  return true;
}

void ThreadLanes::serve() {
  pthread_setname_np(pthread_self(), "blocking");
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopping_ || !ready_.empty(); });
    if (ready_.empty()) return;
    const auto item = running_.insert(running_.end(), std::move(ready_.front()));
    ready_.pop_front();
    item->began = MonotonicTime::clock::now();
    lock.unlock();
    item->work->run();
    item->done();
    lock.lock();
    auto ended = take_out(item);
    lock.unlock();
    ended.clear();  // code of an adapter runs
    lock.lock();
  }
}

/// The place of one that has ended goes to the next of its lane.
std::list<ThreadLanes::Item> ThreadLanes::take_out(std::list<Item>::iterator ended) {
  auto& lane = *ended->lane;
  std::list<Item> taken;
  taken.splice(taken.end(), running_, ended);
  if (lane.waiting.empty()) {
    --lane.taken;
  } else {
    ready_.push_back(std::move(lane.waiting.front()));
    lane.waiting.pop_front();
  }
  return taken;
}

}  // namespace fulfilld
