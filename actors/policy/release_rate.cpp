// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/release_rate.hpp"

#include <algorithm>

namespace fulfilld {
namespace {

using namespace std::chrono_literals;

constexpr auto between_sights = 1s;
// Shorter, and a backend that answers after some seconds would seem to have stopped.
constexpr auto shortest = 5s;
constexpr auto oldest_answer = 10s;

}  // namespace

void ReleaseRate::look(MonotonicTime now, double total) noexcept {
  if (count_ > 0 && now - sights_[(count_ - 1) % sights_.size()].time < between_sights) return;
  sights_[count_++ % sights_.size()] = {now, total};
}

std::optional<double> ReleaseRate::per_second(MonotonicTime now, double total) const noexcept {
  const auto kept = std::min(count_, sights_.size());
  for (auto i = count_ - kept; i < count_; ++i) {
    const auto& sight = sights_[i % sights_.size()];
    const auto age = now - sight.time;
    if (age > oldest_answer) continue;
    if (age < shortest) break;
    return (total - sight.total) / std::chrono::duration<double>(age).count();
  }
  return std::nullopt;
}

}  // namespace fulfilld
