// SPDX-License-Identifier: Apache-2.0
#include "runtime/egress/lookup_threads.hpp"

#include <pthread.h>

#include <condition_variable>
#include <csignal>
#include <deque>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "runtime/egress/slow_names.hpp"

namespace fulfilld {
namespace {

constexpr std::size_t max_waiting_names = 1024;

Resolution look_up_safely(const LookUp& look_up, const std::string& host) {
  try {
    return look_up(host);
  } catch (const std::exception& error) {
    return {{}, error.what()};
  }
}

}  // namespace

struct LookupThreads::Shared {
  Shared(LookUp function, LookUpLimits its_limits, Done on_done)
      : look_up(std::move(function)), limits(its_limits), done(std::move(on_done)) {}

  [[nodiscard]] bool may_take_slow() const noexcept {
    return !slow_waiting.empty() && slow_under_way < limits.slow_threads;
  }
  [[nodiscard]] bool has_work() const noexcept { return stopped || !waiting.empty() || may_take_slow(); }

  void work() {
    std::unique_lock lock(mutex);
    for (;;) {
      ++idle;
      const bool called = wanted.wait_for(lock, limits.thread_lasts, [this] { return has_work(); });
      --idle;
      if (stopped) return;
      if (called)
        take_one(lock);
      else if (threads > limits.kept_threads)
        return void(--threads);
    }
  }

  void take_one(std::unique_lock<std::mutex>& lock) {
    const bool slow = waiting.empty();
    auto& line = slow ? slow_waiting : waiting;
    std::string host = std::move(line.front());
    line.pop_front();
    if (slow) ++slow_under_way;
    lock.unlock();
    const auto begin = std::chrono::steady_clock::now();
    Resolution resolution = look_up_safely(look_up, host);
    const auto lasted = std::chrono::steady_clock::now() - begin;
    lock.lock();
    if (slow) --slow_under_way;
    slow_names.looked_up(host, lasted);
    if (slow && may_take_slow()) wanted.notify_one();
    if (!stopped) done(std::move(host), std::move(resolution));  // under the lock: never after the end
  }

  /// False if there is none at all.
  [[nodiscard]] bool start_thread(const std::shared_ptr<Shared>& self) {
    try {
      std::thread([self]() noexcept {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, nullptr);
        pthread_setname_np(pthread_self(), "fulfilld-dns");
        self->work();
      }).detach();
      ++threads;
    } catch (const std::system_error&) {
      return threads > 0;
    }
    return true;
  }

  const LookUp look_up;
  const LookUpLimits limits;
  const Done done;
  std::mutex mutex;
  std::condition_variable wanted;
  std::deque<std::string> waiting;
  std::deque<std::string> slow_waiting;
  SlowNames slow_names{limits.slow_after};
  std::size_t slow_under_way = 0;
  std::size_t threads = 0;
  std::size_t idle = 0;
  bool stopped = false;
};

LookupThreads::LookupThreads(LookUp look_up, LookUpLimits limits, Done done)
    : shared_(std::make_shared<Shared>(std::move(look_up), limits, std::move(done))) {}

LookupThreads::~LookupThreads() {
  const std::lock_guard lock(shared_->mutex);
  shared_->stopped = true;
  shared_->wanted.notify_all();
}

bool LookupThreads::submit(std::string host) {
  const std::lock_guard lock(shared_->mutex);
  const bool slow = shared_->slow_names.contains(host);
  auto& line = slow ? shared_->slow_waiting : shared_->waiting;
  if (line.size() >= max_waiting_names) return false;
  line.push_back(std::move(host));
  // One that is idle may have been called already, and not be awake yet.
  const std::size_t wanted = shared_->waiting.size() + (shared_->may_take_slow() ? 1 : 0);
  if (shared_->idle < wanted && shared_->threads < shared_->limits.threads && !shared_->start_thread(shared_)) {
    line.pop_back();
    return false;
  }
  shared_->wanted.notify_one();
  return true;
}

bool LookupThreads::withdraw(const std::string& host) {
  const std::lock_guard lock(shared_->mutex);
  return std::erase(shared_->waiting, host) + std::erase(shared_->slow_waiting, host) > 0;
}

std::size_t LookupThreads::threads() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->threads;
}

}  // namespace fulfilld
