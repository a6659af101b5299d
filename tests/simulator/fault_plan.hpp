// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "tests/simulator/fault.hpp"
#include "tests/simulator/side.hpp"

namespace fulfilld::simulator {

/// Decides which fault, if any, meets a request. The same seed and the same requests give the same faults.
class FaultPlan {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit FaultPlan(std::uint64_t seed) : random_(seed) {}

  void reseed(std::uint64_t seed) { random_.seed(seed); }

  /// Replaces the rules of the run for one side, and starts their counts anew.
  void set_rules(Side side, std::vector<FaultRule> rules);

  /// `asked` is what the request itself wants: it comes first. Then the rules of the run, in their order; the first
  /// that applies is the fault. `execution` names what belongs together, `attempt` counts from 1 within it.
  [[nodiscard]] std::optional<Fault> choose(Side side, const std::optional<FaultRule>& asked, std::string_view target,
                                            const std::string& execution, std::uint64_t attempt, Time now);

 private:
  struct Seen {
    std::uint64_t count = 0;
    Time first{};
  };
  struct Counted {
    FaultRule rule;
    Seen all;
    std::map<std::string, Seen> by_execution;
  };

  [[nodiscard]] bool applies(const FaultRule& rule, std::uint64_t count);

  std::mt19937_64 random_;
  std::array<std::vector<Counted>, all_sides.size()> rules_;
};

}  // namespace fulfilld::simulator
