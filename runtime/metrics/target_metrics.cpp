// SPDX-License-Identifier: Apache-2.0
#include "runtime/metrics/target_metrics.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace fulfilld {
namespace {

using Breaker = CircuitBreaker::State;
using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

double value_of(Breaker breaker) noexcept {
  switch (breaker) {
    case Breaker::closed:
      return 0;
    case Breaker::half_open:
      return 1;
    case Breaker::open:
      break;
  }
  return 2;
}

double seconds_left(const TargetState& state, MonotonicTime now) noexcept {
  if (!state.closed_until) return 0;
  return std::max(std::chrono::duration<double>(*state.closed_until - now).count(), 0.0);
}

ClientMetric of_target(const std::string& target) {
  ClientMetric metric;
  metric.label = {{"target", target}};
  return metric;
}

void add_gauge(MetricFamily& family, const std::string& target, double value) {
  family.metric.push_back(of_target(target));
  family.metric.back().gauge.value = value;
}

void add_counter(MetricFamily& family, const std::string& target, std::uint64_t value) {
  family.metric.push_back(of_target(target));
  family.metric.back().counter.value = static_cast<double>(value);
}

}  // namespace

void TargetMetrics::put(std::string_view target, const TargetState& state) {
  const std::lock_guard lock(mutex_);
  auto known = targets_.find(target);
  if (known == targets_.end()) {
    if (targets_.size() == max_targets) {
      if (state.breaker == Breaker::open) ++openings_of_others_;
      return;
    }
    known = targets_.emplace(target, Target{}).first;
  }
  if (state.breaker == Breaker::open && known->second.state.breaker != Breaker::open) ++known->second.openings;
  known->second.state = state;
}

std::vector<MetricFamily> TargetMetrics::Collect() const {
  MetricFamily breaker{"fulfilld_target_breaker_state", "0 closed, 1 half-open, 2 open", MetricType::Gauge, {}};
  MetricFamily openings{
      "fulfilld_target_breaker_openings_total", "How often the circuit breaker opened", MetricType::Counter, {}};
  MetricFamily closed{"fulfilld_target_closed_seconds",
                      "Time left until a Retry-After lets calls through again",
                      MetricType::Gauge,
                      {}};
  MetricFamily rate{"fulfilld_target_permitted_calls_per_second",
                    "Rate to which refusals have cut the calls; absent: not cut",
                    MetricType::Gauge,
                    {}};
  MetricFamily in_flight{"fulfilld_target_in_flight", "Calls under way", MetricType::Gauge, {}};
  MetricFamily concurrency{
      "fulfilld_target_concurrency_limit", "Calls that may be under way at a time", MetricType::Gauge, {}};
  const auto now = now_();
  const std::lock_guard lock(mutex_);
  for (const auto& [name, target] : targets_) {
    add_gauge(breaker, name, value_of(target.state.breaker));
    add_counter(openings, name, target.openings);
    add_gauge(closed, name, seconds_left(target.state, now));
    if (target.state.permitted_rate) add_gauge(rate, name, *target.state.permitted_rate);
    add_gauge(in_flight, name, static_cast<double>(target.state.in_flight));
    add_gauge(concurrency, name, static_cast<double>(target.state.concurrency));
  }
  if (openings_of_others_ > 0) add_counter(openings, "other", openings_of_others_);
  return {std::move(breaker), std::move(openings),  std::move(closed),
          std::move(rate),    std::move(in_flight), std::move(concurrency)};
}

}  // namespace fulfilld
