// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <unordered_map>

#include "actors/delivery_book.hpp"
#include "actors/interfaces.hpp"
#include "actors/policy/callback_authorization.hpp"
#include "actors/policy/retry_plan.hpp"
#include "actors/ports/clock.hpp"
#include "actors/ports/flight_recorder.hpp"
#include "actors/ports/journal.hpp"
#include "actors/ports/observer.hpp"
#include "actors/progress_reports.hpp"

namespace fulfilld {

/// Everything it points to outlives the actor.
struct CallbackLaneConfig {
  /// The RATE LIMITER's lane of all callbacks.
  static inline const std::string lane = "callback";

  Clock* clock = nullptr;
  Journal* journal = nullptr;
  Observer* observer = nullptr;
  FlightRecorder* recorder = nullptr;
  CallbackAuthorization authorization = CallbackAuthorization::oauth;
  std::string credential;  ///< for oauth
  RetryPolicy retry;
  std::map<std::string, std::chrono::milliseconds> deadlines;  ///< by action: from accept until the result is there
  std::chrono::milliseconds progress_interval{5000};           ///< between two reports of one execution, at least
  std::chrono::milliseconds lifetime{15 * 60 * 1000};          ///< from the first attempt
  std::map<std::string, token_actor> tokens;                   ///< by credential: who is told of a refused token
  std::shared_ptr<DeliveryBook> deliveries;                    ///< where what has ended is struck off
};

struct CallbackLaneState {
  static inline const char* name = "callback_lane";

  struct Pending {
    Delivery delivery;
    CallPtr call;
    RetryPlan plan;
    RetryPlan turned_away;  ///< of the attempts that were not made, since the last one that was
    Hurry hurry;            ///< while the execution's deadline runs
    CallPtr report;         ///< a report of progress that is to arrive before it; null: none is waited for
    Clock::AlarmId retry_alarm = 0;
    Clock::AlarmId lifetime_alarm = 0;
    bool made = false;             ///< an attempt may have reached the platform
    bool replaced = false;         ///< by a failed one, as the platform refuses its size
    bool tried_new_token = false;  ///< since the last answer that was not about the token
    std::uint32_t attempts = 0;
  };
  std::unordered_map<std::uint64_t, Pending> pending;  ///< by journal sequence
  ProgressReports::Reports reports;                    ///< of executions whose outcome is not known
  std::minstd_rand random;
};

/// Posts each outcome to its fulfillmentUrl until it is taken, refused for good, or too old, and tells the journal
/// how it ended. The body is always the one that the journal holds, so a repeat can never contradict itself; only where
/// the platform refuses its size, one that is made of it says so in its place. While the execution's deadline runs,
/// back-offs are short; what is later than that has time.
///
/// Before that it posts what the execution reports of its progress, as far as that costs no outcome its time. A report
/// that is on its way when the outcome comes is waited for, for a second at most and no more than half of what is left
/// until the deadline, so that it does not arrive after it.
callback_lane_actor::behavior_type callback_lane(callback_lane_actor::stateful_pointer<CallbackLaneState> self,
                                                 CallbackLaneConfig config, rate_limiter_actor limiter);

}  // namespace fulfilld
