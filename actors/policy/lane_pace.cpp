// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/lane_pace.hpp"

#include <algorithm>

namespace fulfilld {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kShortestPause = 50ms;
constexpr milliseconds kLongestPause = 1s;
constexpr milliseconds kLongestWish = 1min;  // of a backend
constexpr milliseconds kPlaceEvery = 1s;

}  // namespace

void LanePace::well(MonotonicTime began, MonotonicTime now) noexcept {
  if (began < opens_) return;  // tells of a time before the latest refusal
  busy_ = 0;
  if (places_ >= most_) return;
  if (places_ >= soon_ && now - changed_ < kPlaceEvery) return;
  ++places_;
  changed_ = now;
}

void LanePace::busy(milliseconds after, MonotonicTime began, MonotonicTime now) noexcept {
  if (began < opens_) return;
  if (busy_ == 0) soon_ = std::max<std::size_t>(1, places_ / 2);
  places_ = std::max<std::size_t>(1, places_ / 2);
  milliseconds pause = kShortestPause;
  for (std::size_t n = 0; n < busy_ && pause < kLongestPause; ++n) pause *= 2;
  ++busy_;
  changed_ = now;
  opens_ = now + std::max(std::min(pause, kLongestPause), std::clamp(after, milliseconds{0}, kLongestWish));
}

}  // namespace fulfilld
