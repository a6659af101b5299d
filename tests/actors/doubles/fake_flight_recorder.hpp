// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "actors/ports/flight_recorder.hpp"

namespace fulfilld::test {

/// Knows which executions are worked on right now, and which were, where. One thread.
class FakeFlightRecorder final : public FlightRecorder {
 public:
  [[nodiscard]] std::size_t enter(const AdapterStay& stay) noexcept override {
    inside_.push_back(stay.sequence);
    entered_.emplace_back(stay.sequence, stay.action);
    return stay.sequence;
  }
  void leave(std::size_t slot) noexcept override { std::erase(inside_, slot); }

  [[nodiscard]] const std::vector<std::uint64_t>& inside() const noexcept { return inside_; }
  [[nodiscard]] const std::vector<std::pair<std::uint64_t, std::string>>& entered() const noexcept { return entered_; }

 private:
  std::vector<std::uint64_t> inside_;
  std::vector<std::pair<std::uint64_t, std::string>> entered_;
};

}  // namespace fulfilld::test
