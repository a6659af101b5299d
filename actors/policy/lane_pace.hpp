// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>

#include "actors/time.hpp"

namespace fulfilld {

/// How many pieces of blocking work of one action may run at a time, and from when on, found from what its backend
/// says. All its threads, as long as there is room. Where the backend is full, or away: half as many, after a pause of
/// 50 ms, and so on down to one at a time and a pause of a second, so that an outage costs few attempts. What succeeds
/// then brings back one place each, up to half of what there was; beyond that one place a second, as in TCP's slow
/// start. Pure: time comes in as an argument.
class LanePace {
 public:
  explicit LanePace(std::size_t most) noexcept : most_(most), places_(most), soon_(most) {}

  [[nodiscard]] std::size_t places() const noexcept { return places_; }
  /// Nothing begins before that.
  [[nodiscard]] MonotonicTime opens() const noexcept { return opens_; }
  /// The backend has not been busy since it was last well.
  [[nodiscard]] bool is_well() const noexcept { return busy_ == 0; }

  /// What began then has ended, and the backend had room for it.
  void well(MonotonicTime began, MonotonicTime now) noexcept;
  /// The backend had none, and wants none before `after` has passed. Several that ran at the same time count once.
  void busy(std::chrono::milliseconds after, MonotonicTime began, MonotonicTime now) noexcept;

 private:
  std::size_t most_;
  std::size_t places_;
  std::size_t soon_;      ///< up to so many places come back at once
  std::size_t busy_ = 0;  ///< times in a row
  MonotonicTime changed_{};
  MonotonicTime opens_{};
};

}  // namespace fulfilld
