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
  Shared(LookUp function, std::size_t most, Done on_done)
      : look_up(std::move(function)), max_threads(most), done(std::move(on_done)) {}

  void work() {
    std::unique_lock lock(mutex);
    for (;;) {
      ++idle;
      wanted.wait(lock, [this] { return stopped || !waiting.empty(); });
      --idle;
      if (stopped) return;
      std::string host = std::move(waiting.front());
      waiting.pop_front();
      lock.unlock();
      Resolution resolution = look_up_safely(look_up, host);
      lock.lock();
      if (stopped) return;
      done(std::move(host), std::move(resolution));  // under the lock: never after the end
    }
  }

  const LookUp look_up;
  const std::size_t max_threads;
  const Done done;
  std::mutex mutex;
  std::condition_variable wanted;
  std::deque<std::string> waiting;
  std::size_t threads = 0;
  std::size_t idle = 0;
  bool stopped = false;
};

LookupThreads::LookupThreads(LookUp look_up, std::size_t max_threads, Done done)
    : shared_(std::make_shared<Shared>(std::move(look_up), max_threads, std::move(done))) {}

LookupThreads::~LookupThreads() {
  const std::lock_guard lock(shared_->mutex);
  shared_->stopped = true;
  shared_->wanted.notify_all();
}

bool LookupThreads::submit(std::string host) {
  const std::lock_guard lock(shared_->mutex);
  if (shared_->waiting.size() >= max_waiting_names) return false;
  if (shared_->idle <= shared_->waiting.size() && shared_->threads < shared_->max_threads) {
    try {
      std::thread([shared = shared_]() noexcept {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, nullptr);
        pthread_setname_np(pthread_self(), "fulfilld-dns");
        shared->work();
      }).detach();
      ++shared_->threads;
    } catch (const std::system_error&) {
      if (shared_->threads == 0) return false;
    }
  }
  shared_->waiting.push_back(std::move(host));
  shared_->wanted.notify_one();
  return true;
}

bool LookupThreads::withdraw(const std::string& host) {
  const std::lock_guard lock(shared_->mutex);
  return std::erase(shared_->waiting, host) > 0;
}

}  // namespace fulfilld
