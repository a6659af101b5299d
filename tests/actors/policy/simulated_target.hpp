// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <queue>
#include <string>
#include <utility>
#include <vector>

#include "actors/policy/target_gate.hpp"
#include "tests/actors/doubles/virtual_time.hpp"

namespace fulfilld::test {

/// A target behind its gate, in virtual time: executions arrive and wait in line (repetitions in one of their own), the
/// gate lets them through, and who is refused comes again when it was told to, for as often as it takes.
class SimulatedTarget {
 public:
  using Seconds = std::chrono::duration<double>;

  struct Reply {
    Seconds latency{0};
    std::optional<int> retry_after;  ///< refused with 429
  };
  /// What the backend says to a call that begins then.
  using Backend = std::function<Reply(Seconds now)>;

  struct CallMade {
    Seconds begun{0};
    Seconds not_before{0};  ///< what its execution was told before
    Seconds waited{0};      ///< in line
    bool refused = false;
  };

  SimulatedTarget(const TargetPolicy& policy, Backend backend) : gate_(policy, start), backend_(std::move(backend)) {}

  void arrive(Seconds when) {
    push(when, [this] { queue_up({.since = now_, .not_before = now_}); });
  }

  /// So many at once, or one after the other.
  void arrive(int count, Seconds from, Seconds apart = Seconds{0}) {
    for (int n = 0; n < count; ++n) arrive(from + n * apart);
  }

  /// Until all executions have ended, or that time. True if they have.
  bool run(Seconds until = Seconds{1e6}) {
    while (!events_.empty() && events_.top().when <= until) {
      const Event event = events_.top();
      events_.pop();
      now_ = event.when;
      event.happens();
      serve();
    }
    return events_.empty() && retries_.empty() && firsts_.empty();
  }

  [[nodiscard]] const std::vector<CallMade>& calls() const noexcept { return calls_; }
  [[nodiscard]] Seconds last_end() const noexcept { return last_end_; }
  [[nodiscard]] int longest_chain() const noexcept { return longest_chain_; }
  [[nodiscard]] std::size_t most_in_flight() const noexcept { return most_in_flight_; }
  [[nodiscard]] std::size_t failed_at_once() const noexcept { return failed_at_once_; }
  [[nodiscard]] TargetState state() const { return gate_.state(time()); }

  [[nodiscard]] std::size_t count(Seconds from, Seconds to, bool refused) const {
    return static_cast<std::size_t>(std::count_if(calls_.begin(), calls_.end(), [&](const CallMade& call) {
      return call.begun >= from && call.begun < to && call.refused == refused;
    }));
  }

 private:
  struct Execution {
    Seconds since{0};
    Seconds not_before{0};
    int refusals = 0;
  };
  struct Event {
    Seconds when;
    std::uint64_t number;
    std::function<void()> happens;
    bool operator<(const Event& other) const noexcept {
      return std::pair(when, number) > std::pair(other.when, other.number);
    }
  };

  [[nodiscard]] MonotonicTime time() const {
    return start + std::chrono::duration_cast<std::chrono::nanoseconds>(now_);
  }

  void push(Seconds when, std::function<void()> happens) { events_.push({when, ++events_made_, std::move(happens)}); }

  void queue_up(Execution execution) { (execution.refusals > 0 ? retries_ : firsts_).push_back(execution); }

  void serve() {
    const MonotonicTime again = std::min(serve(retries_), serve(firsts_));
    if (again == MonotonicTime::max() || (wake_at_ > time() && wake_at_ <= again)) return;
    wake_at_ = again;
    push(now_ + (again - time()) + std::chrono::microseconds{1}, [] {});
  }

  MonotonicTime serve(std::deque<Execution>& line) {
    while (!line.empty()) {
      const Permit permit = gate_.ask(line.front().refusals > 0, time());
      if (permit.kind == Permit::Kind::wait) return permit.not_before;
      const Execution execution = line.front();
      line.pop_front();
      if (permit.may_go())
        call(execution);
      else
        ++failed_at_once_;
    }
    return MonotonicTime::max();
  }

  void call(const Execution& execution) {
    const Reply reply = backend_(now_);
    const Pass pass = gate_.enter(execution.refusals > 0, time());
    most_in_flight_ = std::max(most_in_flight_, gate_.state(time()).in_flight);
    calls_.push_back({now_, execution.not_before, now_ - execution.since, reply.retry_after.has_value()});
    push(now_ + reply.latency, [this, execution, reply, pass] { answered(execution, reply, pass); });
  }

  void answered(Execution execution, const Reply& reply, const Pass& pass) {
    HttpAnswer answer;
    answer.status = reply.retry_after ? 429 : 200;
    answer.elapsed = std::chrono::duration_cast<std::chrono::microseconds>(reply.latency);
    if (reply.retry_after) answer.fields.push_back({"Retry-After", std::to_string(*reply.retry_after)});
    gate_.leave(pass, answer, time(), WallTime{});
    last_end_ = now_;
    if (!reply.retry_after) return;
    longest_chain_ = std::max(longest_chain_, ++execution.refusals);
    execution.not_before = execution.since = now_ + Seconds(*reply.retry_after);
    push(execution.not_before, [this, execution] { queue_up(execution); });
  }

  TargetGate gate_;
  Backend backend_;
  std::priority_queue<Event> events_;
  std::uint64_t events_made_ = 0;
  Seconds now_{0};
  std::deque<Execution> retries_;
  std::deque<Execution> firsts_;
  MonotonicTime wake_at_{};
  std::vector<CallMade> calls_;
  Seconds last_end_{0};
  int longest_chain_ = 0;
  std::size_t most_in_flight_ = 0;
  std::size_t failed_at_once_ = 0;
};

}  // namespace fulfilld::test
