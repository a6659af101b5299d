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
  void run() noexcept override { run_(); }

 private:
  std::function<void()> run_;
  std::function<void()> destroyed_;
};

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
                     [this, lane] { events_.add(lane + " done"); });
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
    ASSERT_TRUE(lanes.run("healthy", std::make_unique<Work>([] {}, [] {}), [&] { healthy.add("done"); }));
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
    ASSERT_TRUE(lanes.run("opener", std::make_unique<Work>(open_when_destroyed, [] {}), [] {}));
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
