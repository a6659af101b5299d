// SPDX-License-Identifier: Apache-2.0
#include "runtime/scheduler/actor_scheduler.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <chrono>
#include <future>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "actors/messages.hpp"
#include "runtime/health/heartbeat.hpp"

namespace fulfilld {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

// Long, as a busy machine holds up the quick ones too.
constexpr auto slow_from = 1s;

/// Keeps the calling thread.
void block(std::chrono::milliseconds time) { std::promise<void>().get_future().wait_for(time); }

class ActorSchedulerTest : public testing::Test {
 protected:
  struct Settings : caf::actor_system_config {
    explicit Settings(SlowHandlers slow) {
      module_factories.emplace_back(
          [slow = std::move(slow)](caf::actor_system& system) { return new ActorScheduler(system, slow); });
      set("scheduler.max-threads", std::size_t{1});
    }
  };

  struct BlockingState {
    static inline const char* name = "blocking";
  };
  static caf::behavior blocking(caf::stateful_actor<BlockingState>* self, bool ends) {
    return {[=](int question) {
      block(slow_from + 1ms);
      if (ends) self->quit();
      return question;
    }};
  }

  struct QuickState {
    static inline const char* name = "quick";
  };
  static caf::behavior quick(caf::stateful_actor<QuickState>*) {
    return {[](int question) { return question; }};
  }

  /// Returns once the actor has answered; its stay on the thread may then still go on for a moment.
  static void ask(caf::scoped_actor& self, const caf::actor& actor) {
    self->request(actor, 1min, 1).receive([](int) {}, [](const caf::error&) { ADD_FAILURE(); });
  }

  std::mutex mutex_;
  std::vector<std::string> slow_;  ///< guarded by `mutex_` while the actor system lives
  Settings settings_{{slow_from, [this](std::string_view actor, std::chrono::milliseconds lasted) {
                        EXPECT_GE(lasted, slow_from);
                        const std::lock_guard lock(mutex_);
                        slow_.emplace_back(actor);
                      }}};
};

TEST_F(ActorSchedulerTest, NamesAnActorThatKeepsItsThreadOnce) {
  {
    caf::actor_system system(settings_);
    caf::scoped_actor self(system, true);
    const auto quickly = system.spawn(quick);
    const auto slowly = system.spawn(blocking, false);
    for (int n = 0; n < 100; ++n) ask(self, quickly);
    ask(self, slowly);
    for (int n = 0; n < 100; ++n) ask(self, quickly);
    caf::anon_send_exit(quickly, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(slowly, caf::exit_reason::user_shutdown);
  }
  EXPECT_THAT(slow_, ElementsAre("blocking"));
}

TEST_F(ActorSchedulerTest, NamesAnActorThatEndsInItsSlowHandler) {
  {
    caf::actor_system system(settings_);
    caf::scoped_actor self(system, true);
    ask(self, system.spawn(blocking, true));
  }
  EXPECT_THAT(slow_, ElementsAre("blocking"));
}

TEST_F(ActorSchedulerTest, NamesNobodyWhoIsQuick) {
  {
    caf::actor_system system(settings_);
    caf::scoped_actor self(system, true);
    const auto quickly = system.spawn(quick);
    for (int n = 0; n < 1000; ++n) ask(self, quickly);
    caf::anon_send_exit(quickly, caf::exit_reason::user_shutdown);
  }
  EXPECT_THAT(slow_, IsEmpty());
}

TEST_F(ActorSchedulerTest, ShowsAKeptThreadInTheLagOfWhoeverWaitsForIt) {
  caf::actor_system system(settings_);
  caf::scoped_actor self(system, true);
  std::promise<void> begun;
  std::promise<void> let_go;
  const auto keeper = system.spawn([&](caf::event_based_actor*) -> caf::behavior {
    return {[&](int) {
      begun.set_value();
      let_go.get_future().wait();
    }};
  });
  const auto waiting = system.spawn([](caf::event_based_actor*) -> caf::behavior {
    return {[](const PulsePtr& pulse) { pulse->answer(); }, [](int question) { return question; }};
  });
  Heartbeat heartbeat({{"waiting", [&](PulsePtr pulse) { caf::anon_send(waiting, std::move(pulse)); }, true}}, 1min,
                      [](LogLevel, const std::string&) { ADD_FAILURE(); });

  caf::anon_send(keeper, 1);
  begun.get_future().wait();
  heartbeat.tick(std::chrono::steady_clock::now());
  block(80ms);
  heartbeat.tick(std::chrono::steady_clock::now());
  EXPECT_GE(heartbeat.actor_lag(), 80ms) << "while it is kept";
  let_go.set_value();
  ask(self, waiting);
  heartbeat.tick(std::chrono::steady_clock::now());
  EXPECT_GE(heartbeat.actor_lag(), 80ms) << "when it has been let go";

  caf::anon_send_exit(keeper, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(waiting, caf::exit_reason::user_shutdown);
}

}  // namespace
}  // namespace fulfilld
