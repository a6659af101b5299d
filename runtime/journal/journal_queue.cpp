// SPDX-License-Identifier: Apache-2.0
#include "runtime/journal/journal_queue.hpp"

#include <algorithm>
#include <iterator>
#include <thread>
#include <utility>

namespace fulfilld::journal {
namespace {

constexpr std::size_t group_limit = 1024;
constexpr std::size_t group_bytes = 8U << 20U;
constexpr std::chrono::milliseconds gather_time{1};
constexpr std::chrono::milliseconds busy_for{20};
constexpr std::chrono::milliseconds ending_delay{50};
// Endings follow soon after other work; looking for them by itself spares the writer a wake-up for each.
constexpr std::chrono::milliseconds doze_after_work{1000};

template <class T>
void move_front(std::deque<T>& from, std::vector<T>& into, std::size_t count) {
  const auto end = from.begin() + static_cast<std::ptrdiff_t>(std::min(count, from.size()));
  into.assign(std::make_move_iterator(from.begin()), std::make_move_iterator(end));
  from.erase(from.begin(), end);
}

template <class T, class Size>
std::size_t how_many_fit(const std::deque<T>& queue, Size size) {
  std::size_t count = 0;
  std::size_t bytes = 0;
  while (count < std::min(queue.size(), group_limit) && bytes < group_bytes) bytes += size(queue[count++]);
  return count;
}

}  // namespace

void JournalQueue::push(AcceptTicketPtr accept) {
  std::unique_lock lock(mutex_);
  ++pushed_.accepts;
  accepts_.push_back(std::move(accept));
  wake(lock, Writer::dozing);
}

void JournalQueue::push(Delivery outcome) {
  std::unique_lock lock(mutex_);
  ++pushed_.outcomes;
  outcomes_.push_back(std::move(outcome));
  wake(lock, Writer::dozing);
}

void JournalQueue::push(QueuedEnding ending) {
  std::unique_lock lock(mutex_);
  ++pushed_.endings;
  endings_.push_back(ending);
  wake(lock, Writer::asleep);
}

void JournalQueue::wake(std::unique_lock<std::mutex>& lock, Writer lightest) {
  if (writer_ < lightest) return;
  writer_ = Writer::awake;
  lock.unlock();
  wake_writer_.notify_one();
}

JournalWork JournalQueue::take(std::chrono::milliseconds idle_limit, bool gather) {
  JournalWork work;
  std::unique_lock lock(mutex_);
  const auto idle_end = Clock::now() + idle_limit;
  while (!urgent()) {
    const auto now = Clock::now();
    const bool doze = !endings_.empty() || now < last_work_ + doze_after_work;
    const auto end = doze ? std::min(idle_end, now + ending_delay) : idle_end;
    writer_ = doze ? Writer::dozing : Writer::asleep;
    const bool woken = wake_writer_.wait_until(lock, end, [&] { return writer_ == Writer::awake; });
    writer_ = Writer::awake;
    if (!woken && (!endings_.empty() || Clock::now() >= idle_end)) break;
  }
  if (gather && !stopped_ && Clock::now() < last_work_ + busy_for) {
    lock.unlock();
    std::this_thread::sleep_for(gather_time);
    lock.lock();
  }
  move_front(accepts_, work.accepts, how_many_fit(accepts_, [](const auto& a) { return a->execution()->data.size(); }));
  move_front(outcomes_, work.outcomes, how_many_fit(outcomes_, [](const auto& o) { return o.outcome->body.size(); }));
  move_front(endings_, work.endings, group_limit);
  if (!work.empty()) last_work_ = Clock::now();
  return work;
}

void JournalQueue::put_back(std::vector<Delivery> outcomes, std::vector<QueuedEnding> endings) {
  const std::lock_guard lock(mutex_);
  outcomes_.insert(outcomes_.begin(), std::make_move_iterator(outcomes.begin()),
                   std::make_move_iterator(outcomes.end()));
  endings_.insert(endings_.begin(), endings.begin(), endings.end());
}

void JournalQueue::done(std::size_t accepts, std::size_t outcomes, std::size_t endings) {
  const std::lock_guard lock(mutex_);
  done_.accepts += accepts;
  done_.outcomes += outcomes;
  done_.endings += endings;
  if (flushing_ > 0) flushed_.notify_all();
}

bool JournalQueue::pause(std::chrono::milliseconds duration) {
  std::unique_lock lock(mutex_);
  return wake_writer_.wait_for(lock, duration, [&] { return stopped_; });
}

std::vector<AcceptTicketPtr> JournalQueue::take_accepts() {
  const std::lock_guard lock(mutex_);
  std::vector<AcceptTicketPtr> accepts;
  move_front(accepts_, accepts, accepts_.size());
  return accepts;
}

bool JournalQueue::flush(std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  const auto goal = pushed_;
  ++flushing_;
  writer_ = Writer::awake;
  wake_writer_.notify_one();
  const bool reached = flushed_.wait_for(lock, limit, [&] { return done_.reached(goal); });
  --flushing_;
  return reached;
}

void JournalQueue::stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  writer_ = Writer::awake;
  wake_writer_.notify_one();
}

bool JournalQueue::stopped() const {
  const std::lock_guard lock(mutex_);
  return stopped_;
}

std::size_t JournalQueue::unwritten() const {
  const std::lock_guard lock(mutex_);
  return outcomes_.size() + endings_.size();
}

}  // namespace fulfilld::journal
