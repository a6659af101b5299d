// SPDX-License-Identifier: Apache-2.0
#include "runtime/health/shutdown.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <iostream>

#include "runtime/exit_status.hpp"

namespace fulfilld {
namespace {

using namespace std::chrono_literals;
using testing::ExitedWithCode;
using Stage = Shutdown::Stage;

constexpr auto patience = 30s;

void print(LogLevel, const std::string& text) { std::cerr << text << std::endl; }

[[noreturn]] void hang() {
  for (;;) pause();
}

/// Each test is a process of its own, as signals and _exit are of the whole process.
class ShutdownDeathTest : public testing::Test {
 protected:
  ShutdownDeathTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

#define EXPECT_PROCESS(statement, status, says) \
  EXPECT_EXIT(                                  \
      {                                         \
        statement;                              \
        _exit(99);                              \
      },                                        \
      ExitedWithCode(status), says)

void sigterm_to_one_that_hangs() {
  Shutdown shutdown(10ms, print);
  shutdown.waiting_for("the adapters");
  kill(getpid(), SIGTERM);
  hang();
}

TEST_F(ShutdownDeathTest, EndsAProcessThatHangsWhenItsTimeIsOver) {
  EXPECT_PROCESS(sigterm_to_one_that_hangs(), exit_status::cut_short, "cut short.*waits for the adapters");
}

void sigterm_while_starting() {
  const Shutdown shutdown(10ms, print);
  kill(getpid(), SIGTERM);
  hang();
}

TEST_F(ShutdownDeathTest, EndsAlsoAProcessThatHangsInItsStart) {
  EXPECT_PROCESS(sigterm_while_starting(), exit_status::cut_short, "waits for the start of the service");
}

void second_signal() {
  Shutdown shutdown(1h, print);
  kill(getpid(), SIGTERM);
  if (shutdown.wait_while(Stage::running, patience) != Stage::draining) _exit(1);
  kill(getpid(), SIGINT);
  if (shutdown.wait_while(Stage::draining, patience) != Stage::ending) _exit(2);
  hang();
}

TEST_F(ShutdownDeathTest, EndsSoonAfterTheSecondSignalHoweverLongTheGrace) {
  EXPECT_PROCESS(second_signal(), exit_status::cut_short, "cut short");
}

void give_up_and_hang() {
  Shutdown shutdown(1h, print);
  shutdown.give_up();
  if (shutdown.wait_while(Stage::running, patience) != Stage::ending) _exit(1);
  hang();
}

TEST_F(ShutdownDeathTest, EndsSoonWhenTheServiceGivesUp) {
  EXPECT_PROCESS(give_up_and_hang(), exit_status::cut_short, "cut short");
}

void log_that_hangs() {
  const Shutdown shutdown(10ms, [](LogLevel, const std::string&) { hang(); });
  kill(getpid(), SIGTERM);
  hang();
}

TEST_F(ShutdownDeathTest, EndsEvenWhenTheLogHangs) {
  EXPECT_EXIT(log_that_hangs(), testing::KilledBySignal(SIGALRM), "");
}

void destroyed_in_time() {
  {
    Shutdown shutdown(1h, print);
    kill(getpid(), SIGTERM);
    if (shutdown.wait_while(Stage::running, patience) == Stage::running) _exit(1);
  }
  _exit(0);
}

TEST_F(ShutdownDeathTest, LeavesAloneAProcessThatEndsInTime) { EXPECT_PROCESS(destroyed_in_time(), 0, ""); }

void hangup() {
  Shutdown shutdown(1h, print);
  if (shutdown.take_hangup()) _exit(1);
  kill(getpid(), SIGHUP);
  // Nothing else ends this wait.
  if (shutdown.wait_while(Stage::running, 1h) != Stage::running) _exit(2);
  if (!shutdown.take_hangup()) _exit(3);
  if (shutdown.take_hangup()) _exit(4);
  kill(getpid(), SIGTERM);
  if (shutdown.wait_while(Stage::running, patience) != Stage::draining) _exit(5);
  _exit(0);
}

TEST_F(ShutdownDeathTest, AHangupIsToBeTakenOnceAndEndsNothing) { EXPECT_PROCESS(hangup(), 0, ""); }

void hangup_while_draining() {
  Shutdown shutdown(1h, print);
  kill(getpid(), SIGTERM);
  if (shutdown.wait_while(Stage::running, patience) != Stage::draining) _exit(1);
  kill(getpid(), SIGHUP);
  if (shutdown.wait_while(Stage::draining, 1h) != Stage::draining) _exit(2);
  if (!shutdown.take_hangup()) _exit(3);
  _exit(0);
}

TEST_F(ShutdownDeathTest, AHangupIsNoSecondSignalToEnd) { EXPECT_PROCESS(hangup_while_draining(), 0, ""); }

void signal_after_the_end() {
  { const Shutdown shutdown(1h, print); }
  kill(getpid(), SIGTERM);
  _exit(0);
}

TEST_F(ShutdownDeathTest, LetsNoLateSignalSpoilTheExitStatus) { EXPECT_PROCESS(signal_after_the_end(), 0, ""); }

void wait_for_nothing() {
  Shutdown shutdown(1h, print);
  if (shutdown.wait_while(Stage::running, 1ms) != Stage::running) _exit(1);
  if (shutdown.wait_while(Stage::draining, 1h) != Stage::running) _exit(2);
  _exit(0);
}

TEST_F(ShutdownDeathTest, WaitsNoLongerThanAsked) { EXPECT_PROCESS(wait_for_nothing(), 0, ""); }

}  // namespace
}  // namespace fulfilld
