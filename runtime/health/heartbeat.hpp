// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "actors/ports/adapter.hpp"
#include "actors/pulse.hpp"
#include "actors/time.hpp"

namespace fulfilld {

/// Asks actors and threads whether they are alive, and notices who has not answered for too long. One question at a
/// time for each, so that nothing piles up before one that is stuck.
class Heartbeat {
 public:
  struct Subject {
    std::string name;                   ///< as in a sentence, e.g. "the actor rate_limiter"
    std::function<void(PulsePtr)> ask;  ///< hands the question over; must not block nor throw
    bool actor = false;                 ///< its answers tell how late an actor runs that is ready
  };
  /// Hears of each change: an error when a subject is stuck, then that it answers again.
  using Report = std::function<void(LogLevel, const std::string&)>;

  Heartbeat(std::vector<Subject> subjects, std::chrono::milliseconds stuck_after, Report report);

  /// To be called about once a second, by one thread. Never waits for a subject. A call that comes late (the process
  /// or its machine was halted) counts as no more than a quarter of `stuck_after`.
  void tick(MonotonicTime now);

  /// How late the latest of the actors answered the questions of the tick before, or has not answered them as of the
  /// last tick. A question to a service actor goes by the supervisor: two waits then count as one. For the thread that
  /// ticks.
  [[nodiscard]] std::chrono::microseconds actor_lag() const noexcept { return actor_lag_; }

  /// Names of those who have not answered for `stuck_after`. Any thread.
  [[nodiscard]] std::vector<std::string> stuck() const;
  [[nodiscard]] bool alive() const { return stuck().empty(); }

 private:
  struct Watched {
    Subject subject;
    PulsePtr question;  ///< null before the first one
    MonotonicTime asked_at{};
    std::chrono::milliseconds unanswered{0};  ///< for how long
    bool stuck = false;
  };

  void look_at(Watched& watched, std::chrono::milliseconds passed, MonotonicTime now);
  void ask(Watched& watched, MonotonicTime now);
  [[nodiscard]] static std::chrono::microseconds lag(const Watched& watched, MonotonicTime now) noexcept;

  const std::chrono::milliseconds stuck_after_;
  const Report report_;
  std::vector<Watched> watched_;  ///< of the ticking thread
  std::optional<MonotonicTime> last_tick_;
  std::chrono::microseconds actor_lag_{0};

  mutable std::mutex mutex_;
  std::vector<std::string> stuck_;  ///< guarded by `mutex_`
};

}  // namespace fulfilld
