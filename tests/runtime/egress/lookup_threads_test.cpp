// SPDX-License-Identifier: Apache-2.0
#include "runtime/egress/lookup_threads.hpp"

#include <gtest/gtest.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "tests/runtime/egress/long_enough.hpp"

namespace fulfilld {
namespace {

using namespace std::chrono_literals;
using testing::long_enough;

/// A resolver whose names that begin with "hang" wait for a word, while it is told to hold them. Shared with the
/// threads that may outlive a test.
struct Names {
  std::mutex mutex;
  std::condition_variable changed;
  bool hold = true;
  std::multiset<std::string> begun;
  std::multiset<std::string> done;

  static LookUp look_up(const std::shared_ptr<Names>& names) {
    return [names](const std::string& host) -> Resolution {
      std::unique_lock lock(names->mutex);
      names->begun.insert(host);
      names->changed.notify_all();
      if (host.starts_with("hang")) names->changed.wait(lock, [&] { return !names->hold; });
      return {{}, "none"};
    };
  }

  static LookupThreads::Done note_done(const std::shared_ptr<Names>& names) {
    return [names](const std::string& host, const Resolution&) {
      const std::lock_guard lock(names->mutex);
      names->done.insert(host);
      names->changed.notify_all();
    };
  }
};

class LookupThreadsTest : public ::testing::Test {
 protected:
  void make(LookUpLimits limits) {
    threads_ = std::make_unique<LookupThreads>(Names::look_up(names_), limits, Names::note_done(names_));
  }

  void TearDown() override {
    threads_.reset();
    hold(false);
  }

  void hold(bool on) {
    const std::lock_guard lock(names_->mutex);
    names_->hold = on;
    names_->changed.notify_all();
  }

  template <class Condition>
  bool wait_until(Condition condition) {
    std::unique_lock lock(names_->mutex);
    return names_->changed.wait_for(lock, long_enough, condition);
  }

  void submit(const std::string& host) { ASSERT_TRUE(threads_->submit(host)); }
  bool wait_for_begun(std::size_t count) {
    return wait_until([&] { return names_->begun.size() >= count; });
  }
  bool wait_for_done(std::size_t count) {
    return wait_until([&] { return names_->done.size() >= count; });
  }

  std::shared_ptr<Names> names_ = std::make_shared<Names>();
  std::unique_ptr<LookupThreads> threads_;
};

TEST_F(LookupThreadsTest, ANameThatHangsIsInNobodysWay) {
  make({});
  for (int i = 0; i < 20; ++i) submit("hang" + std::to_string(i));
  for (int i = 0; i < 20; ++i) submit("good" + std::to_string(i));
  EXPECT_TRUE(wait_for_done(20));
  EXPECT_TRUE(wait_for_begun(40));
}

TEST_F(LookupThreadsTest, ThereAreNoMoreThreadsThanAllowed) {
  make({.threads = 3});
  for (int i = 0; i < 10; ++i) submit("hang" + std::to_string(i));
  ASSERT_TRUE(wait_for_begun(3));
  EXPECT_EQ(threads_->threads(), 3u);
  EXPECT_TRUE(threads_->withdraw("hang9"));
  EXPECT_FALSE(threads_->withdraw("hang0")) << "it is under way";
  hold(false);
  EXPECT_TRUE(wait_for_done(9));
}

// Everything is slow here, as soon as it has been looked up once.
TEST_F(LookupThreadsTest, NamesThatWereSlowShareAFewThreads) {
  make({.threads = 10, .slow_threads = 2, .slow_after = 0ms});
  hold(false);
  for (int i = 0; i < 8; ++i) submit("hang" + std::to_string(i));
  ASSERT_TRUE(wait_for_done(8));
  hold(true);
  for (int i = 0; i < 8; ++i) submit("hang" + std::to_string(i));
  ASSERT_TRUE(wait_for_begun(10));
  for (int i = 0; i < 30; ++i) submit("good" + std::to_string(i));
  ASSERT_TRUE(wait_for_done(38)) << "a name that nobody knows yet finds a thread";
  EXPECT_EQ(names_->begun.size(), 40u) << "two of those that are slow, and no more";
  EXPECT_TRUE(threads_->withdraw("hang7"));
  hold(false);
  EXPECT_TRUE(wait_for_done(45)) << "they have their turn, one after the other";
}

TEST_F(LookupThreadsTest, ThoseThatAreNotNeededAnyMoreEnd) {
  make({.threads = 10, .kept_threads = 1, .thread_lasts = 1ms});
  for (int i = 0; i < 10; ++i) submit("hang" + std::to_string(i));
  ASSERT_TRUE(wait_for_begun(10));
  EXPECT_EQ(threads_->threads(), 10u);
  hold(false);
  ASSERT_TRUE(wait_for_done(10));
  const auto end = std::chrono::steady_clock::now() + long_enough;
  while (threads_->threads() > 1 && std::chrono::steady_clock::now() < end) std::this_thread::yield();
  EXPECT_EQ(threads_->threads(), 1u);
  submit("good");
  EXPECT_TRUE(wait_for_done(11));
}

}  // namespace
}  // namespace fulfilld
