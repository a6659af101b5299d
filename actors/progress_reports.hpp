// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <unordered_map>
#include <utility>

#include "actors/interfaces.hpp"
#include "actors/ports/clock.hpp"
#include "actors/time.hpp"

namespace fulfilld {

struct CallbackLaneConfig;

/// What is told of one execution before its outcome is known.
struct ProgressReport {
  ProgressPtr newest;               ///< not sent yet; null: nothing to tell
  CallPtr call;                     ///< on its way; null: none
  MonotonicTime next{};             ///< before when no further one goes
  Clock::AlarmId alarm = 0;         ///< of the call on its way, else of the interval
  std::uint64_t refused_token = 0;  ///< tokens up to this version will not do
};

/// The part of the CALLBACK LANE that posts `in-progress`: of what comes within an interval only the newest, one call
/// at a time, in the background, and once. A report that fails is dropped; none goes out when the outcome is known.
/// Made anew for each message; `reports` is what lasts, by journal sequence.
class ProgressReports {
 public:
  using Reports = std::unordered_map<std::uint64_t, ProgressReport>;

  ProgressReports(callback_lane_actor lane, Reports& reports, const CallbackLaneConfig& config,
                  const rate_limiter_actor& limiter)
      : lane_(std::move(lane)), reports_(reports), config_(config), limiter_(limiter) {}

  /// Tells it soon.
  void take(ProgressPtr progress);

  /// The interval is over, or a call has been on its way for too long.
  void wake(std::uint64_t sequence);

  /// A call of a report has come back.
  void answered(const CallPtr& call);

  /// There is nothing more to tell: what waits is dropped, and what is on its way has no say any more. The call that
  /// may have reached the platform, and has not come back, if there is one.
  CallPtr end(std::uint64_t sequence);

 private:
  void go_on(std::uint64_t sequence, ProgressReport& report);
  void send(ProgressReport& report);
  void wake_at(MonotonicTime when, std::uint64_t sequence, ProgressReport& report);
  void tell_of_refused_token(ProgressReport& report, const CallPtr& call);

  callback_lane_actor lane_;
  Reports& reports_;
  const CallbackLaneConfig& config_;
  const rate_limiter_actor& limiter_;
};

}  // namespace fulfilld
