// SPDX-License-Identifier: Apache-2.0
#include "runtime/blocking/thread_lanes.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace fulfilld {
namespace {

using namespace std::chrono_literals;

/// What happened, in order, and a way to wait for it.
class Events {
 public:
  void add(const std::string& event) {
    const std::lock_guard lock(mutex_);
    events_.push_back(event);
    changed_.notify_all();
  }
  [[nodiscard]] bool wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 30s, [&] { return events_.size() >= count; });
  }
  [[nodiscard]] std::vector<std::string> all() {
    const std::lock_guard lock(mutex_);
    return events_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> events_;
};

class Door {
 public:
  void open() {
    open_ = true;
    open_.notify_all();
  }
  void pass() { open_.wait(false); }

 private:
  std::atomic<bool> open_ = false;
};

class Work final : public BlockingWork {
 public:
  Work(std::function<void()> run, std::function<void()> destroyed)
      : run_(std::move(run)), destroyed_(std::move(destroyed)) {}
  ~Work() override { destroyed_(); }
  WorkAttempt run() noexcept override {
    run_();
    return {};
  }

 private:
  std::function<void()> run_;
  std::function<void()> destroyed_;
};

using Turn = BlockingThreads::Turn;

/// Work whose backend says what the test wants.
class Verdicts final : public BlockingWork {
 public:
  explicit Verdicts(std::function<WorkAttempt()> run) : run_(std::move(run)) {}
  WorkAttempt run() noexcept override { return run_(); }

 private:
  std::function<WorkAttempt()> run_;
};

constexpr WorkAttempt::Verdict kBusy = WorkAttempt::Verdict::busy;

class ThreadLanesTest : public testing::Test {
 protected:
  /// Work that waits for the door, and notes its beginning.
  bool start(ThreadLanes& lanes, const std::string& lane) {
    return lanes.run(lane,
                     std::make_unique<Work>(
                         [this, lane] {
                           events_.add(lane + " begins");
                           door_.pass();
                         },
                         [this] { ++destroyed_; }),
                     Turn::first, [this, lane](auto&&...) { events_.add(lane + " done"); });
  }

  Events events_;
  Door door_;
  std::atomic<int> destroyed_ = 0;
};

TEST_F(ThreadLanesTest, RunsTellsAndDestroysOnce) {
  door_.open();
  {
    ThreadLanes lanes({.threads = 2, .waiting = 100});
    for (int i = 0; i < 50; ++i) ASSERT_TRUE(start(lanes, "crm"));
    ASSERT_TRUE(events_.wait_for(100));
  }
  EXPECT_EQ(events_.all().size(), 100u);
  EXPECT_EQ(destroyed_, 50);
}

TEST_F(ThreadLanesTest, ALaneNeverTakesMoreThanItsThreads) {
  ThreadLanes lanes({.threads = 3, .waiting = 100});
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(start(lanes, "crm"));
  ASSERT_TRUE(events_.wait_for(3));
  EXPECT_EQ(events_.all(), (std::vector<std::string>(3, "crm begins")));
  door_.open();
  ASSERT_TRUE(events_.wait_for(20));
}

TEST_F(ThreadLanesTest, ALaneThatHangsTakesNoThreadOfAnother) {
  ThreadLanes lanes({.threads = 2, .waiting = 100});
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(start(lanes, "hangs"));
  ASSERT_TRUE(events_.wait_for(2));
  Events healthy;
  for (int i = 0; i < 10; ++i)
    ASSERT_TRUE(lanes.run("healthy", std::make_unique<Work>([] {}, [] {}), Turn::first,
                          [&](auto&&...) { healthy.add("done"); }));
  EXPECT_TRUE(healthy.wait_for(10));
  EXPECT_EQ(events_.all().size(), 2u);
  door_.open();
  ASSERT_TRUE(events_.wait_for(20));
}

TEST_F(ThreadLanesTest, BeyondItsBoundsALaneRefuses) {
  ThreadLanes lanes({.threads = 8, .waiting = 8}, {{"narrow", {.threads = 1, .waiting = 2}}});
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(start(lanes, "narrow"));
  EXPECT_FALSE(start(lanes, "narrow"));
  EXPECT_EQ(destroyed_, 1) << "the one that was refused";
  EXPECT_TRUE(start(lanes, "wide"));
  door_.open();
  ASSERT_TRUE(events_.wait_for(8));
}

TEST_F(ThreadLanesTest, WhatWaitsAtTheEndIsDestroyedWithoutRunning) {
  Events opener;
  {
    ThreadLanes lanes({.threads = 1, .waiting = 10});
    for (int i = 0; i < 4; ++i) ASSERT_TRUE(start(lanes, "crm"));
    ASSERT_TRUE(events_.wait_for(1));
    // So that the destructor finds work that runs: it goes on once what waits has been destroyed.
    const auto open_when_destroyed = [&] {
      opener.add("begins");
      while (destroyed_ < 3) std::this_thread::yield();
      door_.open();
    };
    ASSERT_TRUE(lanes.run("opener", std::make_unique<Work>(open_when_destroyed, [] {}), Turn::first, [](auto&&...) {}));
    ASSERT_TRUE(opener.wait_for(1));
  }
  EXPECT_EQ(events_.all(), (std::vector<std::string>{"crm begins", "crm done"}));
  EXPECT_EQ(destroyed_, 4);
}

