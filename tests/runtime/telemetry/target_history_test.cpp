// SPDX-License-Identifier: Apache-2.0
#include "runtime/telemetry/target_history.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace fulfilld {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using Breaker = CircuitBreaker::State;

constexpr MonotonicTime now{1h};

TargetState with_breaker(Breaker breaker) {
  TargetState state;
  state.breaker = breaker;
  return state;
}

TargetState closed_until(MonotonicTime when) {
  TargetState state;
  state.closed_until = when;
  return state;
}

TargetState cut_to(double rate) {
  TargetState state;
  state.permitted_rate = rate;
  return state;
}

TEST(TargetChanges, TellWhereTheBreakerHasGone) {
  const auto closed = with_breaker(Breaker::closed);
  const auto open = with_breaker(Breaker::open);
  const auto half_open = with_breaker(Breaker::half_open);
  EXPECT_THAT(target_changes(closed, open, now), ElementsAre(TargetChange::breaker_opened));
  EXPECT_THAT(target_changes(open, half_open, now), ElementsAre(TargetChange::breaker_half_open));
  EXPECT_THAT(target_changes(half_open, open, now), ElementsAre(TargetChange::breaker_opened));
  EXPECT_THAT(target_changes(half_open, closed, now), ElementsAre(TargetChange::breaker_closed));
  EXPECT_THAT(target_changes(open, open, now), IsEmpty());
}

TEST(TargetChanges, TellWhenARetryAfterClosesAndReopens) {
  EXPECT_THAT(target_changes({}, closed_until(now + 3s), now), ElementsAre(TargetChange::closed));
  EXPECT_THAT(target_changes(closed_until(now + 3s), closed_until(now + 4s), now),
              ElementsAre(TargetChange::closed_for_longer));
  EXPECT_THAT(target_changes(closed_until(now), closed_until(now + 4s), now), ElementsAre(TargetChange::closed_again));
  EXPECT_THAT(target_changes(closed_until(now + 3s), closed_until(now + 3s), now), IsEmpty());
  EXPECT_THAT(target_changes(closed_until(now - 1s), {}, now), ElementsAre(TargetChange::reopened));
}

TEST(TargetChanges, TellOfEachCutButNotOfGrowth) {
  EXPECT_THAT(target_changes({}, cut_to(20), now), ElementsAre(TargetChange::rate_cut));
  EXPECT_THAT(target_changes(cut_to(20), cut_to(10), now), ElementsAre(TargetChange::rate_cut_again));
  EXPECT_THAT(target_changes(cut_to(10), cut_to(12), now), IsEmpty());
  EXPECT_THAT(target_changes(cut_to(12), {}, now), ElementsAre(TargetChange::rate_restored));
}

TEST(TargetChanges, TellAllThatHappenedAtOnce) {
  auto worse = with_breaker(Breaker::open);
  worse.closed_until = now + 1s;
  worse.permitted_rate = 5;
  EXPECT_THAT(target_changes({}, worse, now),
              ElementsAre(TargetChange::breaker_opened, TargetChange::closed, TargetChange::rate_cut));
}

TEST(TargetHistory, KnowsHowEachTargetWas) {
  TargetHistory history;
  EXPECT_EQ(history.exchange("a", with_breaker(Breaker::open)), TargetState{});
  EXPECT_EQ(history.exchange("b", cut_to(5)), TargetState{});
  EXPECT_EQ(history.exchange("a", with_breaker(Breaker::half_open)), with_breaker(Breaker::open));
  EXPECT_EQ(history.exchange("a", TargetState{}), with_breaker(Breaker::half_open));
  EXPECT_EQ(history.exchange("a", TargetState{}), TargetState{});
  EXPECT_EQ(history.exchange("b", TargetState{}), cut_to(5));
}

TEST(TargetHistory, KeepsOnlySoManySickTargetsAndNoneThatAreWell) {
  TargetHistory history;
  for (std::size_t n = 0; n < 2 * TargetHistory::max_targets; ++n)
    static_cast<void>(history.exchange("well " + std::to_string(n), TargetState{}));
  for (std::size_t n = 0; n < TargetHistory::max_targets; ++n)
    static_cast<void>(history.exchange("sick " + std::to_string(n), cut_to(5)));
  static_cast<void>(history.exchange("one more", cut_to(5)));
  EXPECT_EQ(history.exchange("one more", cut_to(5)), TargetState{});
  EXPECT_EQ(history.exchange("sick 0", TargetState{}), cut_to(5));
  static_cast<void>(history.exchange("one more", cut_to(5)));
  EXPECT_EQ(history.exchange("one more", cut_to(5)), cut_to(5));
}

TEST(TargetHistory, MayBeAskedByManyThreads) {
  TargetHistory history;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&history, name = std::to_string(i)] {
      for (int n = 1; n < 2000; ++n)
        EXPECT_EQ(history.exchange(name, cut_to(n)), n == 1 ? TargetState{} : cut_to(n - 1));
    });
  for (auto& thread : threads) thread.join();
}

}  // namespace
}  // namespace fulfilld
