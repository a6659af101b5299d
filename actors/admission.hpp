// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "actors/policy/action_load.hpp"
#include "actors/policy/reason.hpp"

namespace fulfilld {

class Clock;
struct Execution;

/// Bounds on what is worked on at once.
struct AdmissionLimits {
  static constexpr auto none = std::numeric_limits<std::size_t>::max();
  std::size_t executions = none;
  std::size_t deliverable = none;  ///< executions, too: those whose results can be delivered
  std::size_t bytes = none;        ///< what the executions and their outcomes hold
};

/// Why an execution is not admitted now.
struct Refusal {
  Reason reason = Reason::overloaded;  ///< `overloaded`, `backlog_too_long` or `shutting_down`
  std::chrono::seconds retry_after{1};
  std::string detail;  ///< a sentence with the figures
};

/// Counts what this process works on, and refuses more than can be held, queued, delivered, or served before its
/// deadline: the only back-pressure there is, as actor mailboxes have no bound. Says when there will be room, from what
/// it has seen.
/// Any thread; one lock, held for a moment.
class Admission {
 public:
  using Deadlines = std::map<std::string, std::chrono::milliseconds, std::less<>>;

  class Place;

  /// `deadlines` by action: backlogs of other actions have no bound of their own. `clock` is asked by `try_enter`,
  /// `enter` and `Place::decided`, never by the destructor of a place.
  Admission(const AdmissionLimits& limits, const Deadlines& deadlines, const Clock& clock, BackendBounds backends = {});
  Admission(const Admission&) = delete;
  Admission& operator=(const Admission&) = delete;
  ~Admission();

  /// Nothing, and a place for an execution of `bytes`; or why there is none.
  [[nodiscard]] std::optional<Refusal> try_enter(std::string_view action, std::size_t bytes, Place& place);

  /// A place regardless of the bounds: for what an earlier process accepted and left to run.
  [[nodiscard]] Place enter(std::string_view action, std::size_t bytes);

  /// The same for what has its outcome. `bytes` includes that.
  [[nodiscard]] Place enter_decided(std::size_t bytes);

  /// What everyone hears once it is closed.
  [[nodiscard]] static Refusal shutting_down();

  /// From now on nothing is admitted.
  void close() noexcept { closed_.store(true, std::memory_order_relaxed); }

  [[nodiscard]] bool closed() const noexcept { return closed_.load(std::memory_order_relaxed); }

  /// Nothing is admitted until it is let go on, as nothing could be worked on now. `why` is a sentence for whoever is
  /// refused. Any thread.
  void hold(std::string why, std::chrono::seconds retry_after);
  void go_on() noexcept { held_.store(false, std::memory_order_relaxed); }
  [[nodiscard]] bool held() const noexcept { return held_.load(std::memory_order_relaxed); }

  [[nodiscard]] std::size_t in_flight() const noexcept;
  [[nodiscard]] std::size_t bytes() const noexcept;

 private:
  struct State;

  std::atomic<bool> closed_{false};
  std::atomic<bool> held_{false};
  const std::unique_ptr<State> state_;
};

/// What one execution takes, given back by the destructor; the admission outlives it. An execution carries it for as
/// long as anyone, journal included, still holds that execution. Moved only by whoever is alone with it.
class Admission::Place {
 public:
  Place() = default;
  Place(Place&& other) noexcept
      : state_(std::exchange(other.state_, nullptr)),
        waits_for_(other.waits_for_),
        bytes_(other.bytes_),
        has_called_(other.has_called_) {}
  Place& operator=(Place&& other) noexcept {
    std::swap(state_, other.state_);
    std::swap(waits_for_, other.waits_for_);
    std::swap(bytes_, other.bytes_);
    std::swap(has_called_, other.has_called_);
    return *this;
  }
  ~Place();

  /// The execution calls that origin, or has blocking work done: what it stands in line for is known from now on, also
  /// for others of its action. Any thread; an empty place ignores it.
  void calls(std::string_view origin) const;
  void works() const;

  /// The execution has its outcome, and waits for its action no more. Counts the first time. Any thread; an empty
  /// place ignores it.
  void decided(Reason outcome, std::size_t outcome_bytes = 0) const noexcept;

 private:
  friend class Admission;
  struct Action;
  Place(State& state, Action* waits_for, std::size_t bytes) noexcept
      : state_(&state), waits_for_(waits_for), bytes_(bytes) {}

  State* state_ = nullptr;
  // Guarded by the admission's lock, as executions are shared as constants.
  mutable Action* waits_for_ = nullptr;  ///< null once decided
  mutable std::size_t bytes_ = 0;
  mutable bool has_called_ = false;
};

/// What an execution holds in memory, about: the `bytes` of its place.
[[nodiscard]] std::size_t footprint(const Execution& execution) noexcept;

}  // namespace fulfilld
