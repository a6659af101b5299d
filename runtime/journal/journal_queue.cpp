// SPDX-License-Identifier: Apache-2.0
#include "runtime/journal/journal_queue.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <thread>
#include <utility>

namespace fulfilld::journal {
namespace {

constexpr std::size_t group_limit = 1024;
constexpr std::size_t group_bytes = 8U << 20U;
constexpr std::chrono::milliseconds gather_time{1};
constexpr std::chrono::milliseconds busy_for{20};
constexpr std::chrono::milliseconds lazy_delay{50};
// What is lazy follows soon after other work; looking for it by itself spares the writer a wake-up for each.
constexpr std::chrono::milliseconds doze_after_work{1000};
// Far more than are ever asked, unless nobody looks at the answers.
constexpr std::size_t most_pulses = 64;

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

template <class T>
void put_in_front(std::deque<T>& queue, std::vector<T>& taken) {
  queue.insert(queue.begin(), std::make_move_iterator(taken.begin()), std::make_move_iterator(taken.end()));
}

bool has_reached(const JournalAmounts& done, const JournalAmounts& goal) noexcept {
  return done.accepts >= goal.accepts && done.outcomes >= goal.outcomes && done.endings >= goal.endings &&
         done.attempts >= goal.attempts && done.sendings >= goal.sendings;
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

void JournalQueue::push(QueuedAttempt attempt) {
  std::unique_lock lock(mutex_);
  ++pushed_.attempts;
  attempts_.push_back(attempt);
  wake(lock, Writer::asleep);
}

void JournalQueue::push(QueuedSending sending) {
  std::unique_lock lock(mutex_);
  ++pushed_.sendings;
  sendings_.push_back(std::move(sending));
  wake(lock, Writer::dozing);
}

void JournalQueue::push(PulsePtr pulse) {
  std::unique_lock lock(mutex_);
  if (pulses_.size() == most_pulses) pulses_.pop_front();
  pulses_.push_back(std::move(pulse));
  wake(lock, Writer::dozing);
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
  std::optional<Clock::time_point> lazy_due;
  for (answer_pulses(); !urgent(); answer_pulses()) {
    const auto now = Clock::now();
    if (lazy_waits() && !lazy_due) lazy_due = now + lazy_delay;
    const bool doze = lazy_due || now < last_work_ + doze_after_work;
    const auto end = doze ? std::min(idle_end, lazy_due.value_or(now + lazy_delay)) : idle_end;
    writer_ = doze ? Writer::dozing : Writer::asleep;
    const bool woken = wake_writer_.wait_until(lock, end, [&] { return writer_ == Writer::awake; });
    writer_ = Writer::awake;
    if (!woken && (lazy_waits() || Clock::now() >= idle_end)) break;
  }
  if (gather && !stopped_ && Clock::now() < last_work_ + busy_for) {
    lock.unlock();
    std::this_thread::sleep_for(gather_time);
    lock.lock();
  }
  move_front(accepts_, work.accepts, how_many_fit(accepts_, [](const auto& a) { return a->execution()->data.size(); }));
  move_front(outcomes_, work.outcomes, how_many_fit(outcomes_, [](const auto& o) { return o.outcome->body.size(); }));
  move_front(endings_, work.endings, group_limit);
  move_front(attempts_, work.attempts, group_limit);
  move_front(sendings_, work.sendings, group_limit);
  if (!work.empty()) last_work_ = Clock::now();
  return work;
}

void JournalQueue::put_back(JournalWork work) {
  const std::lock_guard lock(mutex_);
  put_in_front(outcomes_, work.outcomes);
  put_in_front(endings_, work.endings);
  put_in_front(attempts_, work.attempts);
  put_in_front(sendings_, work.sendings);
}

void JournalQueue::done(const JournalAmounts& amounts) {
  const std::lock_guard lock(mutex_);
  done_.accepts += amounts.accepts;
  done_.outcomes += amounts.outcomes;
  done_.endings += amounts.endings;
  done_.attempts += amounts.attempts;
  done_.sendings += amounts.sendings;
  if (flushing_ > 0) flushed_.notify_all();
}

bool JournalQueue::pause(std::chrono::milliseconds duration) {
  std::unique_lock lock(mutex_);
  answer_pulses();
  return wake_writer_.wait_for(lock, duration, [&] { return stopped_; });
}

void JournalQueue::answer_pulses() noexcept {
  for (const auto& pulse : pulses_) pulse->answer();
  pulses_.clear();
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
  const bool reached = flushed_.wait_for(lock, limit, [&] { return has_reached(done_, goal); });
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
