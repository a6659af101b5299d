// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "actors/ports/clock.hpp"
#include "actors/ports/http_engine.hpp"

namespace fulfilld::testing {

/// What lies between an attempt and the next; nothing without a clock, which outlives the series.
struct Pause {
  Clock* clock = nullptr;
  std::chrono::milliseconds length{0};
};

/// Many attempts, so many of them at a time: each one that ends starts the next, until the series is over.
class AttemptSeries {
 public:
  /// Sets the request of one attempt, by its number from 0; called before its start, on any thread.
  using Prepare = std::function<void(std::size_t number, HttpRequest& request)>;

  /// The attempts of one engine; `count` may be huge for a series that is stopped.
  AttemptSeries(HttpEngine& engine, Prepare prepare, std::size_t count, std::size_t at_a_time, Pause pause = {});
  ~AttemptSeries();
  AttemptSeries(const AttemptSeries&) = delete;
  AttemptSeries& operator=(const AttemptSeries&) = delete;

  /// No further attempts.
  void stop();

  /// Waits until the last attempt has ended. False if none ends for a time that is long for any test.
  [[nodiscard]] bool wait();

  // Once it is over.
  [[nodiscard]] const std::map<HttpFailure, std::size_t>& ends() const;

  /// From the call of `start` to the call of `finished`, the shortest first.
  [[nodiscard]] const std::vector<std::chrono::microseconds>& durations() const;

 private:
  class Run;
  class One;
  std::shared_ptr<Run> run_;
};

/// The value below which `share` (0 to 1) of the sorted values are.
[[nodiscard]] std::chrono::microseconds share_below(const std::vector<std::chrono::microseconds>& sorted, double share);

[[nodiscard]] double in_ms(std::chrono::microseconds time);

/// `timeout 198, none 2`
[[nodiscard]] std::string describe(const std::map<HttpFailure, std::size_t>& ends);

}  // namespace fulfilld::testing
