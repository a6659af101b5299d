// SPDX-License-Identifier: Apache-2.0
#include "runtime/egress/asio_clock.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "tests/runtime/egress/long_enough.hpp"

namespace fulfilld {
namespace {

using namespace std::chrono_literals;
using testing::long_enough;

TEST(AsioClock, CallsAnAlarmOnTheLoopAndNotBeforeItsTime) {
  IoLoop loop;
  AsioClock clock(loop);
  std::promise<std::pair<MonotonicTime, bool>> called;
  const auto when = clock.now() + 20ms;
  EXPECT_NE(clock.schedule(when, [&] { called.set_value({clock.now(), loop.is_this_thread()}); }), 0u);
  auto future = called.get_future();
  ASSERT_EQ(future.wait_for(long_enough), std::future_status::ready);
  const auto [at, on_loop] = future.get();
  EXPECT_GE(at, when);
  EXPECT_TRUE(on_loop);
  EXPECT_EQ(clock.pending(), 0u);
}

TEST(AsioClock, AnEarlierAlarmIsNotHeldUpByALaterOne) {
  IoLoop loop;
  AsioClock clock(loop);
  std::promise<void> called;
  clock.schedule(clock.now() + 1h, [] {});
  clock.schedule(clock.now() + 1ms, [&] { called.set_value(); });
  EXPECT_EQ(called.get_future().wait_for(long_enough), std::future_status::ready);
  EXPECT_EQ(clock.pending(), 1u);
}

TEST(AsioClock, AnAlarmThatIsOverdueIsCalled) {
  IoLoop loop;
  AsioClock clock(loop);
  std::promise<void> called;
  clock.schedule(MonotonicTime{}, [&] { called.set_value(); });
  EXPECT_EQ(called.get_future().wait_for(long_enough), std::future_status::ready);
}

TEST(AsioClock, ACancelledAlarmIsFreedAndNotCalled) {
  IoLoop loop;
  AsioClock clock(loop);
  const auto held = std::make_shared<std::atomic<int>>(0);
  const auto soon = clock.now() + 50ms;
  const auto id = clock.schedule(soon, [held] { ++*held; });
  std::promise<void> later;
  clock.schedule(soon + 20ms, [&] { later.set_value(); });
  clock.cancel(id);
  EXPECT_EQ(held.use_count(), 1);
  clock.cancel(id);
  clock.cancel(0);
  EXPECT_EQ(later.get_future().wait_for(long_enough), std::future_status::ready);
  EXPECT_EQ(*held, 0);
}

TEST(AsioClock, CancelledDeadlinesDoNotPileUp) {
  IoLoop loop;
  AsioClock clock(loop);
  for (int i = 0; i < 100'000; ++i) clock.cancel(clock.schedule(clock.now() + 60s, [] {}));
  EXPECT_EQ(clock.pending(), 0u);
}

TEST(AsioClock, AnAlarmMayUseTheClock) {
  IoLoop loop;
  AsioClock clock(loop);
  std::promise<void> called;
  clock.schedule(clock.now(), [&] {
    clock.cancel(clock.schedule(clock.now() + 1h, [] {}));
    clock.schedule(clock.now(), [&] { called.set_value(); });
  });
  EXPECT_EQ(called.get_future().wait_for(long_enough), std::future_status::ready);
}

TEST(AsioClock, WhatAnAlarmHoldsMayUseTheClockAsItGoes) {
  IoLoop loop;
  AsioClock clock(loop);
  const std::shared_ptr<void> on_release(nullptr, [&](void*) { static_cast<void>(clock.pending()); });
  auto held = std::make_shared<std::shared_ptr<void>>(on_release);
  const auto id =
      clock.schedule(clock.now() + 1h, [held = std::move(held), &clock] { static_cast<void>(clock.now()); });
  clock.cancel(id);
  EXPECT_EQ(on_release.use_count(), 1);
}

TEST(AsioClock, EveryAlarmFromManyThreadsIsCalledOnceOrCancelled) {
  constexpr int each = 5'000;
  IoLoop loop;
  AsioClock clock(loop);
  std::atomic<int> called{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < each; ++i) {
        clock.schedule(clock.now() + std::chrono::microseconds((i * 37 + t) % 5000), [&] { ++called; });
        clock.cancel(clock.schedule(clock.now() + 1h, [&] { called += each * 100; }));
      }
    });
  for (auto& thread : threads) thread.join();
  std::promise<void> last;
  clock.schedule(clock.now() + 20ms, [&] { last.set_value(); });
  ASSERT_EQ(last.get_future().wait_for(long_enough), std::future_status::ready);
  EXPECT_EQ(called, 4 * each);
  EXPECT_EQ(clock.pending(), 0u);
}

TEST(AsioClock, NoAlarmIsCalledAfterItsEnd) {
  IoLoop loop;
  const auto held = std::make_shared<int>(0);
  for (int i = 0; i < 200; ++i) {
    std::optional<AsioClock> clock(loop);
    std::atomic<bool> gone{false};
    for (int n = 0; n < 20; ++n)
      clock->schedule(clock->now() + std::chrono::microseconds(n * 10), [&gone, held] { EXPECT_FALSE(gone); });
    clock.reset();
    gone = true;
    loop.run_and_wait([] {});
  }
  EXPECT_EQ(held.use_count(), 1);
}

TEST(AsioClock, WallTimeIsTheSystemsToTheMillisecond) {
  IoLoop loop;
  const AsioClock clock(loop);
  const auto before = std::chrono::system_clock::now();
  const auto wall = clock.wall_now();
  EXPECT_GE(wall, before - 1ms);
  EXPECT_LE(wall, std::chrono::system_clock::now());
}

TEST(IoLoop, RunsOnAThreadOfItsOwnUntilItIsStopped) {
  IoLoop loop;
  bool inside = false;
  loop.run_and_wait([&] { inside = loop.is_this_thread(); });
  EXPECT_TRUE(inside);
  EXPECT_FALSE(loop.is_this_thread());
  loop.stop();
  loop.stop();
}

}  // namespace
}  // namespace fulfilld
