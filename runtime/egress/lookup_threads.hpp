// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "runtime/egress/name_lookup.hpp"

namespace fulfilld {

/// How many names are looked up at the same time.
struct LookUpLimits {
  std::size_t threads = 32;                        ///< at most; made when they are needed
  std::size_t slow_threads = 4;                    ///< of them, for names that took long when they were last looked up
  std::size_t kept_threads = 4;                    ///< the rest ends when there was nothing to do for a while
  std::chrono::milliseconds slow_after{2000};      ///< what takes so long is slow
  std::chrono::milliseconds thread_lasts{10'000};  ///< without work
};

/// Threads that wait for the resolver so that nobody else has to. A lookup that hangs cannot be broken off: its thread
/// is left behind when this ends, and its result is dropped.
///
/// Names that hang must not be in the way of those that do not: a thread is made for each name that would have to wait,
/// up to a bound that a healthy resolver never comes near, and a name that took long is remembered and shares a few of
/// the threads with its like from then on, until it comes quickly again.
class LookupThreads {
 public:
  /// Called on one of the threads, unless this has ended. Must not block, must not throw.
  using Done = std::function<void(std::string host, Resolution resolution)>;

  LookupThreads(LookUp look_up, LookUpLimits limits, Done done);
  ~LookupThreads();
  LookupThreads(const LookupThreads&) = delete;
  LookupThreads& operator=(const LookupThreads&) = delete;

  /// False if too many names wait already, or no thread can be had. Any thread.
  [[nodiscard]] bool submit(std::string host);

  /// Takes a name out that no thread has begun with. False if there is none. Any thread.
  bool withdraw(const std::string& host);

  /// Those that there are.
  [[nodiscard]] std::size_t threads() const;

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
};

}  // namespace fulfilld
