// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace fulfilld::flight_recorder {

/// Text, cut off or filled up with zeros. Words, as it is read while it may change.
template <std::size_t Words>
using SharedText = std::array<std::atomic<std::uint64_t>, Words>;

/// A place for one stay in adapter code, on cache lines of its own, as each thread writes to its own one.
struct alignas(64) Slot {
  std::atomic<std::uint64_t> sequence;    ///< of the execution; 0: free
  std::atomic<std::int64_t> since_nanos;  ///< monotonic; 0: not yet known
  std::atomic<std::uint64_t> culprit;     ///< the execution that the end of the process is laid to; 0: not this one
  SharedText<5> action;
  SharedText<6> adapter;
  SharedText<9> execution;
};

/// Of threads that actors run on, then of those for blocking work, so that neither takes the place of the other.
inline constexpr std::size_t actor_slots = 64;
inline constexpr std::size_t slot_count = 2 * actor_slots;

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
inline constexpr std::uint32_t record_version = 2;

static_assert(sizeof(Record) == 64 + slot_count * 192);
static_assert(std::atomic<std::uint64_t>::is_always_lock_free && std::atomic<std::int64_t>::is_always_lock_free);

}  // namespace fulfilld::flight_recorder
