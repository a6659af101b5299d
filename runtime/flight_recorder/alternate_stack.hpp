// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace fulfilld {

/// A stack for signal handlers, for when the thread's own has overflown. Lives as long as its thread.
class AlternateStack {
 public:
  /// Makes that of the calling thread the first time. Costs a comparison from then on.
  static void of_this_thread() noexcept;

  /// Is this an address just beyond the stack of the calling thread, which has an alternate one? Async-signal-safe.
  [[nodiscard]] static bool is_overflow(const void* address) noexcept;

  AlternateStack(const AlternateStack&) = delete;
  AlternateStack& operator=(const AlternateStack&) = delete;
  ~AlternateStack();

 private:
  AlternateStack() noexcept;

  void* memory_ = nullptr;
};

}  // namespace fulfilld
