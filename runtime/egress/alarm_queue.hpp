// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "actors/ports/clock.hpp"

namespace fulfilld {

/// Things to be done at a time: an indexed binary heap. Alarms of the same time come out in the order in which they
/// went in. Adding a latest alarm, as deadlines of one length are, costs O(1); all else O(log n). What a removed
/// alarm held is freed at once. Not synchronised; the owner bounds how many there are.
template <typename Payload>
class AlarmQueue {
 public:
  using Id = std::uint64_t;  ///< never 0, never used twice

  Id add(MonotonicTime when, Payload payload) {
    std::uint32_t slot = 0;
    if (free_.empty()) {
      slot = static_cast<std::uint32_t>(slots_.size());
      slots_.emplace_back();
    } else {
      slot = free_.back();
      free_.pop_back();
    }
    slots_[slot].payload.emplace(std::move(payload));
    heap_.push_back({when, sequence_++, slot});
    rise(heap_.size() - 1);
    return id_of(slot);
  }

  /// Gives an alarm another time. False if there is no such alarm (any more).
  bool move(Id id, MonotonicTime when) {
    const auto place = place_of(id);
    if (!place) return false;
    heap_[*place].when = when;
    heap_[*place].sequence = sequence_++;
    settle(*place);
    return true;
  }

  /// Takes an alarm out, whatever its time. Empty if there is no such alarm (any more).
  std::optional<Payload> remove(Id id) {
    const auto place = place_of(id);
    if (!place) return std::nullopt;
    return take(*place);
  }

  /// Takes out the earliest alarm that is due at `now`.
  std::optional<Payload> pop_due(MonotonicTime now) {
    if (heap_.empty() || heap_.front().when > now) return std::nullopt;
    return take(0);
  }

  /// The time of the earliest alarm; `MonotonicTime::max()` if there is none.
  [[nodiscard]] MonotonicTime earliest() const noexcept {
    return heap_.empty() ? MonotonicTime::max() : heap_.front().when;
  }

  [[nodiscard]] std::size_t size() const noexcept { return heap_.size(); }
  [[nodiscard]] bool empty() const noexcept { return heap_.empty(); }

 private:
  struct Entry {
    MonotonicTime when;
    std::uint64_t sequence;
    std::uint32_t slot;

    [[nodiscard]] bool before(const Entry& other) const noexcept {
      return when != other.when ? when < other.when : sequence < other.sequence;
    }
  };
  struct Slot {
    std::optional<Payload> payload;
    std::uint32_t generation = 1;
    std::size_t place = 0;  ///< index into heap_
  };

  [[nodiscard]] Id id_of(std::uint32_t slot) const noexcept {
    return (static_cast<Id>(slots_[slot].generation) << 32) | slot;
  }

  [[nodiscard]] std::optional<std::size_t> place_of(Id id) const noexcept {
    const auto slot = static_cast<std::uint32_t>(id);
    if (slot >= slots_.size() || !slots_[slot].payload || id_of(slot) != id) return std::nullopt;
    return slots_[slot].place;
  }

  std::optional<Payload> take(std::size_t place) {
    const std::uint32_t slot = heap_[place].slot;
    std::optional<Payload> payload = std::move(slots_[slot].payload);
    slots_[slot].payload.reset();
    ++slots_[slot].generation;
    free_.push_back(slot);
    if (place + 1 != heap_.size()) {
      heap_[place] = heap_.back();
      heap_.pop_back();
      settle(place);
    } else {
      heap_.pop_back();
    }
    return payload;
  }

  void settle(std::size_t place) noexcept {
    if (place > 0 && heap_[place].before(heap_[(place - 1) / 2]))
      rise(place);
    else
      sink(place);
  }

  void rise(std::size_t place) noexcept {
    const Entry entry = heap_[place];
    while (place > 0) {
      const std::size_t parent = (place - 1) / 2;
      if (!entry.before(heap_[parent])) break;
      put(place, heap_[parent]);
      place = parent;
    }
    put(place, entry);
  }

  void sink(std::size_t place) noexcept {
    const Entry entry = heap_[place];
    for (;;) {
      std::size_t child = 2 * place + 1;
      if (child >= heap_.size()) break;
      if (child + 1 < heap_.size() && heap_[child + 1].before(heap_[child])) ++child;
      if (!heap_[child].before(entry)) break;
      put(place, heap_[child]);
      place = child;
    }
    put(place, entry);
  }

  void put(std::size_t place, const Entry& entry) noexcept {
    heap_[place] = entry;
    slots_[entry.slot].place = place;
  }

  std::vector<Entry> heap_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;
  std::uint64_t sequence_ = 0;
};

}  // namespace fulfilld