TEST_F(ThreadLanesTest, NamesEachWorkThatIsOverdueOnce) {
  ThreadLanes lanes({.threads = 1, .waiting = 10});
  ASSERT_TRUE(start(lanes, "crm"));
  ASSERT_TRUE(events_.wait_for(1));
  const auto now = MonotonicTime::clock::now();
  EXPECT_TRUE(lanes.take_overdue(now, 1h).empty());
  const auto overdue = lanes.take_overdue(now + 2h, 1h);
  ASSERT_EQ(overdue.size(), 1u);
  EXPECT_EQ(overdue[0].lane, "crm");
  EXPECT_GE(overdue[0].lasts, 1h);
  EXPECT_TRUE(lanes.take_overdue(now + 3h, 1h).empty());
  door_.open();
  ASSERT_TRUE(events_.wait_for(2));
}

TEST_F(ThreadLanesTest, HandsWorkBackThatMayBeTriedAgainAndDestroysTheRest) {
  ThreadLanes lanes({.threads = 1, .waiting = 10});
  std::atomic<int> attempts = 0;
  Events ends;
  std::unique_ptr<BlockingWork> handed_back;
  const auto twice = [&] {
    return WorkAttempt{.verdict = ++attempts == 1 ? WorkAttempt::Verdict::again : WorkAttempt::Verdict::done};
  };
  const auto done = [&](const WorkAttempt& attempt, std::unique_ptr<BlockingWork> work) {
    if (attempt.may_be_repeated()) handed_back = std::move(work);
    ends.add(work == nullptr && !attempt.may_be_repeated() ? "over" : "again");
  };
  ASSERT_TRUE(lanes.run("crm", std::make_unique<Verdicts>(twice), Turn::first, done));
  ASSERT_TRUE(ends.wait_for(1));
  ASSERT_NE(handed_back, nullptr);
  ASSERT_TRUE(lanes.run("crm", std::move(handed_back), Turn::repeated, done));
  ASSERT_TRUE(ends.wait_for(2));
  EXPECT_EQ(ends.all(), (std::vector<std::string>{"again", "over"}));
}

TEST_F(ThreadLanesTest, ALaneWhoseBackendIsAwayCostsFewAttempts) {
  ThreadLanes lanes({.threads = 4, .waiting = 1000});
  const MonotonicTime back = MonotonicTime::clock::now() + 400ms;
  std::atomic<int> in_vain = 0;
  Events ends;
  const auto database = [&] {
    if (MonotonicTime::clock::now() >= back) return WorkAttempt{};
    ++in_vain;
    return WorkAttempt{.verdict = kBusy};
  };
  const BlockingThreads::Done done = [&](const WorkAttempt& attempt, const std::unique_ptr<BlockingWork>&) {
    ends.add(attempt.may_be_repeated() ? "in vain" : "served");
  };
  for (int i = 0; i < 300; ++i) ASSERT_TRUE(lanes.run("crm", std::make_unique<Verdicts>(database), Turn::first, done));
  ASSERT_TRUE(ends.wait_for(300));
  EXPECT_GE(in_vain, 1);
  EXPECT_LE(in_vain, 10) << "at most four at once, then two, then one by one with pauses";
}

TEST_F(ThreadLanesTest, ALaneThatPausesHoldsNoOtherUp) {
  ThreadLanes lanes({.threads = 1, .waiting = 10});
  Events ends;
  const BlockingThreads::Done done = [&](const WorkAttempt& attempt, const std::unique_ptr<BlockingWork>&) {
    ends.add(attempt.may_be_repeated() ? "in vain" : "served");
  };
  const auto away = [] { return WorkAttempt{.verdict = kBusy, .after = 1h}; };
  ASSERT_TRUE(lanes.run("away", std::make_unique<Verdicts>(away), Turn::first, done));
  ASSERT_TRUE(ends.wait_for(1));
  ASSERT_TRUE(lanes.run("away", std::make_unique<Verdicts>(away), Turn::first, done));
  door_.open();
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(start(lanes, "well"));
  ASSERT_TRUE(events_.wait_for(20));
  EXPECT_EQ(ends.all(), std::vector<std::string>{"in vain"});
}

TEST_F(ThreadLanesTest, RepetitionsHaveTheBudgetOfTheirLane) {
  ThreadLanes lanes({.threads = 1, .waiting = 10, .retries = {.percent = 0, .per_second = 0}},
                    {{"free", {.retries = {.percent = 0, .per_second = 10}}}});
  const MonotonicTime now = MonotonicTime::clock::now();
  EXPECT_FALSE(lanes.repeat_at("crm", now, now + 1h));
  EXPECT_TRUE(lanes.repeat_at("free", now, now + 1h));
}

TEST_F(ThreadLanesTest, ManyThreadsMaySubmitAtOnce) {
  door_.open();
  ThreadLanes lanes({.threads = 4, .waiting = 100000});
  std::vector<std::thread> submitters;
  for (const auto* lane : {"a", "b", "c", "d"})
    submitters.emplace_back([this, &lanes, lane] {
      for (int i = 0; i < 1000; ++i) EXPECT_TRUE(start(lanes, lane));
    });
  for (auto& submitter : submitters) submitter.join();
  EXPECT_TRUE(events_.wait_for(8000));
}

}  // namespace
}  // namespace fulfilld
