// SPDX-License-Identifier: Apache-2.0
#include "runtime/flight_recorder/alternate_stack.hpp"

#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>

#include <cstdint>

namespace fulfilld {
namespace {

// More than the kernel puts there of any processor's registers; what is not touched takes no memory.
constexpr std::size_t size = std::size_t{64} << 10;

// How far beyond its end a function with large locals may reach at once.
constexpr std::uintptr_t reach = std::uintptr_t{1} << 20;

// Plain, so that a signal handler may read it. 0: not known.
thread_local std::uintptr_t lowest_of_stack = 0;

std::uintptr_t find_lowest_of_stack() noexcept {
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return 0;
  void* lowest = nullptr;
  std::size_t length = 0;
  const bool known = pthread_attr_getstack(&attributes, &lowest, &length) == 0;
  pthread_attr_destroy(&attributes);
  return known ? reinterpret_cast<std::uintptr_t>(lowest) : 0;
}

}  // namespace

void AlternateStack::of_this_thread() noexcept { static const thread_local AlternateStack stack; }

bool AlternateStack::is_overflow(const void* address) noexcept {
  const auto where = reinterpret_cast<std::uintptr_t>(address);
  constexpr std::uintptr_t page = 4096;
  return lowest_of_stack != 0 && where < lowest_of_stack + page && where + reach >= lowest_of_stack;
}

AlternateStack::AlternateStack() noexcept {
  lowest_of_stack = find_lowest_of_stack();
  stack_t stack{};
  // A sanitizer may have made one.
  if (sigaltstack(nullptr, &stack) != 0 || (stack.ss_flags & SS_DISABLE) == 0) return;
  void* const bytes = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  if (bytes == MAP_FAILED) return;
  memory_ = bytes;
  stack = {};
  stack.ss_sp = memory_;
  stack.ss_size = size;
  sigaltstack(&stack, nullptr);
}

AlternateStack::~AlternateStack() {
  lowest_of_stack = 0;
  if (memory_ == nullptr) return;
  stack_t none{};
  none.ss_flags = SS_DISABLE;
  sigaltstack(&none, nullptr);
  munmap(memory_, size);
}

}  // namespace fulfilld
