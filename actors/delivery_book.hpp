// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "actors/execution.hpp"

namespace fulfilld {

/// The outcomes that are being delivered. The supervisor enters them before it hands them to the CALLBACK LANE, which
/// strikes them off: so they outlive the lane, and whoever takes its place begins with them. Any thread.
class DeliveryBook {
 public:
  void enter(const std::vector<Delivery>& deliveries) {
    const std::lock_guard lock(mutex_);
    for (const auto& delivery : deliveries) open_.emplace(delivery.execution->sequence, delivery);
  }

  void strike_off(std::uint64_t sequence) {
    const std::lock_guard lock(mutex_);
    open_.erase(sequence);
  }

  [[nodiscard]] std::vector<Delivery> open() const {
    const std::lock_guard lock(mutex_);
    std::vector<Delivery> deliveries;
    deliveries.reserve(open_.size());
    for (const auto& [sequence, delivery] : open_) deliveries.push_back(delivery);
    return deliveries;
  }

 private:
  mutable std::mutex mutex_;
  std::unordered_map<std::uint64_t, Delivery> open_;  ///< by journal sequence
};

}  // namespace fulfilld
