// SPDX-License-Identifier: Apache-2.0
#include "runtime/blocking/thread_lanes.hpp"

#include <pthread.h>

#include <algorithm>
#include <iterator>
#include <system_error>
#include <utility>

namespace fulfilld {

using Verdict = WorkAttempt::Verdict;

ThreadLanes::ThreadLanes(LaneLimits every_lane, Limits lanes) : every_lane_(every_lane), limits_(std::move(lanes)) {}

ThreadLanes::~ThreadLanes() {
  Items left;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    left.swap(due_);
    for (auto& [name, lane] : lanes_) left.splice(left.end(), lane.waiting);
  }
  left.clear();  // code of an adapter runs
  changed_.notify_all();
  for (auto& thread : threads_) thread.join();
}

bool ThreadLanes::run(const std::string& lane_name, std::unique_ptr<BlockingWork> work, Turn turn, Done done) {
  Items item;  // outlives the lock: if it is refused, code of an adapter runs
  item.emplace_back();
  item.front().work = std::move(work);
  item.front().done = std::move(done);
  const std::lock_guard lock(mutex_);
  if (stopping_) return false;
  const auto now = MonotonicTime::clock::now();
  auto& lane = lane_of(lane_name, now);
  item.front().lane = &lane;
  if (turn == Turn::first) lane.repeats.first_attempt(now);
  if (lane.taken >= lane.pace.places()) {
    if (lane.waiting.size() >= lane.limits.waiting) return false;
    // It has waited in that line before. Where the backend is away it is somebody else's turn to find out.
    const bool goes_first = turn == Turn::repeated && lane.pace.is_well();
    lane.waiting.splice(goes_first ? lane.waiting.begin() : lane.waiting.end(), item);
    return true;
  }
  if (!has_thread_for_next()) return false;
  schedule(item, now);
  return true;
}

std::optional<MonotonicTime> ThreadLanes::repeat_at(const std::string& lane, MonotonicTime now, MonotonicTime last) {
  const std::lock_guard lock(mutex_);
  return lane_of(lane, now).repeats.take(now, last);
}

std::vector<OverdueWork> ThreadLanes::take_overdue(MonotonicTime now, std::chrono::milliseconds longer_than) {
  std::vector<OverdueWork> overdue;
  const std::lock_guard lock(mutex_);
  for (auto& item : running_) {
    const auto lasts = std::chrono::floor<std::chrono::milliseconds>(now - item.begins);
    if (lasts >= longer_than && !std::exchange(item.reported, true)) overdue.push_back({item.lane->name, lasts});
  }
  return overdue;
}

ThreadLanes::Lane& ThreadLanes::lane_of(const std::string& name, MonotonicTime now) {
  if (const auto known = lanes_.find(name); known != lanes_.end()) return known->second;
  const auto own = limits_.find(name);
  return lanes_.try_emplace(name, name, own == limits_.end() ? every_lane_ : own->second, now).first->second;
}

/// Makes a thread if all are busy, or spoken for. False only if there is none at all and none can be made.
bool ThreadLanes::has_thread_for_next() {
  const auto free = threads_.size() - running_.size();
  if (free > due_.size()) return true;
  try {
    threads_.emplace_back([this] { serve(); });
  } catch (const std::system_error&) {
    return !threads_.empty();
  }
  return true;
}

/// The first of these takes a place of its lane.
void ThreadLanes::schedule(Items& from, MonotonicTime now) {
  auto& item = from.front();
  ++item.lane->taken;
  item.begins = std::max(now, item.lane->pace.opens());
  auto place = due_.end();
  while (place != due_.begin() && std::prev(place)->begins > item.begins) --place;
  due_.splice(place, from, from.begin());
  changed_.notify_one();
}

/// Waits for one whose time has come; the end if there will be no more.
ThreadLanes::Items::iterator ThreadLanes::next_due(std::unique_lock<std::mutex>& lock) {
  while (!stopping_) {
    if (due_.empty()) {
      changed_.wait(lock);
    } else if (due_.front().begins > MonotonicTime::clock::now()) {
      changed_.wait_until(lock, MonotonicTime(due_.front().begins));
    } else {
      running_.splice(running_.end(), due_, due_.begin());
      if (!due_.empty()) changed_.notify_one();  // who was told of that one may have been this thread
      return std::prev(running_.end());
    }
  }
  return running_.end();
}

void ThreadLanes::serve() {
  pthread_setname_np(pthread_self(), "blocking");
  std::unique_lock lock(mutex_);
  for (;;) {
    const auto item = next_due(lock);
    if (item == running_.end()) return;
    item->begins = MonotonicTime::clock::now();
    lock.unlock();
    const WorkAttempt attempt = item->work->run();
    item->done(attempt, attempt.may_be_repeated() ? std::move(item->work) : nullptr);
    const auto now = MonotonicTime::clock::now();
    lock.lock();
    auto ended = take_out(item, attempt, now);
    lock.unlock();
    ended.clear();  // code of an adapter runs
    lock.lock();
  }
}

/// The place of one that has ended goes to the next of its lane; there may be more of them now, or fewer.
ThreadLanes::Items ThreadLanes::take_out(Items::iterator ended, const WorkAttempt& attempt, MonotonicTime now) {
  auto& lane = *ended->lane;
  Items taken;
  taken.splice(taken.end(), running_, ended);
  if (attempt.verdict == Verdict::busy) lane.pace.busy(attempt.after, ended->begins, now);
  if (attempt.verdict == Verdict::done) lane.pace.well(ended->begins, now);
  --lane.taken;
  while (!stopping_ && lane.taken < lane.pace.places() && !lane.waiting.empty() && has_thread_for_next())
    schedule(lane.waiting, now);
  return taken;
}

}  // namespace fulfilld
