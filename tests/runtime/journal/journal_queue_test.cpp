// SPDX-License-Identifier: Apache-2.0
#include "runtime/journal/journal_queue.hpp"

#include <gtest/gtest.h>

#include <future>
#include <thread>

namespace fulfilld::journal {
namespace {

using namespace std::chrono_literals;

AcceptTicketPtr ticket_with(std::size_t bytes) {
  auto execution = std::make_shared<Execution>();
  execution->data.resize(bytes);
  return std::make_shared<AcceptTicket>(std::move(execution));
}

TEST(JournalQueue, HandsOverWhatIsQueuedInOrder) {
  JournalQueue queue;
  queue.push(QueuedEnding{1, {}});
  queue.push(QueuedEnding{2, {}});
  queue.push(ticket_with(1));
  const auto work = queue.take(20s, false);
  EXPECT_EQ(work.accepts.size(), 1U);
  ASSERT_EQ(work.endings.size(), 2U);
  EXPECT_EQ(work.endings[1].sequence, 2U);
}

TEST(JournalQueue, LimitsAGroupByCountAndByBytes) {
  JournalQueue queue;
  for (int i = 0; i < 1500; ++i) queue.push(ticket_with(1));
  EXPECT_EQ(queue.take(20s, false).accepts.size(), 1024U);
  EXPECT_EQ(queue.take(20s, false).accepts.size(), 476U);
  for (int i = 0; i < 20; ++i) queue.push(ticket_with(1U << 20U));
  EXPECT_EQ(queue.take(20s, false).accepts.size(), 8U);
}

TEST(JournalQueue, TakesALoneEndingWithoutBeingWoken) {
  JournalQueue queue;
  auto taken = std::async(std::launch::async, [&] { return queue.take(20s, false); });
  queue.push(QueuedEnding{1, {}});
  ASSERT_EQ(taken.wait_for(10s), std::future_status::ready);
  EXPECT_EQ(taken.get().endings.size(), 1U);
}

TEST(JournalQueue, ComesBackEmptyWhenStopped) {
  JournalQueue queue;
  auto taken = std::async(std::launch::async, [&] { return queue.take(20s, true); });
  queue.stop();
  EXPECT_TRUE(taken.get().empty());
}

TEST(JournalQueue, PutsBackInFront) {
  JournalQueue queue;
  queue.push(QueuedEnding{1, {}});
  auto work = queue.take(20s, false);
  queue.push(QueuedEnding{2, {}});
  queue.put_back(std::move(work));
  EXPECT_EQ(queue.unwritten(), 2U);
  EXPECT_EQ(queue.take(20s, false).endings.front().sequence, 1U);
}

TEST(JournalQueue, TakesALoneFailedAttemptWithoutBeingWoken) {
  JournalQueue queue;
  auto taken = std::async(std::launch::async, [&] { return queue.take(20s, false); });
  queue.push(QueuedAttempt{1, Reason::backend_timeout});
  ASSERT_EQ(taken.wait_for(10s), std::future_status::ready);
  EXPECT_EQ(taken.get().attempts.size(), 1U);
}

TEST(JournalQueue, AnswersAPulseWithoutGoingOn) {
  JournalQueue queue;
  auto taken = std::async(std::launch::async, [&] { return queue.take(60s, false); });
  for (int i = 0; i < 3; ++i) {
    const auto pulse = std::make_shared<Pulse>();
    queue.push(pulse);
    while (!pulse->answered()) std::this_thread::yield();
  }
  EXPECT_EQ(taken.wait_for(0s), std::future_status::timeout);
  queue.stop();
  EXPECT_TRUE(taken.get().empty());
}

TEST(JournalQueue, LazyWorkIsNotHeldUpByPulses) {
  JournalQueue queue;
  auto taken = std::async(std::launch::async, [&] { return queue.take(60s, false); });
  queue.push(QueuedEnding{1, {}});
  const auto limit = std::chrono::steady_clock::now() + 20s;
  while (taken.wait_for(1ms) != std::future_status::ready && std::chrono::steady_clock::now() < limit)
    queue.push(std::make_shared<Pulse>());
  ASSERT_EQ(taken.wait_for(0s), std::future_status::ready);
  EXPECT_EQ(taken.get().endings.size(), 1U);
}

TEST(JournalQueue, KeepsTheLastPulsesOnly) {
  JournalQueue queue;
  std::vector<PulsePtr> pulses;
  for (int i = 0; i < 1000; ++i) {
    pulses.push_back(std::make_shared<Pulse>());
    queue.push(pulses.back());
  }
  EXPECT_FALSE(queue.pause(0ms));
  EXPECT_FALSE(pulses.front()->answered());
  EXPECT_TRUE(pulses.back()->answered());
}

TEST(JournalQueue, FlushWaitsForWhatWasQueuedBefore) {
  JournalQueue queue;
  EXPECT_TRUE(queue.flush(0ms)) << "nothing is queued";
  queue.push(QueuedEnding{1, {}});
  EXPECT_FALSE(queue.flush(1ms));
  auto flushed = std::async(std::launch::async, [&] { return queue.flush(20s); });
  EXPECT_EQ(queue.take(20s, false).endings.size(), 1U);
  queue.push(QueuedEnding{2, {}});
  queue.done({.endings = 1});
  EXPECT_TRUE(flushed.get()) << "what came later must not hold it up";
}

}  // namespace
}  // namespace fulfilld::journal
