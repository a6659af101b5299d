// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <chrono>
#include <memory>

#include "actors/actions.hpp"
#include "actors/execution.hpp"
#include "actors/interfaces.hpp"
#include "actors/ports/blocking_threads.hpp"
#include "actors/ports/clock.hpp"
#include "actors/ports/flight_recorder.hpp"
#include "actors/ports/journal.hpp"
#include "actors/ports/observer.hpp"
#include "actors/redaction.hpp"

namespace fulfilld {

class AdapterSession;

/// What all FULFILLMENT actors share. Everything it points to outlives them.
struct FulfillmentConfig {
  Clock* clock = nullptr;
  Journal* journal = nullptr;
  Observer* observer = nullptr;
  FlightRecorder* recorder = nullptr;
  BlockingThreads* blocking = nullptr;
  Redaction redaction;                         ///< what must not stand in outcomes and reports
  bool report_attempts = false;                ///< tell the attempts in failed callbacks
  std::chrono::milliseconds slow_adapter{50};  ///< adapter code that keeps the thread for so long is reported
};
using FulfillmentConfigPtr = std::shared_ptr<const FulfillmentConfig>;

struct FulfillmentState {
  static inline const char* name = "fulfillment";

  FulfillmentState();
  ~FulfillmentState();
  std::unique_ptr<AdapterSession> session;
  Clock::AlarmId heartbeat_alarm = 0;
};

/// Runs the adapter for one execution until there is an outcome, hands that to the journal and ends. It is the only
/// owner of its execution's state, and the adapter's code runs inside it. At the deadline the adapter's coroutine is
/// destroyed and the outcome is `deadline`. An unsafe call is sent only once the journal knows that it is about to be.
/// `action`: null if there is none of that name any more. `deadline`: by when there has to be an outcome, so that it
/// can be delivered in time.
fulfillment_actor::behavior_type fulfillment(fulfillment_actor::stateful_pointer<FulfillmentState> self,
                                             FulfillmentConfigPtr config, ActionPtr action, RoutesPtr routes,
                                             ExecutionPtr execution, MonotonicTime deadline);

}  // namespace fulfilld
