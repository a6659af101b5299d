// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/policy/service_rate.hpp"
#include "actors/policy/token_bucket.hpp"

namespace fulfilld {

/// What a target, or the threads of an action's blocking work, can take on at a time.
struct QueueBounds {
  static constexpr auto none = std::numeric_limits<std::size_t>::max();
  std::size_t at_once = none;  ///< under way
  std::size_t waiting = none;  ///< for their turn; one more is turned away
  Rate rate{};

  /// Under way and waiting.
  [[nodiscard]] std::size_t room() const noexcept { return waiting > none - at_once ? none : at_once + waiting; }
};

/// The bounds of all that actions call.
struct BackendBounds {
  std::map<std::string, QueueBounds, std::less<>> targets;  ///< by origin
  QueueBounds other_targets;                                ///< each that has no table of its own
  std::map<std::string, QueueBounds, std::less<>> work;     ///< blocking work, by action
  std::size_t all_calls = QueueBounds::none;                ///< at once, to all targets together
};

class ActionLoad;

/// One queue that executions stand in, perhaps those of several actions.
struct SharedQueue {
  QueueBounds bounds;
  std::vector<const ActionLoad*> users;

  /// Executions that stand in it, or may yet.
  [[nodiscard]] std::size_t backlog() const noexcept;
};

/// The executions of one action that have no outcome yet, and what they have been seen to call: so much is known of
/// what one more will need. Nobody tells beforehand what an adapter calls. Not thread-safe. Pure.
class ActionLoad {
 public:
  /// Until it has called something, it is taken to call a target that has `unseen`.
  ActionLoad(std::chrono::milliseconds deadline, const QueueBounds& unseen);
  ActionLoad(const ActionLoad&) = delete;
  ActionLoad& operator=(const ActionLoad&) = delete;

  /// Its executions stand in that queue, too. `all_calls` bounds what is under way in all of them.
  void use(SharedQueue& queue, std::size_t all_calls);
  [[nodiscard]] bool uses(const SharedQueue& queue) const noexcept;
  [[nodiscard]] bool has_called() const noexcept { return !queues_.empty(); }
  /// False: it has called so much that more says nothing.
  [[nodiscard]] bool may_use_more() const noexcept;

  /// A queue that could not hold one more, if there is one.
  [[nodiscard]] const SharedQueue* full_queue() const noexcept;

  [[nodiscard]] ServiceRate& rate() noexcept { return rate_; }
  [[nodiscard]] std::size_t backlog() const noexcept { return rate_.backlog(); }

 private:
  ServiceRate rate_;
  SharedQueue unseen_;  ///< of its own
  std::vector<SharedQueue*> queues_;
};

}  // namespace fulfilld
