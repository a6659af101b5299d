// SPDX-License-Identifier: Apache-2.0
#include "tests/actors/actor_test.hpp"

#include <caf/scheduler/test_coordinator.hpp>
#include <stdexcept>

#include "actors/messages.hpp"

namespace fulfilld::test {

ActorTest::Configuration::Configuration() {
  add_message_types<caf::id_block::fulfilld>();
  set("scheduler.policy", caf::atom("testing"));
}

ActorTest::ActorTest() : system_(configuration_) {}

ActorTest::~ActorTest() {
  auto& scheduler = dynamic_cast<caf::scheduler::test_coordinator&>(system_.scheduler());
  for (const auto& actor : kept_) caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
  while (scheduler.try_run_once()) {
  }
  clock_.forget_alarms();
}

void ActorTest::settle() {
  constexpr int too_many = 1000000;
  auto& scheduler = dynamic_cast<caf::scheduler::test_coordinator&>(system_.scheduler());
  for (int n = 0; n < too_many; ++n)
    if (!scheduler.try_run_once() && !clock_.fire_next(clock_.now())) return;
  throw std::runtime_error("the actors never come to rest");
}

void ActorTest::advance(std::chrono::nanoseconds by) {
  const auto until = clock_.now() + by;
  settle();
  while (clock_.fire_next(until)) settle();
  clock_.move_to(until);
}

}  // namespace fulfilld::test
