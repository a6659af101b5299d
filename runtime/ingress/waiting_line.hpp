// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <utility>

#include "actors/time.hpp"

namespace fulfilld {

/// Bounds of a `WaitingLine`.
struct WaitingLimits {
  std::size_t guests = 1024;
  std::chrono::milliseconds patience{5000};
};

/// Those who have come and wait for a place, first come first served, bounded in number and in the time that each
/// waits. Pure: time comes in as an argument. One thread at a time.
template <class Guest>
class WaitingLine {
 public:
  explicit WaitingLine(const WaitingLimits& limits) : limits_(limits) {}

  [[nodiscard]] bool empty() const noexcept { return line_.empty(); }
  [[nodiscard]] bool full() const noexcept { return line_.size() >= limits_.guests; }
  [[nodiscard]] std::size_t size() const noexcept { return line_.size(); }

  /// Only if it is not full.
  void join(Guest guest, MonotonicTime now) { line_.emplace_back(now, std::move(guest)); }

  /// The first in line. Only if there is one.
  [[nodiscard]] Guest next() {
    Guest guest = std::move(line_.front().second);
    line_.pop_front();
    return guest;
  }

  /// The one that `is_wanted`, wherever it stands.
  template <class Predicate>
  [[nodiscard]] std::optional<Guest> take(Predicate is_wanted) {
    const auto found =
        std::find_if(line_.begin(), line_.end(), [&](const auto& entry) { return is_wanted(entry.second); });
    if (found == line_.end()) return std::nullopt;
    Guest guest = std::move(found->second);
    line_.erase(found);
    return guest;
  }

  /// The first in line if it has waited for too long.
  [[nodiscard]] std::optional<Guest> next_overdue(MonotonicTime now) {
    if (line_.empty() || now - line_.front().first < limits_.patience) return std::nullopt;
    return next();
  }

  /// When the first in line will have waited for too long.
  [[nodiscard]] std::optional<MonotonicTime> next_due() const {
    if (line_.empty()) return std::nullopt;
    return line_.front().first + limits_.patience;
  }

 private:
  const WaitingLimits limits_;
  std::deque<std::pair<MonotonicTime, Guest>> line_;
};

}  // namespace fulfilld
