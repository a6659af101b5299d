// SPDX-License-Identifier: Apache-2.0
#include "runtime/metrics/target_metrics.hpp"

#include <gtest/gtest.h>
#include <prometheus/text_serializer.h>

#include <string>

#include "tests/runtime/metrics/exposition.hpp"

namespace fulfilld {
namespace {

using namespace std::chrono_literals;
using Breaker = CircuitBreaker::State;

TargetState with_breaker(Breaker breaker) {
  TargetState state;
  state.breaker = breaker;
  return state;
}

class TargetMetricsTest : public testing::Test {
 protected:
  test::Samples samples() const {
    return test::parse_exposition(prometheus::TextSerializer().Serialize(metrics_.Collect()));
  }

  double value(const std::string& name, const std::string& target) const {
    return samples().at(name + "{target=\"" + target + "\"}");
  }

  MonotonicTime now_{1h};
  TargetMetrics metrics_{[this] { return now_; }};
};

TEST_F(TargetMetricsTest, AreWhatWasReportedLast) {
  auto state = with_breaker(Breaker::half_open);
  state.in_flight = 3;
  state.concurrency = 10;
  metrics_.put("a", state);
  metrics_.put("b", {});
  EXPECT_EQ(value("fulfilld_target_breaker_state", "a"), 1);
  EXPECT_EQ(value("fulfilld_target_in_flight", "a"), 3);
  EXPECT_EQ(value("fulfilld_target_concurrency_limit", "a"), 10);
  EXPECT_EQ(value("fulfilld_target_breaker_state", "b"), 0);
  state.breaker = Breaker::closed;
  state.in_flight = 0;
  metrics_.put("a", state);
  EXPECT_EQ(value("fulfilld_target_breaker_state", "a"), 0);
  EXPECT_EQ(value("fulfilld_target_in_flight", "a"), 0);
}

TEST_F(TargetMetricsTest, CountEachOpeningOfABreakerOnce) {
  for (const auto breaker : {Breaker::open, Breaker::open, Breaker::half_open, Breaker::open, Breaker::closed})
    metrics_.put("a", with_breaker(breaker));
  EXPECT_EQ(value("fulfilld_target_breaker_openings_total", "a"), 2);
}

TEST_F(TargetMetricsTest, TellHowLongATargetStaysClosed) {
  TargetState state;
  state.closed_until = now_ + 3s;
  metrics_.put("a", state);
  EXPECT_EQ(value("fulfilld_target_closed_seconds", "a"), 3);
  now_ += 1s;
  EXPECT_EQ(value("fulfilld_target_closed_seconds", "a"), 2);
  now_ += 1h;
  EXPECT_EQ(value("fulfilld_target_closed_seconds", "a"), 0);
  metrics_.put("a", {});
  EXPECT_EQ(value("fulfilld_target_closed_seconds", "a"), 0);
}

TEST_F(TargetMetricsTest, ShowAPermittedRateOnlyWhereThereIsOne) {
  TargetState state;
  state.permitted_rate = 12.5;
  metrics_.put("a", state);
  EXPECT_EQ(value("fulfilld_target_permitted_calls_per_second", "a"), 12.5);
  metrics_.put("a", {});
  EXPECT_FALSE(samples().contains("fulfilld_target_permitted_calls_per_second{target=\"a\"}"));
}

TEST_F(TargetMetricsTest, AreBoundedHoweverManyTargetsThereAre) {
  for (std::size_t n = 0; n < 3 * TargetMetrics::max_targets; ++n) metrics_.put("t" + std::to_string(n), {});
  const auto before = samples().size();
  metrics_.put("one more", with_breaker(Breaker::open));
  metrics_.put("t0", with_breaker(Breaker::open));
  EXPECT_EQ(value("fulfilld_target_breaker_openings_total", "other"), 1);
  EXPECT_EQ(value("fulfilld_target_breaker_openings_total", "t0"), 1);
  EXPECT_EQ(samples().size(), before + 1);
  EXPECT_LE(before, 5 * TargetMetrics::max_targets);
}

TEST_F(TargetMetricsTest, SurviveAnyNameOfATarget) {
  metrics_.put("a\"b\\c\nd", {});
  EXPECT_NO_THROW(static_cast<void>(samples()));
}

}  // namespace
}  // namespace fulfilld
