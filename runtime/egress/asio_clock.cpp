// SPDX-License-Identifier: Apache-2.0
#include "runtime/egress/asio_clock.hpp"

#include <boost/asio/dispatch.hpp>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "runtime/egress/alarm_queue.hpp"
#include "runtime/egress/wake_up.hpp"

namespace fulfilld {

class AsioClock::Alarms : public std::enable_shared_from_this<AsioClock::Alarms> {
 public:
  explicit Alarms(boost::asio::io_context& context) : context_(context), wake_up_(context, [this] { run_due(); }) {}

  AlarmId add(MonotonicTime when, Alarm alarm) {
    std::unique_lock lock(mutex_);
    const AlarmId id = queue_.add(when, std::move(alarm));
    if (when >= next_wake_) return id;
    next_wake_ = when;
    lock.unlock();
    boost::asio::dispatch(context_, [self = shared_from_this(), when] { self->wake_up_.at(when); });
    return id;
  }

  void remove(AlarmId id) {
    std::optional<Alarm> removed;  // freed after the lock: what it holds may call this clock as it goes
    const std::lock_guard lock(mutex_);
    removed = queue_.remove(id);
  }

  [[nodiscard]] std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return queue_.size();
  }

  /// Loop thread.
  void stop() {
    wake_up_.cancel();
    AlarmQueue<Alarm> dropped;
    const std::lock_guard lock(mutex_);
    std::swap(dropped, queue_);
  }

 private:
  void run_due() {
    const MonotonicTime now = std::chrono::steady_clock::now();
    std::vector<Alarm> due = std::move(due_);
    {
      const std::lock_guard lock(mutex_);
      while (auto alarm = queue_.pop_due(now)) due.push_back(std::move(*alarm));
      next_wake_ = queue_.earliest();
    }
    for (auto& alarm : due) {
      alarm();
      alarm = nullptr;
    }
    due.clear();
    due_ = std::move(due);
    const std::lock_guard lock(mutex_);
    if (next_wake_ != MonotonicTime::max()) wake_up_.at(next_wake_);
  }

  boost::asio::io_context& context_;
  mutable std::mutex mutex_;
  AlarmQueue<Alarm> queue_;
  MonotonicTime next_wake_ = MonotonicTime::max();  ///< when the loop wakes next for this clock
  WakeUp wake_up_;                                  ///< loop thread only
  std::vector<Alarm> due_;                          ///< loop thread only: kept for its storage
};

AsioClock::AsioClock(IoLoop& loop) : loop_(loop), alarms_(std::make_shared<Alarms>(loop.context())) {}

AsioClock::~AsioClock() {
  loop_.run_and_wait([this] {
    alarms_->stop();
    alarms_.reset();  // here, as the loop may be about to look at its timer
  });
}

MonotonicTime AsioClock::now() const { return std::chrono::steady_clock::now(); }

WallTime AsioClock::wall_now() const {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

Clock::AlarmId AsioClock::schedule(MonotonicTime when, Alarm alarm) { return alarms_->add(when, std::move(alarm)); }

void AsioClock::cancel(AlarmId id) { alarms_->remove(id); }

std::size_t AsioClock::pending() const { return alarms_->size(); }

}  // namespace fulfilld
