// SPDX-License-Identifier: Apache-2.0
#include "runtime/ingress/connection.hpp"

#include <sys/socket.h>

namespace fulfilld {
namespace {

std::uint64_t pack(Phase phase, Connection::Time since) noexcept {
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(since.time_since_epoch()).count();
  return static_cast<std::uint64_t>(milliseconds) << 8 | static_cast<std::uint64_t>(phase);
}

Phase phase_of(std::uint64_t packed) noexcept { return static_cast<Phase>(packed & 0xff); }

}  // namespace

Connection::Connection(int descriptor) noexcept
    : descriptor_(descriptor), packed_(pack(Phase::queued, std::chrono::steady_clock::now())) {}

Connection::Stamp Connection::stamp() const noexcept {
  const auto packed = packed_.load(std::memory_order_acquire);
  return {phase_of(packed), Time(std::chrono::milliseconds(packed >> 8))};
}

bool Connection::enter(Phase phase) noexcept {
  const auto next = pack(phase, std::chrono::steady_clock::now());
  auto seen = packed_.load(std::memory_order_relaxed);
  do {
    if (phase_of(seen) == Phase::cut) return false;
  } while (!packed_.compare_exchange_weak(seen, next, std::memory_order_acq_rel));
  return true;
}

bool Connection::has_unread_bytes() const noexcept {
  char first = 0;
  return ::recv(descriptor_, &first, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

bool Connection::cut_if_still(const Stamp& seen) noexcept {
  auto expected = pack(seen.phase, seen.since);
  if (!packed_.compare_exchange_strong(expected, pack(Phase::cut, seen.since), std::memory_order_acq_rel)) return false;
  // One that waits or reads can still be told why.
  ::shutdown(descriptor_, is_idle(seen.phase) || seen.phase == Phase::reading ? SHUT_RD : SHUT_RDWR);
  return true;
}

}  // namespace fulfilld
