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
  std::size_t refused_for_long = 0;  ///< refused a second later, too, though served within two fifths from then

  [[nodiscard]] std::size_t admitted() const noexcept { return arrived - refused; }

  friend Tally operator-(const Tally& a, const Tally& b) {
    return {a.arrived - b.arrived,
            a.refused - b.refused,
            a.served - b.served,
            a.missed - b.missed,
            a.refused_in_haste - b.refused_in_haste,
            a.refused_for_long - b.refused_for_long};
  }
};

/// A queue in virtual time: executions arrive, `ServiceRate` lets them in, so many connections serve them in the order
/// of their arrival, and each leaves at its deadline at the latest. What is refused stays in the queue as a ghost, that
/// takes no connection when its turn comes, but tells what would have become of it; a second later it asks again.
class SimulatedBackend {
 public:
  /// Seconds that an answer takes which is asked for at that second.
  using Latency = std::function<double(double)>;
  static constexpr double never = std::numeric_limits<double>::infinity();

  SimulatedBackend(double deadline, std::size_t connections, Latency latency)
      : rate_(std::chrono::milliseconds(std::llround(deadline * 1000))),
        deadline_(deadline),
        connections_(connections),
        latency_(std::move(latency)) {
    rate_.limit({.at_once = connections});
  }

  /// One execution, not earlier than the last. True if it is admitted.
  bool arrive(double when) {
    run_until(when);
    ++tally_.arrived;
    const bool admitted = !rate_.too_long(time(when));
    if (admitted) {
      rate_.begun(time(when));
    } else {
      ++tally_.refused;
      turned_away_.push_back(when);
    }
    waiting_.push_back({when, admitted ? Kind::real : Kind::refused});
    serve(when);
    return admitted;
  }

  void run_until(double when) {
    for (;;) {
      const double answer = in_service_.empty() ? never : in_service_.top().end;
      const double expiry = waiting_.empty() ? never : waiting_.front().arrival + deadline_;
      const double return_of_one = turned_away_.empty() ? never : turned_away_.front() + 1;
      const double next = std::min({answer, expiry, return_of_one});
      if (next > when) return;
      if (next == answer)
        leave_service();
      else if (next == expiry)
        leave_queue();
      else
        come_back();
      serve(next);
    }
  }

  [[nodiscard]] const Tally& tally() const noexcept { return tally_; }
  [[nodiscard]] std::size_t backlog() const noexcept { return rate_.backlog(); }

 private:
  enum class Kind { real, refused, refused_again };
  struct Waiting {
    double arrival;
    Kind kind;
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
      const auto [arrival, kind] = waiting_.front();
      waiting_.pop_front();
      const double end = now + latency_(now);
      if (kind == Kind::real)
        in_service_.push({std::min(end, arrival + deadline_), end <= arrival + deadline_});
      else if (kind == Kind::refused)
        tally_.refused_in_haste += end - arrival <= deadline_ / 2 ? 1 : 0;
      else
        tally_.refused_for_long += end - arrival <= 0.4 * deadline_ ? 1 : 0;
    }
  }

  void leave_service() {
    const auto [end, in_time] = in_service_.top();
    in_service_.pop();
    in_time ? rate_.served(time(end)) : rate_.missed(time(end));
    ++(in_time ? tally_.served : tally_.missed);
  }

  /// One that was turned away, a second later; only to ask.
  void come_back() {
    const double when = turned_away_.front() + 1;
    turned_away_.pop_front();
    if (rate_.too_long(time(when))) waiting_.push_back({when, Kind::refused_again});
  }

  void leave_queue() {
    const auto [arrival, kind] = waiting_.front();
    waiting_.pop_front();
    if (kind != Kind::real) return;
    rate_.missed(time(arrival + deadline_));
    ++tally_.missed;
  }

  ServiceRate rate_;
  const double deadline_;
  const std::size_t connections_;
  const Latency latency_;
  std::deque<Waiting> waiting_;
  std::priority_queue<InService> in_service_;
  std::deque<double> turned_away_;  ///< when, of those that have not come back yet
  Tally tally_;
};

}  // namespace fulfilld::test
