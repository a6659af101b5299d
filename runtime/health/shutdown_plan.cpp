// SPDX-License-Identifier: Apache-2.0
#include "runtime/health/shutdown_plan.hpp"

#include <algorithm>

namespace fulfilld {
namespace {

constexpr std::chrono::milliseconds least_teardown{500};
constexpr std::chrono::milliseconds most_teardown{2000};

}  // namespace

ShutdownPlan::ShutdownPlan(std::chrono::milliseconds grace)
    : grace_(std::max(grace, least_teardown)), teardown_(std::clamp(grace / 4, least_teardown, most_teardown)) {}

void ShutdownPlan::signal(MonotonicTime now) {
  if (drain_until_) return give_up(now);
  drain_until_ = now + drain();
  end_by_ = now + grace_;
}

void ShutdownPlan::give_up(MonotonicTime now) {
  if (stage(now) == Stage::ending) return;
  drain_until_ = now;
  end_by_ = std::min(end_by_.value_or(now + teardown_), now + teardown_);
}

ShutdownPlan::Stage ShutdownPlan::stage(MonotonicTime now) const {
  if (!drain_until_) return Stage::running;
  return now < *drain_until_ ? Stage::draining : Stage::ending;
}

}  // namespace fulfilld
