// SPDX-License-Identifier: Apache-2.0
#include "runtime/egress/alarm_queue.hpp"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <random>
#include <utility>
#include <vector>

#include "tests/actors/doubles/virtual_time.hpp"

namespace fulfilld {
namespace {

using namespace std::chrono_literals;
using test::start;

std::vector<int> drain(AlarmQueue<int>& queue, MonotonicTime now) {
  std::vector<int> due;
  while (auto alarm = queue.pop_due(now)) due.push_back(*alarm);
  return due;
}

TEST(AlarmQueue, GivesWhatIsDueInTheOrderOfTime) {
  AlarmQueue<int> queue;
  queue.add(start + 3s, 3);
  queue.add(start + 1s, 1);
  queue.add(start + 2s, 2);
  EXPECT_EQ(queue.earliest(), start + 1s);
  EXPECT_EQ(drain(queue, start + 999ms), (std::vector<int>{}));
  EXPECT_EQ(drain(queue, start + 2s), (std::vector<int>{1, 2}));
  EXPECT_EQ(drain(queue, start + 1h), (std::vector<int>{3}));
  EXPECT_EQ(queue.earliest(), MonotonicTime::max());
}

TEST(AlarmQueue, KeepsTheOrderOfAlarmsAtTheSameTime) {
  AlarmQueue<int> queue;
  std::vector<int> expected;
  for (int i = 0; i < 100; ++i) {
    queue.add(start, i);
    expected.push_back(i);
  }
  EXPECT_EQ(drain(queue, start), expected);
}

TEST(AlarmQueue, ARemovedAlarmNeverComes) {
  AlarmQueue<int> queue;
  const auto first = queue.add(start + 1s, 1);
  queue.add(start + 2s, 2);
  EXPECT_EQ(queue.remove(first), 1);
  EXPECT_EQ(queue.remove(first), std::nullopt);
  EXPECT_EQ(queue.remove(0), std::nullopt);
  EXPECT_EQ(drain(queue, start + 1h), (std::vector<int>{2}));
}

TEST(AlarmQueue, AnIdIsNotUsedTwice) {
  AlarmQueue<int> queue;
  const auto first = queue.add(start, 1);
  EXPECT_EQ(drain(queue, start), (std::vector<int>{1}));
  const auto second = queue.add(start, 2);
  EXPECT_NE(first, second);
  EXPECT_EQ(queue.remove(first), std::nullopt);
  EXPECT_FALSE(queue.move(first, start + 1h));
  EXPECT_EQ(drain(queue, start), (std::vector<int>{2}));
}

TEST(AlarmQueue, AnAlarmCanBeMovedBothWays) {
  AlarmQueue<int> queue;
  const auto one = queue.add(start + 1s, 1);
  const auto two = queue.add(start + 2s, 2);
  queue.add(start + 3s, 3);
  EXPECT_TRUE(queue.move(one, start + 4s));
  EXPECT_TRUE(queue.move(two, start));
  EXPECT_EQ(drain(queue, start + 1h), (std::vector<int>{2, 3, 1}));
}

TEST(AlarmQueue, WhatARemovedAlarmHeldIsFreedAtOnce) {
  AlarmQueue<std::shared_ptr<int>> queue;
  const auto held = std::make_shared<int>(0);
  const auto id = queue.add(start + 1h, held);
  EXPECT_EQ(held.use_count(), 2);
  queue.remove(id);
  EXPECT_EQ(held.use_count(), 1);
  EXPECT_TRUE(queue.empty());
}

TEST(AlarmQueue, AgreesWithASortedListWhateverIsDone) {
  std::mt19937 random(4711);
  AlarmQueue<int> queue;
  std::multimap<MonotonicTime, int> expected;
  std::map<int, std::pair<AlarmQueue<int>::Id, std::multimap<MonotonicTime, int>::iterator>> alive;
  MonotonicTime now = start;
  for (int step = 0; step < 50'000; ++step) {
    const auto when = now + std::chrono::milliseconds(random() % 1000);
    const auto some =
        alive.empty() ? alive.end() : std::next(alive.begin(), random() % std::min<int>(alive.size(), 50));
    switch (random() % 4) {
      case 0:
      case 1:
        alive[step] = {queue.add(when, step), expected.emplace(when, step)};
        break;
      case 2:
        if (some == alive.end()) break;
        expected.erase(some->second.second);
        if (random() % 2 == 0) {
          ASSERT_EQ(queue.remove(some->second.first), some->first);
          alive.erase(some);
        } else {
          ASSERT_TRUE(queue.move(some->second.first, when));
          some->second.second = expected.emplace(when, some->first);
        }
        break;
      default:
        now += std::chrono::milliseconds(random() % 10);
        while (const auto due = queue.pop_due(now)) {
          ASSERT_EQ(*due, expected.begin()->second);
          expected.erase(expected.begin());
          alive.erase(*due);
        }
        ASSERT_TRUE(expected.empty() || expected.begin()->first > now);
    }
    ASSERT_EQ(queue.size(), expected.size());
  }
}

}  // namespace
}  // namespace fulfilld
