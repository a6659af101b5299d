// SPDX-License-Identifier: Apache-2.0
#include "runtime/health/shutdown.hpp"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include "runtime/exit_status.hpp"

namespace fulfilld {
namespace {

using SteadyClock = std::chrono::steady_clock;

/// Blocks the signals in this thread and all that it will make. Answers a descriptor that they are read from.
int take_over_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, signal);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/// The kernel kills this process if it still lives after that many seconds.
void kill_this_process_in(unsigned seconds) {
  signal(SIGALRM, SIG_DFL);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGALRM);
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  alarm(seconds);
}

}  // namespace

Shutdown::Descriptor::Descriptor(int number) : number_(number) {
  if (number < 0) throw std::system_error(errno, std::generic_category(), "signals cannot be waited for");
}

Shutdown::Descriptor::~Descriptor() { close(number_); }

Shutdown::Shutdown(std::chrono::milliseconds grace, Log log)
    : log_(std::move(log)),
      plan_(grace),
      signals_(take_over_signals()),
      wake_up_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      listener_([this] { listen(); }) {}

Shutdown::~Shutdown() {
  over_.store(true);
  wake_listener();
  listener_.join();
}

Shutdown::Stage Shutdown::wait_while(Stage stage, std::chrono::milliseconds limit) {
  const auto until = SteadyClock::now() + limit;
  std::unique_lock lock(mutex_);
  while (plan_.stage(SteadyClock::now()) == stage && !hangup_)
    if (changed_.wait_until(lock, until) == std::cv_status::timeout) break;
  return plan_.stage(SteadyClock::now());
}

bool Shutdown::take_hangup() {
  const std::lock_guard lock(mutex_);
  return std::exchange(hangup_, false);
}

void Shutdown::give_up() {
  {
    const std::lock_guard lock(mutex_);
    plan_.give_up(SteadyClock::now());
  }
  changed_.notify_all();
  wake_listener();
}

void Shutdown::listen() {
  while (!over_.load())
    if (!wait_for_news()) end_by_force();
}

/// False once the time of the whole process is over.
bool Shutdown::wait_for_news() {
  std::optional<MonotonicTime> end_by;
  {
    const std::lock_guard lock(mutex_);
    end_by = plan_.end_by();
  }
  int limit = -1;
  if (end_by) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*end_by - SteadyClock::now());
    if (left.count() <= 0) return false;
    limit = static_cast<int>(std::min<std::int64_t>(left.count(), 60'000));
  }
  std::array<pollfd, 2> news{pollfd{signals_.get(), POLLIN, 0}, pollfd{wake_up_.get(), POLLIN, 0}};
  poll(news.data(), news.size(), limit);
  take_signals();
  std::uint64_t count = 0;
  while (read(wake_up_.get(), &count, sizeof count) > 0) continue;
  return true;
}

void Shutdown::take_signals() {
  signalfd_siginfo arrived{};
  while (read(signals_.get(), &arrived, sizeof arrived) == sizeof arrived) {
    {
      const std::lock_guard lock(mutex_);
      if (arrived.ssi_signo == SIGHUP)
        hangup_ = true;
      else
        plan_.signal(SteadyClock::now());
    }
    changed_.notify_all();
  }
}

void Shutdown::wake_listener() const noexcept {
  const std::uint64_t one = 1;
  // Fails only when it is awake already.
  if (write(wake_up_.get(), &one, sizeof one) < 0) errno = 0;
}

void Shutdown::end_by_force() {
  // Should the log hang too.
  kill_this_process_in(1);
  log_(LogLevel::error, std::string("the shutdown is cut short: its time is over, and it still waits for ") +
                            waiting_for_.load() + "; what is not finished is in the journal");
  _exit(exit_status::cut_short);
}

}  // namespace fulfilld
