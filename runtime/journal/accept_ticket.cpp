// SPDX-License-Identifier: Apache-2.0
#include "runtime/journal/accept_ticket.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <ctime>

namespace fulfilld::journal {
namespace {

constexpr std::uint32_t pending = 0;
constexpr std::uint32_t pending_with_sleeper = 1;
constexpr std::uint32_t answered = 2;

static_assert(sizeof(std::atomic<std::uint32_t>) == sizeof(std::uint32_t));

// std::atomic::wait has no time limit, and libstdc++ 12's semaphores can miss a wake-up (PR 104928).
void sleep_while_pending(std::atomic<std::uint32_t>& state, std::chrono::nanoseconds limit) noexcept {
  const timespec relative{.tv_sec = limit.count() / 1'000'000'000, .tv_nsec = limit.count() % 1'000'000'000};
  syscall(SYS_futex, &state, FUTEX_WAIT_PRIVATE, pending_with_sleeper, &relative, nullptr, 0);
}

}  // namespace

bool AcceptTicket::wait_for(std::chrono::milliseconds limit) noexcept {
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + limit;
  std::uint32_t seen = pending;
  if (!state_.compare_exchange_strong(seen, pending_with_sleeper, std::memory_order_acquire) && seen == answered)
    return true;
  while (state_.load(std::memory_order_acquire) != answered) {
    const auto left = end - Clock::now();
    if (left <= std::chrono::nanoseconds{0}) return false;
    sleep_while_pending(state_, left);
  }
  return true;
}

void AcceptTicket::answer(AcceptAnswer answer) noexcept {
  answer_ = std::move(answer);
  if (state_.exchange(answered, std::memory_order_acq_rel) == pending_with_sleeper)
    syscall(SYS_futex, &state_, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
}

}  // namespace fulfilld::journal
