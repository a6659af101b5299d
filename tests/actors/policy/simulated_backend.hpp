// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <deque>
#include <functional>
#include <limits>
#include <queue>
#include <utility>
#include <vector>

#include "actors/policy/service_rate.hpp"

namespace fulfilld::test {

/// What became of the executions that arrived.
struct Tally {
  std::size_t arrived = 0;
  std::size_t refused = 0;
  std::size_t served = 0;
  std::size_t missed = 0;            ///< admitted, and not served before its deadline
  std::size_t refused_in_haste = 0;  ///< refused, and would have been served within half of its deadline

  friend Tally operator-(const Tally& a, const Tally& b) {
    return {a.arrived - b.arrived, a.refused - b.refused, a.served - b.served, a.missed - b.missed,
            a.refused_in_haste - b.refused_in_haste};
  }
};

/// A queue in virtual time: executions arrive, `ServiceRate` lets them in, so many connections serve them in the order
/// of their arrival, and each leaves at its deadline at the latest. What is refused stays in the queue as a ghost, that
/// takes no connection when its turn comes, but tells what would have become of it.
class SimulatedBackend {
 public:
  /// Seconds that an answer takes which is asked for at that second.
  using Latency = std::function<double(double)>;
  static constexpr double never = std::numeric_limits<double>::infinity();

  SimulatedBackend(double deadline, std::size_t connections, Latency latency)
      : rate_(std::chrono::milliseconds(std::llround(deadline * 1000))),
        deadline_(deadline),
        connections_(connections),
        latency_(std::move(latency)) {}

  /// One execution, not earlier than the last. True if it is admitted.
  bool arrive(double when) {
    run_until(when);
    ++tally_.arrived;
    const bool admitted = !rate_.too_long(time(when));
    admitted ? rate_.begun(time(when)) : void(++tally_.refused);
    waiting_.push_back({when, !admitted});
    serve(when);
    return admitted;
  }

  void run_until(double when) {
    for (;;) {
      const double answer = in_service_.empty() ? never : in_service_.top().end;
      const double expiry = waiting_.empty() ? never : waiting_.front().arrival + deadline_;
      const double next = std::min(answer, expiry);
      if (next > when) return;
      answer <= expiry ? leave_service() : leave_queue();
      serve(next);
    }
  }

  [[nodiscard]] const Tally& tally() const noexcept { return tally_; }
  [[nodiscard]] std::size_t backlog() const noexcept { return rate_.backlog(); }

 private:
  struct Waiting {
    double arrival;
    bool ghost;
  };
  struct InService {
    double end;
    bool in_time;
    bool operator<(const InService& other) const noexcept { return end > other.end; }
  };

  static MonotonicTime time(double second) {
    return MonotonicTime{std::chrono::hours{1}} + std::chrono::nanoseconds(std::llround(second * 1e9));
  }

  void serve(double now) {
    while (!waiting_.empty() && in_service_.size() < connections_) {
      const auto [arrival, ghost] = waiting_.front();
      waiting_.pop_front();
      const double end = now + latency_(now);
      if (ghost)
        tally_.refused_in_haste += end - arrival <= deadline_ / 2 ? 1 : 0;
      else
        in_service_.push({std::min(end, arrival + deadline_), end <= arrival + deadline_});
    }
  }

  void leave_service() {
    const auto [end, in_time] = in_service_.top();
    in_service_.pop();
    in_time ? rate_.served(time(end)) : rate_.missed(time(end));
    ++(in_time ? tally_.served : tally_.missed);
  }

  void leave_queue() {
    const auto [arrival, ghost] = waiting_.front();
    waiting_.pop_front();
    if (ghost) return;
    rate_.missed(time(arrival + deadline_));
    ++tally_.missed;
  }

  ServiceRate rate_;
  const double deadline_;
  const std::size_t connections_;
  const Latency latency_;
  std::deque<Waiting> waiting_;
  std::priority_queue<InService> in_service_;
  Tally tally_;
};

}  // namespace fulfilld::test
