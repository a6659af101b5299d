// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/permitted_rate.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "actors/policy/later.hpp"

namespace fulfilld {
namespace {

using namespace std::chrono_literals;

constexpr double least = 1;
constexpr double as_good_as_none = 1e6;
constexpr double least_known = 10;
constexpr double growth_by_time = 0.1;
constexpr std::uint32_t telling_answers = 20;
constexpr auto memory = 30s;

// Long enough that one who counts by the second cannot have accepted much more than its limit in it.
constexpr auto proof = 5s;
constexpr auto between_cuts = 5s;
constexpr double part_of_proven = 0.8;

// Timers fire some milliseconds late: what could have gone meanwhile may follow.
double burst(double limit) noexcept { return 1 + limit * 0.005; }

// A token that is short by a rounding error is there.
constexpr double whole_token = 1.0 - 1e-6;

}  // namespace

std::optional<double> PermittedRate::per_second(MonotonicTime now) const noexcept {
  if (limit_ == 0) return std::nullopt;
  if (closed_) return limit_;
  if (now - refused_at_ >= memory) return std::nullopt;
  if (growth_ == Growth::by_answers) return limit_;
  return limit_ * (1 + growth_by_time * Seconds(now - limit_at_).count());
}

double PermittedRate::tokens(double limit, MonotonicTime now) const noexcept {
  return std::min(burst(limit), tokens_ + limit * Seconds(now - filled_at_).count());
}

MonotonicTime PermittedRate::next(MonotonicTime now) const noexcept {
  const auto limit = closed_ ? std::nullopt : per_second(now);
  if (!limit) return now;
  const double missing = 1 - tokens(*limit, now);
  if (missing <= 1 - whole_token) return now;
  return later(now, Seconds{missing / *limit}) + 1ns;
}

std::uint32_t PermittedRate::enter(MonotonicTime now) noexcept {
  if (now - departures_.since >= 1s) {
    last_departures_ = now - departures_.since < 2s ? departures_ : Departures{.since = now};
    departures_ = {.since = now};
  }
  ++departures_.count;
  if (const auto limit = per_second(now)) {
    tokens_ = std::max(0.0, tokens(*limit, now) - 1);
    filled_at_ = now;
  }
  return life_;
}

double PermittedRate::going_per_second(MonotonicTime now) const noexcept {
  const Seconds span = std::max<Seconds>(now - last_departures_.since, 10ms);
  return (departures_.count + last_departures_.count) / span.count();
}

double PermittedRate::going_at_most(MonotonicTime now) const noexcept {
  return std::min(going_per_second(now), per_second(now).value_or(as_good_as_none));
}

void PermittedRate::count_answer(bool refused, MonotonicTime now) noexcept {
  if (now - answers_.since >= 1min) answers_ = last_answers_ = {.since = now};
  if (now - answers_.since >= 1s && answers_.count >= telling_answers) {
    last_answers_ = answers_;
    answers_ = {.since = now};
  }
  ++answers_.count;
  answers_.refused += refused ? 1 : 0;
}

PermittedRate::Answers PermittedRate::recent_answers() const noexcept {
  return {last_answers_.since, last_answers_.count + answers_.count, last_answers_.refused + answers_.refused};
}

void PermittedRate::set(double limit, Growth growth, MonotonicTime now) noexcept {
  const auto before = per_second(now);
  tokens_ = before ? tokens(*before, now) : burst(limit);
  filled_at_ = now;
  limit_ = limit < as_good_as_none ? std::max(limit, least) : 0;
  limit_at_ = now;
  growth_ = growth;
}

void PermittedRate::leave(std::uint32_t life, bool refused, std::chrono::microseconds took,
                          MonotonicTime now) noexcept {
  if (!closed_ && !refused) prove(now);
  if (closed_ || life != life_ || (cut_at_ && now - *cut_at_ < 1s)) return;
  count_answer(refused, now);
  if (refused)
    this->refused(now);
  else
    accepted(took, now);
}

void PermittedRate::accepted(Seconds took, MonotonicTime now) noexcept {
  accepted_at_ = now;
  const auto limit = per_second(now);
  if (limit && (growth_ == Growth::by_answers || now - refused_at_ >= 10s))
    set(*limit + 1 / std::max<Seconds>(took, 1ms).count(), Growth::by_answers, now);
}

void PermittedRate::refused(MonotonicTime now) noexcept {
  const auto limit = per_second(now);
  const bool cut_of_late = cut_at_ && now - *cut_at_ < memory;
  const Answers recent = recent_answers();
  const bool too_soon = cut_at_ && now - *cut_at_ < between_cuts;
  if (recent.refused > 4 + recent.count / 10) {
    if (!too_soon) cut(now);
  } else if (!cut_of_late) {
    set(std::min(limit.value_or(as_good_as_none), 2 * going_per_second(now)), Growth::by_answers, now);
  } else if (limit && growth_ == Growth::by_answers) {
    set(*limit, Growth::by_time, now);
  }
  refused_at_ = now;
}

void PermittedRate::cut(MonotonicTime now) noexcept {
  const Answers recent = recent_answers();
  const double share = static_cast<double>(recent.refused) / recent.count;
  const double going = going_at_most(now);
  const double proven = now - proven_at_ < memory ? part_of_proven * proven_ : 0;
  set(std::max(going * std::max(0.5, 1 - 2 * share), std::min(proven, going)), Growth::by_time, now);
  begin_life(now);
}

void PermittedRate::prove(MonotonicTime now) noexcept {
  ++accepted_.count;
  const Seconds span = now - accepted_.since;
  if (span < proof) return;
  const double rate = accepted_.count / span.count();
  const bool in_one_go = span < 2 * proof;
  if (in_one_go && (rate >= proven_ || now - proven_at_ >= memory)) {
    proven_ = rate;
    proven_at_ = now;
  }
  accepted_ = {.since = now};
}

void PermittedRate::closed(MonotonicTime now) noexcept {
  const double half = going_at_most(now) / 2;
  if (now - accepted_at_ < memory)
    set(half, Growth::by_time, now);
  else
    set(std::min(half, least_known), Growth::by_answers, now);
  closed_ = true;
  proven_ = 0;
  accepted_ = {.since = now};
  begin_life(now);
}

void PermittedRate::reopened(MonotonicTime now) noexcept {
  closed_ = false;
  if (limit_ != 0) set(limit_, growth_, now);
  refused_at_ = now;
  begin_life(now);
}

void PermittedRate::begin_life(MonotonicTime now) noexcept {
  ++life_;
  cut_at_ = now;
  answers_ = last_answers_ = {.since = now};
}

}  // namespace fulfilld
