// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "actors/execution.hpp"
#include "actors/policy/target_gate.hpp"
#include "actors/ports/adapter.hpp"
#include "actors/ports/http_engine.hpp"
#include "actors/ports/journal.hpp"

namespace fulfilld {

/// Which of the two ways an attempt goes.
enum class Direction : std::uint8_t { backend, callback };

/// Why the TLS handshake of a connection to our own door failed.
enum class HandshakeFailure : std::uint8_t {
  plain_http,           ///< the client did not speak TLS
  nothing_in_common,    ///< no version or cipher that both take
  certificate_refused,  ///< the client does not trust our certificate
  broken_off,           ///< the client went away
  too_slow,             ///< it took longer than a request may
  other,
};

/// Hears of everything that happens to an execution: logs today, metrics and traces later. Called from any
/// thread; must not block for long, must not throw.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void accepted(const Execution& execution) = 0;
  /// An earlier process left it. `not_run`: why it must not run again, or `Reason::none`.
  virtual void resumed(const Unfinished& unfinished, Reason not_run) = 0;
  virtual void attempt_sent(const Execution& execution, Direction direction, std::uint32_t attempt) = 0;
  virtual void attempt_ended(const Execution& execution, Direction direction, std::uint32_t attempt,
                             const HttpRequest& request, const HttpAnswer& answer) = 0;
  virtual void retry_planned(const Execution& execution, Direction direction, std::uint32_t next_attempt,
                             std::chrono::milliseconds delay) = 0;
  virtual void decided(const Execution& execution, const Outcome& outcome) = 0;
  virtual void ended(const Execution& execution, const Ending& ending) = 0;
  virtual void adapter_said(const Execution& execution, LogLevel level, std::string_view text) = 0;
  /// The code of that adapter has kept its actor's thread for so long: everything else waited meanwhile.
  virtual void adapter_kept_thread(const Execution& execution, std::string_view adapter,
                                   std::chrono::milliseconds lasted) = 0;
  /// The door is open on that port.
  virtual void listening(std::uint16_t port) = 0;
  /// An `in-progress` is on its way to the platform.
  virtual void progress_sent(const Execution& execution) = 0;
  /// A target is treated in another way than when it was last reported: breaker, cool-down, permitted rate, cap.
  virtual void target_changed(std::string_view target, const TargetState& state, MonotonicTime now) = 0;
  /// As measured about once a second: how late an actor that was ready ran, and an alarm fired.
  virtual void lag_measured(std::chrono::microseconds ready_actor, std::chrono::microseconds alarm) = 0;
  /// An actor has kept its thread for so long without a break.
  virtual void slow_handler(std::string_view actor, std::chrono::milliseconds lasted) = 0;
  virtual void handshake_failed(HandshakeFailure /*why*/) {}
  /// A connection was answered 503 because all places were taken.
  virtual void turned_away() {}
  /// Something that belongs to no execution, e.g. "token refreshed".
  virtual void event(LogLevel level, std::string_view component, std::string_view text) = 0;
};

}  // namespace fulfilld
