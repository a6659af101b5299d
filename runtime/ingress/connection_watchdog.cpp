// SPDX-License-Identifier: Apache-2.0
#include "runtime/ingress/connection_watchdog.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace fulfilld {
namespace {

using std::chrono::milliseconds;

/// An idle connection is not cut for the sake of others before that time: its next request may be on the way.
constexpr milliseconds idle_grace{500};

/// Nor is one that has not had an answer yet: proxies connect before they have the client's body (Varnish), or are
/// busy with hundreds of handshakes. Well below the patience of those who wait (`WaitingLimits`), who would else find
/// no place behind silent clients.
constexpr milliseconds fresh_grace{2000};

milliseconds grace_of(Phase phase) noexcept { return phase == Phase::fresh ? fresh_grace : idle_grace; }

milliseconds sweep_period(const ConnectionLimits& limits) {
  return std::clamp(std::min(limits.request, limits.keep_alive) / 8, milliseconds{5}, milliseconds{100});
}

}  // namespace

ConnectionWatchdog::ConnectionWatchdog(const ConnectionLimits& limits, std::function<void()> place_freed)
    : limits_(limits),
      period_(sweep_period(limits)),
      place_freed_(std::move(place_freed)),
      thread_([this] { run(); }) {}

ConnectionWatchdog::~ConnectionWatchdog() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void ConnectionWatchdog::watch(Connection& connection) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    connections_.insert(&connection);
    first = connections_.size() == 1;
    count_.store(connections_.size(), std::memory_order_relaxed);
  }
  if (first) changed_.notify_one();
}

void ConnectionWatchdog::forget(Connection& connection) noexcept {
  const std::lock_guard lock(mutex_);
  connections_.erase(&connection);
  count_.store(connections_.size(), std::memory_order_relaxed);
  if (crowded() && place_freed_) place_freed_();
}

void ConnectionWatchdog::set_waiting(std::size_t number) {
  // Under the lock: either who leaves sees that somebody waits, or who waits sees the place.
  const std::lock_guard lock(mutex_);
  waiting_.store(number, std::memory_order_relaxed);
}

void ConnectionWatchdog::drain() {
  const std::lock_guard lock(mutex_);
  draining_.store(true, std::memory_order_relaxed);
  sweep(std::chrono::steady_clock::now());
}

void ConnectionWatchdog::cut_unfinished_requests() {
  const std::lock_guard lock(mutex_);
  draining_.store(true, std::memory_order_relaxed);
  cutting_ = true;
  sweep(std::chrono::steady_clock::now());
}

void ConnectionWatchdog::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (connections_.empty()) {
      changed_.wait(lock, [this] { return stopping_ || !connections_.empty(); });
    } else {
      changed_.wait_for(lock, period_, [this] { return stopping_; });
    }
    sweep(std::chrono::steady_clock::now());
  }
}

void ConnectionWatchdog::sweep(Connection::Time now) {
  for (auto* connection : connections_) {
    const auto stamp = connection->stamp();
    // A waiting connection whose next request has just arrived is as good as reading it.
    if (overdue(stamp, now) && (!Connection::is_idle(stamp.phase) || !connection->has_unread_bytes()))
      connection->cut_if_still(stamp);
  }
  if (crowded()) make_room(now);
}

bool ConnectionWatchdog::overdue(const Connection::Stamp& stamp, Connection::Time now) const noexcept {
  switch (stamp.phase) {
    case Phase::fresh:
    case Phase::waiting:
      return draining() || now - stamp.since > limits_.keep_alive;
    case Phase::reading:
      return cutting_ || now - stamp.since > limits_.request;
    case Phase::answering:
      return now - stamp.since > limits_.request;
    case Phase::queued:
    case Phase::ending:
      return cutting_;
    case Phase::working:
    case Phase::cut:
      return false;
  }
  return false;
}

void ConnectionWatchdog::make_room(Connection::Time now) {
  std::vector<std::pair<Connection::Stamp, Connection*>> idle;
  for (auto* connection : connections_) {
    const auto stamp = connection->stamp();
    if (Connection::is_idle(stamp.phase) && now - stamp.since >= grace_of(stamp.phase) &&
        !connection->has_unread_bytes())
      idle.emplace_back(stamp, connection);
  }
  const auto wanted = std::min(idle.size(), waiting_.load(std::memory_order_relaxed));
  const auto goes_first = [](const auto& a, const auto& b) {
    const bool a_fresh = a.first.phase == Phase::fresh;
    const bool b_fresh = b.first.phase == Phase::fresh;
    return a_fresh == b_fresh ? a.first.since < b.first.since : b_fresh;
  };
  std::partial_sort(idle.begin(), idle.begin() + static_cast<std::ptrdiff_t>(wanted), idle.end(), goes_first);
  for (std::size_t i = 0; i < wanted; ++i) idle[i].second->cut_if_still(idle[i].first);
}

}  // namespace fulfilld
