// SPDX-License-Identifier: Apache-2.0
// ServiceRate at the door of a simulated backend: what it refuses would have come too late, what it admits is served.
#include <gtest/gtest.h>

#include <random>

#include "tests/actors/policy/simulated_backend.hpp"

namespace fulfilld {
namespace {

using test::SimulatedBackend;
using test::Tally;

class ServiceRateSimulation : public testing::Test {
 protected:
  double about(double mean) { return std::exponential_distribution<double>(1 / mean)(random_); }
  double between(double least, double most) { return std::uniform_real_distribution<double>(least, most)(random_); }

  /// So many a second on average, at random. What became of the executions in that time.
  Tally arrivals(SimulatedBackend& backend, double from, double to, double per_second) {
    const Tally before = backend.tally();
    for (double when = from + about(1 / per_second); when < to; when += about(1 / per_second)) backend.arrive(when);
    return backend.tally() - before;
  }

  std::mt19937_64 random_{4711};
};

TEST_F(ServiceRateSimulation, ABurstFromIdleOntoASlowBackendIsAdmitted) {
  for (const double pause : {0.0, 0.001, 0.018, 0.03}) {
    SimulatedBackend backend(60, 100, [](double) { return 5.0; });
    for (int i = 0; i < 1000; ++i) backend.arrive(i * pause);
    backend.run_until(200);
    EXPECT_EQ(backend.tally().refused, 0u) << pause;
    EXPECT_EQ(backend.tally().served, 1000u) << pause;
  }
}

TEST_F(ServiceRateSimulation, WhatTheBackendCanDoIsNeverRefused) {
  for (const double load : {0.3, 0.8, 0.95}) {
    SimulatedBackend backend(60, 100, [this](double) { return about(5); });
    EXPECT_EQ(arrivals(backend, 0, 1000, load * 20).refused, 0u) << load;
    EXPECT_EQ(backend.tally().missed, 0u) << load;
  }
}

TEST_F(ServiceRateSimulation, UnderOverloadTheBackendWorksOnWhatItServesInTime) {
  for (const double load : {1.2, 2.0, 10.0}) {
    SimulatedBackend backend(60, 100, [this](double) { return about(5); });
    arrivals(backend, 0, 120, load * 20);
    const Tally steady = arrivals(backend, 120, 1000, load * 20);
    EXPECT_GT(static_cast<double>(steady.served), 0.95 * 20 * 880) << load;
    EXPECT_LT(static_cast<double>(steady.missed), 0.08 * static_cast<double>(steady.served)) << load;
    EXPECT_EQ(steady.refused_in_haste, 0u) << load;
  }
}

TEST_F(ServiceRateSimulation, ABackendThatBecomesSlowIsGivenLess) {
  SimulatedBackend backend(60, 10, [](double now) { return now < 60 ? 0.01 : 1.0; });
  EXPECT_EQ(arrivals(backend, 0, 60, 100).refused, 0u);
  EXPECT_GT(arrivals(backend, 60, 180, 100).refused, 7000u) << "of 12,000, of which it serves 1,200";
  const Tally steady = arrivals(backend, 180, 600, 100);
  EXPECT_GT(steady.served, 4000u);
  EXPECT_LT(steady.missed, 100u);
}

TEST_F(ServiceRateSimulation, ABackendThatHangsIsProbedAndIsBackAtOnce) {
  SimulatedBackend backend(60, 10, [](double now) { return now < 60 || now >= 360 ? 0.01 : 1e9; });
  EXPECT_EQ(arrivals(backend, 0, 60, 100).refused, 0u);
  arrivals(backend, 60, 180, 100);
  const Tally hung = arrivals(backend, 180, 360, 100);
  EXPECT_LT(hung.arrived - hung.refused, 200u) << "50 a deadline, of 18,000";
  EXPECT_LE(backend.backlog(), 60u);
  backend.run_until(420);
  EXPECT_EQ(arrivals(backend, 420, 480, 100).refused, 0u);
}

TEST_F(ServiceRateSimulation, RecoveryOpensTheDoorWithinSeconds) {
  for (const double latency : {0.1, 2.0}) {
    SimulatedBackend backend(60, 200, [latency](double now) { return now < 300 ? 1e9 : latency; });
    arrivals(backend, 0, 300, 90);
    ASSERT_LE(backend.backlog(), 50u);
    arrivals(backend, 300, 310, 90);
    EXPECT_EQ(arrivals(backend, 310, 440, 90).refused, 0u) << latency;
  }
}

TEST_F(ServiceRateSimulation, NothingIsRefusedInHasteWhateverTheBackendIsLike) {
  for (int round = 0; round < 60; ++round) {
    const double deadline = between(8, 120);
    const double latency = deadline * std::pow(10, between(-3.5, -0.7));
    const auto connections = static_cast<std::size_t>(between(1, 200));
    const double variation = between(0, 1);
    const double capacity = static_cast<double>(connections) / latency;
    const double load = std::min(between(0.2, 2), 20000 / (10 * deadline) / capacity);
    SimulatedBackend backend(deadline, connections,
                             [&](double) { return latency * ((1 - variation) + variation * about(1)); });
    arrivals(backend, 0, 10 * deadline, load * capacity);
    // What is seen in a quarter of a deadline is a sample: of a small one a few are misjudged.
    EXPECT_LE(backend.tally().refused_in_haste, backend.tally().arrived / 50)
        << "round " << round << ": deadline " << deadline << ", latency " << latency << ", connections " << connections
        << ", load " << load;
    EXPECT_TRUE(load > 0.9 || backend.tally().refused == 0) << "round " << round;
  }
}

// Nothing is known, and everything comes at once.
TEST_F(ServiceRateSimulation, OfWhatIsSentToABackendThatWasNeverSeenNineInTenAreServed) {
  for (const double latency : {0.05, 0.3, 0.9, 1.1, 2.0, 2.2})
    for (const double pause : {0.0, 0.0003, 0.001}) {
      SimulatedBackend backend(59, 100, [latency](double) { return latency; });
      for (int i = 0; i < 10000; ++i) backend.arrive(i * pause);
      backend.run_until(200);
      const auto& tally = backend.tally();
      EXPECT_LE(tally.missed, tally.admitted() / 10) << latency << ", " << pause;
      EXPECT_GE(tally.served, std::min(10000.0, 0.39 * 59 * 100 / std::max(latency, 1.0))) << latency << ", " << pause;
      EXPECT_EQ(tally.refused_for_long, 0u) << latency << ", " << pause;
    }
}

TEST_F(ServiceRateSimulation, OfWhatComesFasterThanItIsServedFromTheFirstMomentNineInTenAreServed) {
  for (const double latency : {0.02, 0.3, 2.0, 4.0}) {
    SimulatedBackend backend(59, 100, [this, latency](double) { return about(latency); });
    arrivals(backend, 0, 15, std::min(4200.0, 3 * 100 / latency));
    backend.run_until(200);
    const auto& tally = backend.tally();
    EXPECT_LE(tally.missed, tally.admitted() / 10) << latency;
    EXPECT_EQ(tally.refused_for_long, 0u) << latency;
  }
}

TEST_F(ServiceRateSimulation, WhatIsSentInBurstsToABackendThatWasSeenIsServedOrRefused) {
  for (const double latency : {0.05, 2.0}) {
    SimulatedBackend backend(59, 100, [this, latency](double) { return about(latency); });
    const double trickle = 0.2 * 100 / latency;
    double now = 0;
    for (int burst = 0; burst < 3; ++burst, now += 200) {
      EXPECT_EQ(arrivals(backend, now, now + 100, trickle).refused, 0u) << latency;
      for (int i = 0; i < 10000; ++i) backend.arrive(now + 100 + i * 0.0001);
      backend.run_until(now + 200);
    }
    const auto& tally = backend.tally();
    EXPECT_LE(tally.missed, tally.admitted() / 10) << latency;
    EXPECT_EQ(tally.refused_for_long, 0u) << latency;
  }
}

TEST_F(ServiceRateSimulation, ABackendThatSlowsDownUnderLoadIsGivenLessBeforeItsQueueIsTooLong) {
  for (const double slow : {0.5, 1.0, 2.0, 2.2}) {
    SimulatedBackend backend(59, 100, [slow](double now) { return now < 20 ? 0.02 : slow; });
    EXPECT_EQ(arrivals(backend, 0, 20, 300).refused, 0u);
    const Tally slowing = arrivals(backend, 20, 140, 300);
    EXPECT_LE(static_cast<double>(slowing.missed), 0.1 * static_cast<double>(slowing.admitted())) << slow;
    EXPECT_GE(static_cast<double>(slowing.served), 0.9 * 100 / slow * 120) << slow;
    EXPECT_EQ(slowing.refused_for_long, 0u) << slow;
  }
}

TEST_F(ServiceRateSimulation, ABackendThatRecoversIsGivenMoreWithinSeconds) {
  SimulatedBackend backend(59, 100, [](double now) { return now < 120 ? 5.0 : 0.05; });
  arrivals(backend, 0, 120, 200);
  arrivals(backend, 120, 130, 200);
  EXPECT_EQ(arrivals(backend, 130, 160, 200).refused, 0u);
}

}  // namespace
}  // namespace fulfilld
