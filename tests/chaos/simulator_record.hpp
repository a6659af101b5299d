// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/chaos/open_loop.hpp"
#include "tests/integration/simulator_client.hpp"

namespace fulfilld::chaos {

/// A request that the simulator got.
struct Seen {
  std::string execution;
  TimePoint at;
  std::optional<TimePoint> answered;
  int status = 0;
  std::string target;
  std::string body;
  std::string result;  ///< a callback's: `complete`, `failed` or `in-progress`
  bool taken = false;  ///< a callback: the platform has this result
};

/// What a simulator has seen, its times by the clock of this process: both are monotonic, so that all that is needed is
/// the distance between them, which one call tells to within its own duration.
class SimulatorRecord {
 public:
  explicit SimulatorRecord(const integration::SimulatorClient& simulator);

  [[nodiscard]] const std::vector<Seen>& backend() const noexcept { return backend_; }
  [[nodiscard]] const std::vector<Seen>& callbacks() const noexcept { return callbacks_; }

  /// The backend calls of each execution, in order of arrival.
  [[nodiscard]] std::map<std::string, std::vector<Seen>> calls_by_execution() const;

  /// The first final result of each execution that was taken.
  [[nodiscard]] std::map<std::string, Seen> results() const;

 private:
  std::vector<Seen> backend_;
  std::vector<Seen> callbacks_;
};

/// The share (0 to 1) of the values that is not above the answer; 0 if there are none.
[[nodiscard]] double quantile(std::vector<double> values, double share);

[[nodiscard]] double in_ms(TimePoint::duration duration);

}  // namespace fulfilld::chaos
