// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace fulfilld {

/// What a connection is doing; decides which time limit applies to it.
enum class Phase : std::uint8_t {
  queued,     ///< accepted, no thread has taken it up yet
  fresh,      ///< waiting for the first byte of its first request (by TLS also: of its handshake)
  waiting,    ///< for the first byte of a further request
  reading,    ///< between the first and the last byte of a request
  working,    ///< the request is complete, its answer is being made; never cut
  answering,  ///< the answer is being sent
  ending,     ///< answered for the last time
  cut,        ///< ended by the watchdog; final
};

/// The state of one connection, shared between the thread that serves it and the watchdog. Phase and time of its
/// beginning change together, and whoever comes second sees what the first did: a request either is complete in
/// time or is cut, never both.
class Connection {
 public:
  using Time = std::chrono::steady_clock::time_point;

  struct Stamp {
    Phase phase;
    Time since;
  };

  /// Does not own the descriptor.
  explicit Connection(int descriptor) noexcept;

  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
  [[nodiscard]] Stamp stamp() const noexcept;

  /// Begins `phase` now. False if the watchdog has cut the connection: nothing more may be done with it.
  [[nodiscard]] bool enter(Phase phase) noexcept;

  /// True if it waits for a request, be it the first or a further one.
  [[nodiscard]] static bool is_idle(Phase phase) noexcept { return phase == Phase::fresh || phase == Phase::waiting; }

  /// True if bytes have come that the serving thread has not read yet. The descriptor must be open.
  [[nodiscard]] bool has_unread_bytes() const noexcept;

  /// Cuts the connection if it is still as `seen`: a blocked read returns. Both directions are shut down, but one that
  /// waits for a request, or for the rest of one, can still say that it ends (TLS), and why. The descriptor must be
  /// open.
  bool cut_if_still(const Stamp& seen) noexcept;

 private:
  const int descriptor_;
  std::atomic<std::uint64_t> packed_;  ///< milliseconds of the steady clock, shifted by 8, and the phase
};

}  // namespace fulfilld
