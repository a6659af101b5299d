// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/gradient_limit.hpp"

#include <algorithm>
#include <cmath>

namespace fulfilld {
namespace {

constexpr double tolerated = 1.25;
constexpr double steepest = 0.5;
constexpr double share_uncrowded = 0.25;
constexpr double weight_of_one = 0.05;
constexpr std::uint32_t measured_answers = 30;
constexpr std::uint32_t answers_between = 600;

}  // namespace

GradientLimit::GradientLimit(std::size_t most) noexcept
    : most_(std::max(1.0, static_cast<double>(most))), limit_(std::min(most_, std::max(4.0, most_ / 10))) {}

std::size_t GradientLimit::limit() const noexcept {
  // The first measurement has nothing to compare with, so it needs not wait for less.
  const bool lowered = measuring_ && uncrowded_ > 0;
  return static_cast<std::size_t>(std::max(1.0, lowered ? limit_ * share_uncrowded : limit_));
}

void GradientLimit::leave(std::chrono::microseconds took, bool ill, std::size_t in_flight) noexcept {
  if (ill) return move_to(limit_ / 2);
  const double latency = std::max(1.0, static_cast<double>(took.count()));
  if (measuring_) return measure(latency, in_flight);
  recent_ += (latency - recent_) * weight_of_one;
  if (static_cast<double>(in_flight) * 2 >= limit_)
    move_to(limit_ * std::clamp(tolerated * uncrowded_ / recent_, steepest, 1.0) + std::sqrt(limit_));
  if (++answers_ < answers_between) return;
  measuring_ = true;
  answers_ = 0;
  sum_ = 0;
  begun_before_ = 2 * limit();
}

void GradientLimit::measure(double took, std::size_t in_flight) noexcept {
  if (in_flight > limit()) return;
  if (begun_before_ > 0) {
    --begun_before_;
    return;
  }
  sum_ += took;
  if (++answers_ < measured_answers) return;
  uncrowded_ = sum_ / answers_;
  if (recent_ == 0) recent_ = uncrowded_;
  measuring_ = false;
  answers_ = 0;
}

// With one round of all calls that are under way it is there.
void GradientLimit::move_to(double aim) noexcept { limit_ = std::clamp(limit_ + (aim - limit_) / limit_, 1.0, most_); }

}  // namespace fulfilld
