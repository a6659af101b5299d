// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace fulfilld {

/// How many calls a target can have at a time without getting slower, found from their latency: the gradient of the
/// latency that it has uncrowded over the recent one (as in Netflix concurrency-limits, Gradient2). To know the former,
/// each 600 answers the limit falls to a quarter for the time of thirty (as in Envoy's adaptive concurrency). A target
/// that takes up to a quarter longer is not crowded yet.
///
/// Between 1 and `most`; starts at a tenth of it, at least 4. Grows only where at least half of it is used. Pure.
class GradientLimit {
 public:
  explicit GradientLimit(std::size_t most) noexcept;

  [[nodiscard]] std::size_t limit() const noexcept;

  /// A call has come back after `took`, while `in_flight` (itself included) were under way. `ill`: it failed or timed
  /// out, which counts as overload.
  void leave(std::chrono::microseconds took, bool ill, std::size_t in_flight) noexcept;

 private:
  void measure(double took, std::size_t in_flight) noexcept;
  void move_to(double aim) noexcept;

  double most_;
  double limit_;
  bool measuring_ = true;
  std::uint32_t answers_ = 0;     ///< since it began, or ended, to measure
  std::size_t begun_before_ = 0;  ///< calls still under way that began while it was crowded
  double uncrowded_ = 0;          ///< mean of the last measurement, microseconds
  double sum_ = 0;                ///< of the measurement under way
  double recent_ = 0;
};

}  // namespace fulfilld
