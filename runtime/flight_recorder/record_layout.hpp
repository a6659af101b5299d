// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace fulfilld::flight_recorder {

/// A place for one stay in adapter code, on a cache line of its own, as each thread writes to its own one.
struct alignas(64) Slot {
  std::atomic<std::uint64_t> sequence;    ///< of the execution; 0: free
  std::atomic<std::int64_t> since_nanos;  ///< monotonic; 0: not yet known
  /// The action's name, cut off or filled up with zeros. Words, as it is read while it may change.
  std::array<std::atomic<std::uint64_t>, 5> action;
};

inline constexpr std::size_t slot_count = 64;

/// The file `flight.recorder`, byte for byte as it is mapped. Another layout has another version.
struct alignas(64) Record {
  enum State : std::uint32_t { running = 0x4e4e5552, ended = 0x53444e45 };  // "RUNN", "ENDS"

  std::atomic<std::uint64_t> magic;  ///< 0 while a process begins its record
  std::uint32_t version;
  std::atomic<std::uint32_t> state;
  std::array<char, 48> boot;  ///< id of the boot of the machine, filled up with zeros
  std::array<Slot, slot_count> slots;
};

inline constexpr std::uint64_t record_magic = 0x3143455244464c46;  // "FLFDREC1"
inline constexpr std::uint32_t record_version = 1;

static_assert(sizeof(Record) == 64 + slot_count * 64);
static_assert(std::atomic<std::uint64_t>::is_always_lock_free && std::atomic<std::int64_t>::is_always_lock_free);

}  // namespace fulfilld::flight_recorder
