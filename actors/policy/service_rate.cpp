// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/service_rate.hpp"

#include <algorithm>
#include <cmath>
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
// "In time": at the deadline itself all would come just too late.
constexpr double share_in_time = 0.75;
// The same for a backend that has not been seen.
constexpr double share_unseen = 0.45;
// What an answer is taken to need that has not come yet.
constexpr std::chrono::duration<double> unseen_answer = 1s;
constexpr auto unknown = std::numeric_limits<std::size_t>::max();
constexpr double never = std::numeric_limits<double>::infinity();

double in_seconds(std::chrono::nanoseconds time) noexcept { return std::chrono::duration<double>(time).count(); }

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
    : deadline_(deadline), slot_length_(std::max<Time>(Time(deadline) / slots, shortest_slot)) {}

void ServiceRate::begun(MonotonicTime now) noexcept {
  advance(now);
  if (backlog_ <= limits_.at_once) {
    crowded_since_ = now;
    served_since_ = 0;
  }
  ++current().begun;
  ++backlog_;
}

void ServiceRate::served(MonotonicTime now) noexcept {
  advance(now);
  ++current().served;
  last_served_ = number_;
  served_at_ = now;
  ++served_since_;
  left(number_);
}

void ServiceRate::missed(MonotonicTime now) noexcept {
  advance(now);
  ++current().missed;
  left(0);
}

void ServiceRate::withdrawn() noexcept { one_less(); }

std::optional<ServiceRate::TooLong> ServiceRate::too_long(MonotonicTime now) noexcept {
  if (backlog_ < always_admitted) return std::nullopt;
  advance(now);
  if (hangs()) {
    if (current().begun == 0) return std::nullopt;
    return TooLong{.backlog = backlog_, .per_second = 0, .until = std::chrono::duration<double>(never)};
  }
  // More than the configured rate never comes.
  const double permitted = limits_.burst + share_in_time * deadline_.count() * limits_.per_second;
  if (auto too_long = too_long_at(limits_.per_second, permitted)) return too_long;
  // Nobody waits: one more is called at once.
  if (limits_.at_once != unknown && backlog_ < limits_.at_once) return std::nullopt;
  const auto rate = per_second(now);
  if (!rate) return too_long_of_late(now);
  const double most = std::min(*rate, most_per_second(now));
  return too_long_at(most, share_in_time * deadline_.count() * most);
}

std::optional<ServiceRate::TooLong> ServiceRate::too_long_at(double rate, double room) const noexcept {
  const double one_more = static_cast<double>(backlog_) + 1;
  room = std::max(static_cast<double>(always_admitted), room);
  if (one_more <= room) return std::nullopt;
  const double seconds = rate > 0 ? (one_more - room) / rate : never;
  return TooLong{.backlog = backlog_, .per_second = rate, .until = std::chrono::duration<double>(seconds)};
}

/// By what has happened since more wait than can be served at once.
std::optional<ServiceRate::TooLong> ServiceRate::too_long_of_late(MonotonicTime now) const noexcept {
  if (backlog_ <= limits_.at_once) return std::nullopt;
  const auto at_once = static_cast<double>(limits_.at_once);
  const auto served = static_cast<double>(served_since_);
  const double most = most_per_second(now);
  const double in_time = share_in_time * deadline_.count();

  double rate = latest(now).per_second();
  if (served_since_ >= telling_departures) {
    const double time = std::max(in_seconds(served_at_ - crowded_since_), 1e-3);
    if (now - crowded_since_ < telling_slots * slot_length_) rate = std::max(rate, (served + std::sqrt(served)) / time);
  }
  rate = std::min(rate, most);
  if (served_since_ >= telling_departures && served >= at_once) return too_long_at(rate, in_time * rate);

  // Some that were the first to be called have not come back.
  const double unseen = std::min(at_once / std::max(quiet(now), unseen_answer).count(), most);
  const double room = std::max(at_once, share_unseen * deadline_.count() * unseen);
  auto too_long = too_long_at(unseen, std::max(room, in_time * rate));
  if (!too_long) return std::nullopt;
  // They may change everything, and may take as long again.
  too_long->seen = false;
  too_long->until = std::min(too_long->until, std::max(quiet(now), unseen_answer));
  return too_long;
}

/// Each of those that can be served at once has taken as long as nothing has come back.
double ServiceRate::most_per_second(MonotonicTime now) const noexcept {
  if (backlog_ <= limits_.at_once) return never;
  const auto at_once = static_cast<double>(limits_.at_once);
  const double by_silence = at_once / std::max(quiet(now).count(), 1e-3);
  if (now - crowded_since_ >= telling_slots * slot_length_) return by_silence;
  const double since = std::max(in_seconds(now - crowded_since_), 1e-3);
  return std::min(by_silence, (static_cast<double>(served_since_) + at_once) / since);
}

std::chrono::duration<double> ServiceRate::quiet(MonotonicTime now) const noexcept {
  return now - std::max(crowded_since_, served_at_);
}

ServiceRate::Sample ServiceRate::latest(MonotonicTime now) const noexcept {
  Sample sample;
  for (auto i = number_;
       i >= std::max<std::int64_t>(0, number_ - slots + 1) && sample.time < telling_slots * slot_length_; --i)
    sample.add(ring_[static_cast<std::size_t>(i % slots)], i == number_ ? Time(now - slot_begin_) : slot_length_);
  return sample;
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
  Sample alike;  // when about as many waited as now
  const auto telling = [this](const Sample& sample) {
    return sample.time >= telling_slots * slot_length_ && sample.left >= telling_departures;
  };
  const auto oldest = std::max<std::int64_t>(0, number_ - slots + 1);
  for (auto i = number_; i >= oldest && !telling(alike); --i) {
    const auto& slot = ring_[static_cast<std::size_t>(i % slots)];
    const Time length = i == number_ ? Time(now - slot_begin_) : slot_length_;
    if (i >= telling_since_ && slot.least_backlog >= backlog_ / 2) alike.add(slot, length);
  }
  if (!telling(alike)) return std::nullopt;
  // However many waited of late, the backend can do at least that.
  return std::max(alike.per_second(), latest(now).per_second());
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
