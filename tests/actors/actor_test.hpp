// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/send.hpp>
#include <chrono>
#include <utility>
#include <vector>

#include "actors/admission.hpp"
#include "tests/actors/doubles/fake_clock.hpp"
#include "tests/actors/doubles/fake_flight_recorder.hpp"
#include "tests/actors/doubles/fake_http_engine.hpp"
#include "tests/actors/doubles/fake_journal.hpp"
#include "tests/actors/doubles/recording_observer.hpp"

namespace fulfilld::test {

/// A test with an actor system that runs only when it is told to, on the test's own thread, in time that is moved by
/// hand. Actors that are `keep`t end with the test.
class ActorTest : public ::testing::Test {
 private:
  struct Configuration : caf::actor_system_config {
    Configuration();
  };
  Configuration configuration_;

 protected:
  ActorTest();
  ~ActorTest() override;

  /// Lets the actors work until none has a message left and no alarm is due.
  void settle();

  /// Moves time on, alarm by alarm; the actors settle after each.
  void advance(std::chrono::nanoseconds by);

  /// Ends `actor` with the test, at the latest.
  template <class Handle>
  Handle keep(Handle actor) {
    kept_.push_back(caf::actor_cast<caf::strong_actor_ptr>(actor));
    settle();
    return actor;
  }

  template <class Handle, class... Parts>
  void send(const Handle& to, Parts&&... parts) {
    caf::anon_send(to, std::forward<Parts>(parts)...);
    settle();
  }

  template <class Handle>
  void send_exit(const Handle& to, caf::exit_reason reason = caf::exit_reason::user_shutdown) {
    caf::anon_send_exit(to, reason);
    settle();
  }

  Admission admission_{{.executions = 1000}, {}, clock_};  // outlives all that may hold an execution
  caf::actor_system system_;
  FakeClock clock_;
  FakeHttpEngine engine_;
  RecordingObserver observer_;
  FakeJournal journal_;
  FakeFlightRecorder recorder_;

 private:
  std::vector<caf::strong_actor_ptr> kept_;
};

}  // namespace fulfilld::test
