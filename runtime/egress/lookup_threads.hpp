// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "runtime/egress/name_lookup.hpp"

namespace fulfilld {

/// A few threads that wait for the resolver so that nobody else has to; started when needed. A lookup that hangs
/// cannot be broken off: its thread is left behind when this ends, and its result is dropped.
class LookupThreads {
 public:
  /// Called on one of the threads, unless this has ended. Must not block, must not throw.
  using Done = std::function<void(std::string host, Resolution resolution)>;

  LookupThreads(LookUp look_up, std::size_t max_threads, Done done);
  ~LookupThreads();
  LookupThreads(const LookupThreads&) = delete;
  LookupThreads& operator=(const LookupThreads&) = delete;

  /// False if too many names wait already, or no thread can be had. Any thread.
  [[nodiscard]] bool submit(std::string host);

  /// Takes a name out that no thread has begun with. False if there is none. Any thread.
  bool withdraw(const std::string& host);

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
};

}  // namespace fulfilld
