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
#include <tuple>
#include <utility>

namespace fulfilld {
namespace {

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
static_assert(slot_count == std::size_t{1} << (64 - 58));

std::string_view boot_of(const Record& record) {
  const std::string_view text(record.boot.data(), record.boot.size());
  return text.substr(0, text.find('\0'));
}

using ActionWords = std::array<std::uint64_t, std::tuple_size_v<decltype(flight_recorder::Slot::action)>>;

void write_action(flight_recorder::Slot& slot, std::string_view action) noexcept {
  ActionWords words{};
  std::memcpy(words.data(), action.data(), std::min(action.size(), sizeof words));
  for (std::size_t i = 0; i < words.size(); ++i) slot.action[i].store(words[i], std::memory_order_relaxed);
}

std::string action_of(const flight_recorder::Slot& slot) {
  ActionWords words{};
  for (std::size_t i = 0; i < words.size(); ++i) words[i] = slot.action[i].load(std::memory_order_relaxed);
  std::array<char, sizeof words> text{};
  std::memcpy(text.data(), words.data(), sizeof words);
  return {text.begin(), std::find(text.begin(), text.end(), '\0')};
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
  for (const auto& slot : record.slots)
    if (const auto sequence = slot.sequence.load(); sequence != 0) last.in_adapter_code.push_back(sequence);
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

void MappedFlightRecorder::end_orderly() noexcept { mapping_.record().state.store(Record::ended); }

std::size_t MappedFlightRecorder::enter(std::uint64_t sequence, std::string_view action) noexcept {
  auto& slots = mapping_.record().slots;
  const std::size_t home = home_slot();
  // A sequence of 0 is what a free slot holds.
  for (std::size_t tried = 0; sequence != 0 && tried < slot_count; ++tried) {
    auto& slot = slots[(home + tried) % slot_count];
    std::uint64_t free = 0;
    if (slot.sequence.load(std::memory_order_relaxed) != free) continue;
    if (!slot.sequence.compare_exchange_strong(free, sequence, std::memory_order_acquire)) continue;
    write_action(slot, action);
    slot.since_nanos.store(coarse_now(), std::memory_order_release);
    return (home + tried) % slot_count;
  }
  return slot_count;
}

void MappedFlightRecorder::leave(std::size_t slot) noexcept {
  if (slot >= slot_count) return;
  auto& left = mapping_.record().slots[slot];
  left.since_nanos.store(0, std::memory_order_relaxed);
  left.sequence.store(0, std::memory_order_release);
}

std::vector<Stay> MappedFlightRecorder::busy(MonotonicTime now, std::chrono::milliseconds longer_than) const {
  std::vector<Stay> found;
  for (const auto& slot : mapping_.record().slots) {
    const std::chrono::nanoseconds since(slot.since_nanos.load(std::memory_order_acquire));
    const auto sequence = slot.sequence.load(std::memory_order_relaxed);
    if (sequence == 0 || since.count() == 0) continue;
    const auto lasts = std::chrono::floor<std::chrono::milliseconds>(now.time_since_epoch() - since);
    if (lasts >= longer_than) found.push_back({sequence, action_of(slot), lasts});
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
