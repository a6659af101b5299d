// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>

#include "actors/ports/clock.hpp"

namespace fulfilld {

/// Where a shutdown is, and by when it is over. Pure: the time comes in as an argument.
class ShutdownPlan {
 public:
  enum class Stage {
    running,   ///< nobody has asked for the end
    draining,  ///< what is under way may end
    ending,    ///< the process ends now, and leaves the rest to the journal
  };

  /// The grace counts from the first signal to the end of the process; at least half a second, as an orderly end takes
  /// its time. A quarter of it, half a second to two, is for the time after the drain.
  explicit ShutdownPlan(std::chrono::milliseconds grace);

  /// The first signal begins the drain, the second ends it; more change nothing.
  void signal(MonotonicTime now);

  /// The process ends without a drain.
  void give_up(MonotonicTime now);

  [[nodiscard]] Stage stage(MonotonicTime now) const;

  /// When the process is ended by force. Empty while it runs.
  [[nodiscard]] std::optional<MonotonicTime> end_by() const noexcept { return end_by_; }

  [[nodiscard]] std::chrono::milliseconds drain() const noexcept { return grace_ - teardown_; }

 private:
  const std::chrono::milliseconds grace_;
  const std::chrono::milliseconds teardown_;
  std::optional<MonotonicTime> drain_until_;
  std::optional<MonotonicTime> end_by_;
};

}  // namespace fulfilld
