// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/service_rate.hpp"

#include <algorithm>
#include <limits>

namespace fulfilld {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t always_admitted = 50;
constexpr std::uint64_t telling_departures = 20;
constexpr std::int64_t telling_slots = 8;
constexpr std::int64_t hanging_slots = 16;
// Below that, a pause of the machine would look like one of the backend.
constexpr std::chrono::nanoseconds shortest_slot = 250ms;

}  // namespace

bool counts_as_served(Reason outcome) noexcept {
  switch (outcome) {
    case Reason::deadline:
    case Reason::queue_full:
    case Reason::no_token:
    case Reason::parked:
    case Reason::outcome_unknown:
    case Reason::no_socket:
    case Reason::internal_error:
      return false;
    default:
      return true;
  }
}

ServiceRate::ServiceRate(std::chrono::milliseconds deadline) noexcept
    : in_time_(0.75 * deadline), slot_length_(std::max<Time>(Time(deadline) / slots, shortest_slot)) {}

void ServiceRate::begun(MonotonicTime now) noexcept {
  advance(now);
  ++current().begun;
  ++backlog_;
}

void ServiceRate::served(MonotonicTime now) noexcept {
  advance(now);
  ++current().served;
  last_served_ = number_;
  left(number_);
}

void ServiceRate::missed(MonotonicTime now) noexcept {
  advance(now);
  ++current().missed;
  left(0);
}

void ServiceRate::withdrawn() noexcept { one_less(); }

std::optional<ServiceRate::TooLong> ServiceRate::too_long(MonotonicTime now) noexcept {
  constexpr double never = std::numeric_limits<double>::infinity();
  if (backlog_ < always_admitted) return std::nullopt;
  advance(now);
  if (hangs()) {
    if (current().begun == 0) return std::nullopt;
    return TooLong{backlog_, 0, std::chrono::duration<double>(never)};
  }
  const auto rate = per_second(now);
  if (!rate) return std::nullopt;
  const double one_more = static_cast<double>(backlog_) + 1;
  const double room = std::max(static_cast<double>(always_admitted), *rate * in_time_.count());
  if (one_more <= room) return std::nullopt;
  const double seconds = *rate > 0 ? (one_more - room) / *rate : never;
  return TooLong{backlog_, *rate, std::chrono::duration<double>(seconds)};
}

void ServiceRate::advance(MonotonicTime now) noexcept {
  if (now - slot_begin_ < slot_length_) return;
  const std::int64_t steps = (now - slot_begin_) / slot_length_;
  slot_begin_ += steps * slot_length_;
  for (auto i = std::min(steps, slots); i > 0; --i) {
    ++number_;
    current() = {0, 0, 0, backlog_};
  }
}

void ServiceRate::left(std::int64_t telling_since) noexcept {
  if (telling_since_ == nothing_left) telling_since_ = telling_since;
  one_less();
}

void ServiceRate::one_less() noexcept {
  --backlog_;
  current().least_backlog = std::min(current().least_backlog, backlog_);
  if (backlog_ == 0) telling_since_ = nothing_left;
}

bool ServiceRate::hangs() const noexcept {
  return telling_since_ != nothing_left && number_ - last_served_ >= hanging_slots;
}

std::optional<double> ServiceRate::per_second(MonotonicTime now) const noexcept {
  Sample alike;   // when about as many waited as now
  Sample lately;  // however many waited: the backend can do at least that
  const auto telling = [this](const Sample& sample) {
    return sample.time >= telling_slots * slot_length_ && sample.left >= telling_departures;
  };
  const auto oldest = std::max<std::int64_t>(0, number_ - slots + 1);
  for (auto i = number_; i >= oldest && !telling(alike); --i) {
    const auto& slot = ring_[static_cast<std::size_t>(i % slots)];
    const Time length = i == number_ ? Time(now - slot_begin_) : slot_length_;
    if (lately.time < telling_slots * slot_length_) lately.add(slot, length);
    if (i >= telling_since_ && slot.least_backlog >= backlog_ / 2) alike.add(slot, length);
  }
  if (!telling(alike)) return std::nullopt;
  return std::max(alike.per_second(), lately.per_second());
}

void ServiceRate::Sample::add(const Slot& slot, Time length) noexcept {
  time += length;
  served += slot.served;
  left += slot.served + slot.missed;
  largest_bunch = std::max(largest_bunch, slot.served);
}

double ServiceRate::Sample::per_second() const noexcept {
  return static_cast<double>(served + largest_bunch) / std::chrono::duration<double>(time).count();
}

}  // namespace fulfilld
