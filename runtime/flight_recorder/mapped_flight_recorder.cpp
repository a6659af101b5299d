// SPDX-License-Identifier: Apache-2.0
#include "runtime/flight_recorder/mapped_flight_recorder.hpp"

#include <pthread.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <fstream>
#include <string_view>
#include <utility>

#include "runtime/flight_recorder/alternate_stack.hpp"

namespace fulfilld {
namespace {

using flight_recorder::actor_slots;
using flight_recorder::Record;
using flight_recorder::slot_count;

/// The clock of `MonotonicTime`, as of the last timer tick (4 ms): a fifth of the price of the exact one.
std::int64_t coarse_now() noexcept {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

/// Where a thread looks first, so that threads seldom write to one cache line.
std::size_t home_slot() noexcept {
  const auto thread = static_cast<std::uint64_t>(pthread_self());
  return (thread * 0x9e3779b97f4a7c15U) >> 58U;
}
static_assert(actor_slots == std::size_t{1} << (64 - 58));

/// Where this thread is; plain, so that a signal handler may read it.
thread_local flight_recorder::Slot* present_stay = nullptr;

std::string_view boot_of(const Record& record) {
  const std::string_view text(record.boot.data(), record.boot.size());
  return text.substr(0, text.find('\0'));
}

/// With a zero behind it if there is room: what stands behind that is of an earlier stay.
template <std::size_t Words>
void write(flight_recorder::SharedText<Words>& place, std::string_view text) noexcept {
  constexpr auto word_size = sizeof(std::uint64_t);
  text = text.substr(0, Words * word_size);
  std::uint64_t word = 0;
  std::size_t i = 0;
  for (; text.size() >= word_size; text.remove_prefix(word_size)) {
    std::memcpy(&word, text.data(), word_size);
    place[i++].store(word, std::memory_order_relaxed);
  }
  if (i == Words) return;
  word = 0;
  std::memcpy(&word, text.data(), text.size());
  place[i].store(word, std::memory_order_relaxed);
}

/// `text` has one more, for a zero. Async-signal-safe.
template <std::size_t Words, std::size_t Size>
void read(const flight_recorder::SharedText<Words>& place, std::array<char, Size>& text) noexcept {
  static_assert(Size == Words * sizeof(std::uint64_t) + 1);
  for (std::size_t i = 0; i < Words; ++i) {
    const auto word = place[i].load(std::memory_order_relaxed);
    std::memcpy(text.data() + i * sizeof word, &word, sizeof word);
  }
  text.back() = 0;
}

template <std::size_t Words>
std::string text_of(const flight_recorder::SharedText<Words>& place) {
  std::array<char, Words * sizeof(std::uint64_t) + 1> text{};
  read(place, text);
  return text.data();
}

LastProcess read_last(const Record& record, std::string_view boot) {
  LastProcess last;
  const auto state = record.state.load();
  if (record.magic.load() != flight_recorder::record_magic || record.version != flight_recorder::record_version ||
      (state != Record::running && state != Record::ended))
    return last;
  last.known = true;
  last.orderly = state == Record::ended;
  last.same_boot = !boot.empty() && boot == boot_of(record);
  for (std::size_t i = 0; i < slot_count; ++i) {
    const auto& slot = record.slots[i];
    // What may block is seldom at fault, and often at work.
    if (const auto sequence = slot.sequence.load(); sequence != 0 && i < actor_slots)
      last.in_adapter_code.push_back(sequence);
    if (const auto culprit = slot.culprit.load(); culprit != 0) last.culprits.push_back(culprit);
  }
  return last;
}

void begin(Record& record, std::string_view boot) {
  record.magic.store(0);
  record.version = flight_recorder::record_version;
  record.boot.fill('\0');
  std::copy(boot.begin(), boot.end(), record.boot.begin());
  for (auto& slot : record.slots) {
    slot.since_nanos.store(0);
    slot.sequence.store(0);
    slot.culprit.store(0);
  }
  record.state.store(Record::running);
  record.magic.store(flight_recorder::record_magic);
}

}  // namespace

MappedFlightRecorder::MappedFlightRecorder(const std::filesystem::path& directory, const Notice& notice,
                                           std::string boot)
    : mapping_(directory / "flight.recorder", notice) {
  boot.resize(std::min(boot.size(), mapping_.record().boot.size()));
  if (mapping_.has_history()) last_ = read_last(mapping_.record(), boot);
  begin(mapping_.record(), boot);
}

MappedFlightRecorder::~MappedFlightRecorder() {
  end_orderly();
  const auto& slots = mapping_.record().slots;
  if (std::any_of(slots.begin(), slots.end(), [](const auto& slot) { return &slot == present_stay; }))
    present_stay = nullptr;
}

void MappedFlightRecorder::end_orderly() noexcept { mapping_.record().state.store(Record::ended); }

std::size_t MappedFlightRecorder::enter(const AdapterStay& stay) noexcept {
  // A stack that has overflown leaves no room to say so.
  AlternateStack::of_this_thread();
  auto& slots = mapping_.record().slots;
  const std::size_t first = stay.may_block ? actor_slots : 0;
  const std::size_t home = home_slot();
  // A sequence of 0 is what a free slot holds.
  for (std::size_t tried = 0; stay.sequence != 0 && tried < actor_slots; ++tried) {
    const auto number = first + (home + tried) % actor_slots;
    auto& slot = slots[number];
    std::uint64_t free = 0;
    if (slot.sequence.load(std::memory_order_relaxed) != free) continue;
    if (!slot.sequence.compare_exchange_strong(free, stay.sequence, std::memory_order_acquire)) continue;
    write(slot.action, stay.action);
    write(slot.adapter, stay.adapter);
    write(slot.execution, stay.execution);
    slot.since_nanos.store(coarse_now(), std::memory_order_release);
    if (present_stay == nullptr) present_stay = &slot;
    return number;
  }
  return slot_count;
}

void MappedFlightRecorder::leave(std::size_t slot) noexcept {
  if (slot >= slot_count) return;
  auto& left = mapping_.record().slots[slot];
  if (present_stay == &left) present_stay = nullptr;
  left.since_nanos.store(0, std::memory_order_relaxed);
  left.sequence.store(0, std::memory_order_release);
}

void MappedFlightRecorder::blame(std::uint64_t sequence) noexcept {
  for (auto& slot : mapping_.record().slots)
    if (slot.sequence.load(std::memory_order_relaxed) == sequence) slot.culprit.store(sequence);
}

LastStay MappedFlightRecorder::last_stay_of_this_thread(bool to_blame) noexcept {
  LastStay last;
  if (present_stay == nullptr) return last;
  last.sequence = present_stay->sequence.load(std::memory_order_relaxed);
  read(present_stay->action, last.action);
  read(present_stay->adapter, last.adapter);
  read(present_stay->execution, last.execution);
  if (to_blame) present_stay->culprit.store(last.sequence);
  return last;
}

std::vector<Stay> MappedFlightRecorder::busy(MonotonicTime now, std::chrono::milliseconds longer_than) const {
  std::vector<Stay> found;
  for (std::size_t i = 0; i < actor_slots; ++i) {
    const auto& slot = mapping_.record().slots[i];
    const std::chrono::nanoseconds since(slot.since_nanos.load(std::memory_order_acquire));
    const auto sequence = slot.sequence.load(std::memory_order_relaxed);
    if (sequence == 0 || since.count() == 0) continue;
    const auto lasts = std::chrono::floor<std::chrono::milliseconds>(now.time_since_epoch() - since);
    if (lasts >= longer_than)
      found.push_back({sequence, text_of(slot.action), text_of(slot.adapter), text_of(slot.execution), lasts});
  }
  std::sort(found.begin(), found.end(), [](const Stay& a, const Stay& b) { return a.lasts > b.lasts; });
  return found;
}

std::string MappedFlightRecorder::this_boot() {
  std::string id;
  std::ifstream("/proc/sys/kernel/random/boot_id") >> id;
  return id;
}

}  // namespace fulfilld
