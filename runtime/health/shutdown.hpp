// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "actors/ports/adapter.hpp"
#include "runtime/health/shutdown_plan.hpp"

namespace fulfilld {

/// Hears the signals that end the service, and SIGHUP, on a thread of its own, and sees to it that the process has
/// ended when the grace is over: whatever hangs then (an adapter, a disk, a name server), it logs one line and calls
/// _exit with `exit_status::cut_short`. It does so from its constructor to its destructor, start-up included.
class Shutdown {
 public:
  using Stage = ShutdownPlan::Stage;
  /// Takes a log line, on the thread of this object.
  using Log = std::function<void(LogLevel, const std::string&)>;

  /// To be made before any other thread: SIGTERM, SIGINT and SIGHUP are blocked from now on, also after its end.
  Shutdown(std::chrono::milliseconds grace, Log log);
  Shutdown(const Shutdown&) = delete;
  Shutdown& operator=(const Shutdown&) = delete;

  /// All has ended in time.
  ~Shutdown();

  /// Waits while the stage is this one, for `limit` at most, and no longer than until there is a hangup to be taken.
  /// Returns the stage then. Any thread.
  Stage wait_while(Stage stage, std::chrono::milliseconds limit);

  /// True if SIGHUP has come since the last time it was asked, however often. Any thread.
  [[nodiscard]] bool take_hangup();

  /// The process ends without a drain, in as little time as after a second signal. Any thread.
  void give_up();

  /// What is waited for, for the log line of an end by force, e.g. "the executions". A literal. Any thread.
  void waiting_for(const char* what) noexcept { waiting_for_.store(what, std::memory_order_relaxed); }

  /// How long the drain lasts at most.
  [[nodiscard]] std::chrono::milliseconds drain() const noexcept { return plan_.drain(); }

 private:
  /// A file descriptor of its own.
  class Descriptor {
   public:
    /// Throws std::system_error, with errno, if it is negative.
    explicit Descriptor(int number);
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor();
    [[nodiscard]] int get() const noexcept { return number_; }

   private:
    int number_;
  };

  void listen();
  [[nodiscard]] bool wait_for_news();
  void take_signals();
  void wake_listener() const noexcept;
  [[noreturn]] void end_by_force();

  const Log log_;
  std::mutex mutex_;
  std::condition_variable changed_;
  ShutdownPlan plan_;    ///< guarded by `mutex_`, its constants apart
  bool hangup_ = false;  ///< guarded by `mutex_`
  std::atomic<const char*> waiting_for_{"the start of the service"};
  std::atomic<bool> over_{false};
  const Descriptor signals_;
  const Descriptor wake_up_;
  std::thread listener_;
};

}  // namespace fulfilld
