// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "actors/interfaces.hpp"
#include "actors/policy/reason.hpp"
#include "actors/policy/target_gate.hpp"
#include "actors/ports/http_engine.hpp"
#include "actors/token_wait.hpp"

namespace fulfilld {

/// One call on the route requester -> RATE LIMITER -> HTTP POOL -> engine, and back the same way. The same object
/// serves all attempts of a call, one after the other.
class Call final : public HttpExchange {
 public:
  requester_actor requester;  ///< gets the answer; set by the requester
  std::uint64_t tag = 0;      ///< the requester's own number for it
  std::string lane;           ///< a lane of its own at the RATE LIMITER, with its own rate; empty: its origin's
  std::string credential;     ///< whose token the RATE LIMITER adds; empty: `request.authorization` stays as it is

  /// The requester saw tokens up to this version refused: only a newer one will do.
  std::uint64_t refused_token = 0;
  /// Version of the token that was used; set by the RATE LIMITER.
  std::uint64_t token_version = 0;

  MonotonicTime last_end = MonotonicTime::max();  ///< no attempt goes on after that; set by the requester
  bool retry = false;                             ///< not the first attempt: counts against the target's retry budget
  bool background = false;                        ///< goes only when nothing else waits for its target
  bool patient = false;                           ///< waits for a token as long as it may, however hopeless that is

  bool cut_short = false;      ///< set by the HTTP POOL: the attempt had less than its usual time
  Pass pass;                   ///< of the RATE LIMITER, while the call is under way
  rate_limiter_actor limiter;  ///< stamped by the RATE LIMITER: where the answer goes next
  http_pool_actor pool;        ///< stamped by the HTTP POOL: where the engine hands the answer

  /// Answers the call in the engine's place: it is not made. `detail`: more of why, for a person.
  void turn_away(Reason why, std::string detail = {}) {
    answer.failure = HttpFailure::turned_away;
    answer.refusal = why;
    answer.detail = detail.empty() ? text(why) : std::move(detail);
  }
  [[nodiscard]] bool turned_away() const noexcept { return answer.failure == HttpFailure::turned_away; }

  /// The requester no longer waits: drop the call wherever it queues. Any thread.
  void abandon() noexcept { abandoned_ = true; }
  [[nodiscard]] bool abandoned() const noexcept { return abandoned_; }

  /// From now on something of the attempt may reach the peer; set by the HTTP POOL, before it looks at `abandoned` for
  /// the last time: of one who abandons a call and one who starts it, at least one sees the other.
  void start() noexcept { started_ = true; }
  /// Any thread.
  [[nodiscard]] bool started() const noexcept { return started_; }

  /// The RATE LIMITER has put it aside, until there is a token of its credential.
  void begin_token_wait(std::shared_ptr<const TokenWait> wait) {
    // Once for each call: whoever sees it waiting may be reading.
    if (token_wait_ == nullptr) token_wait_ = std::move(wait);
    waits_for_token_.store(true, std::memory_order_release);
  }
  void end_token_wait() noexcept { waits_for_token_.store(false, std::memory_order_relaxed); }

  /// Why it waits for a token, if it does. Any thread.
  [[nodiscard]] std::optional<std::string> waits_for_token() const {
    if (!waits_for_token_.load(std::memory_order_acquire)) return std::nullopt;
    return token_wait_->why();
  }

  /// Makes the call ready for its next attempt.
  void rewind() {
    answer = HttpAnswer{};
    started_ = false;
  }

  /// The same call anew, for when whoever held it is gone: this one must not be touched any more.
  [[nodiscard]] CallPtr again() const;

  void finished(std::shared_ptr<HttpExchange> self) noexcept override;

 private:
  std::atomic<bool> abandoned_{false};
  std::atomic<bool> started_{false};
  std::atomic<bool> waits_for_token_{false};
  std::shared_ptr<const TokenWait> token_wait_;
};

}  // namespace fulfilld
