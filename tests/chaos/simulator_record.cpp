// SPDX-License-Identifier: Apache-2.0
#include "tests/chaos/simulator_record.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <utility>

namespace fulfilld::chaos {
namespace {

using integration::Json;
using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

TimePoint after(TimePoint start, double ms) {
  return start + std::chrono::duration_cast<Clock::duration>(Milliseconds(ms));
}

/// When the simulator's clock began: a call reaches it between two moments of our own.
class Origin {
 public:
  explicit Origin(const integration::SimulatorClient& simulator) {
    for (int call = 0; call < 5; ++call) ask(simulator, "/backend/clock-" + std::to_string(call) + "?status=200");
    const auto record = simulator.record();
    for (const auto& entry : record.at("backend")) {
      const auto asked = asked_.find(entry.at("target"));
      if (asked == asked_.end()) continue;
      const auto [before, later] = asked->second;
      if (later - before >= error_) continue;
      error_ = later - before;
      start_ = after(before + error_ / 2, -entry.at("at_ms").get<double>());
    }
  }

  [[nodiscard]] TimePoint start() const noexcept { return start_; }
  [[nodiscard]] bool was_ours(const std::string& target) const { return asked_.contains(target); }

 private:
  void ask(const integration::SimulatorClient& simulator, const std::string& target) {
    integration::HttpCall request;
    request.url = simulator.backend() + target;
    const auto before = Clock::now();
    static_cast<void>(integration::call(request));
    asked_[target] = {before, Clock::now()};
  }

  std::map<std::string, std::pair<TimePoint, TimePoint>> asked_;
  Clock::duration error_ = Clock::duration::max();
  TimePoint start_;
};

Seen seen(const Json& entry, TimePoint start) {
  Seen request;
  request.execution = entry.value("execution", "");
  request.at = after(start, entry.at("at_ms"));
  if (entry.contains("answered_ms")) request.answered = after(start, entry.at("answered_ms"));
  request.status = entry.at("status");
  request.target = entry.at("target");
  request.body = entry.at("body");
  request.result = entry.value("result", "");
  request.taken = entry.value("taken", false);
  return request;
}

}  // namespace

SimulatorRecord::SimulatorRecord(const integration::SimulatorClient& simulator) {
  const Origin origin(simulator);
  const auto record = simulator.record();
  for (const auto& entry : record.at("backend"))
    if (!origin.was_ours(entry.at("target"))) backend_.push_back(seen(entry, origin.start()));
  for (const auto& entry : record.at("callback")) callbacks_.push_back(seen(entry, origin.start()));
}

std::map<std::string, std::vector<Seen>> SimulatorRecord::calls_by_execution() const {
  std::map<std::string, std::vector<Seen>> calls;
  for (const auto& call : backend_) calls[call.execution].push_back(call);
  return calls;
}

std::map<std::string, Seen> SimulatorRecord::results() const {
  std::map<std::string, Seen> results;
  for (const auto& callback : callbacks_)
    if (callback.taken && callback.result != "in-progress") results.emplace(callback.execution, callback);
  return results;
}

double quantile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  const auto rank = std::ceil(share * static_cast<double>(values.size()));
  const auto place = static_cast<std::ptrdiff_t>(std::max(rank, 1.0)) - 1;
  std::nth_element(values.begin(), values.begin() + place, values.end());
  return values[static_cast<std::size_t>(place)];
}

double in_ms(TimePoint::duration duration) { return Milliseconds(duration).count(); }

}  // namespace fulfilld::chaos
