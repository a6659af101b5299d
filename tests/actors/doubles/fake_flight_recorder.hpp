// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "actors/ports/flight_recorder.hpp"

namespace fulfilld::test {

/// Knows which executions are in adapter code right now. One thread.
class FakeFlightRecorder final : public FlightRecorder {
 public:
  [[nodiscard]] std::size_t enter(const AdapterStay& stay) noexcept override {
    inside_.push_back(stay.sequence);
    return stay.sequence;
  }
  void leave(std::size_t slot) noexcept override { std::erase(inside_, slot); }

  [[nodiscard]] const std::vector<std::uint64_t>& inside() const noexcept { return inside_; }

 private:
  std::vector<std::uint64_t> inside_;
};

}  // namespace fulfilld::test
