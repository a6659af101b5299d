// SPDX-License-Identifier: Apache-2.0
// TargetGate before simulated backends that ask for less: what the cool-down and the permitted rate do together.
#include <gtest/gtest.h>

#include <deque>
#include <random>

#include "tests/actors/policy/simulated_target.hpp"

namespace fulfilld {
namespace {

using test::SimulatedTarget;
using Seconds = SimulatedTarget::Seconds;
using Reply = SimulatedTarget::Reply;
using namespace std::chrono_literals;

constexpr Seconds never{1e9};

/// Answers after `latency`, a fifth more or less, and refuses some at random.
class RandomBackend {
 public:
  RandomBackend(unsigned seed, double latency, double share_refused, int retry_after)
      : random_(seed), latency_(latency), share_refused_(share_refused), retry_after_(retry_after) {}

  Reply operator()(Seconds /*now*/) {
    const Seconds latency{latency_ * std::uniform_real_distribution<>(0.8, 1.2)(random_)};
    const bool refused = std::uniform_real_distribution<>(0, 1)(random_) < share_refused_;
    return {latency, refused ? std::optional(retry_after_) : std::nullopt};
  }

 private:
  std::mt19937 random_;
  double latency_;
  double share_refused_;
  int retry_after_;
};

/// Has a true limit of 50 a second, and refuses what is beyond with Retry-After 1.
class LimitedBackend {
 public:
  enum class Counts { by_bucket, in_the_last_second, by_the_second };

  LimitedBackend(Counts counts, double latency) : counts_(counts), latency_(latency) {}

  Reply operator()(Seconds now) {
    const Seconds latency{latency_ * std::uniform_real_distribution<>(0.8, 1.2)(random_)};
    return {latency, accepts(now) ? std::nullopt : std::optional(1)};
  }

 private:
  bool accepts(Seconds now) {
    switch (counts_) {
      case Counts::by_bucket:
        tokens_ = std::min(5.0, tokens_ + (now - last_).count() * 50);
        last_ = now;
        if (tokens_ < 1) return false;
        --tokens_;
        return true;
      case Counts::in_the_last_second:
        while (!accepted_.empty() && accepted_.front() <= now - 1s) accepted_.pop_front();
        break;
      case Counts::by_the_second:
        if (!accepted_.empty() && std::chrono::floor<std::chrono::seconds>(accepted_.front()) !=
                                      std::chrono::floor<std::chrono::seconds>(now))
          accepted_.clear();
        break;
    }
    if (accepted_.size() >= 50) return false;
    accepted_.push_back(now);
    return true;
  }

  Counts counts_;
  double latency_;
  std::mt19937 random_{4711};
  double tokens_ = 5;
  Seconds last_{0};
  std::deque<Seconds> accepted_;
};

void expect_none_early(const SimulatedTarget& target) {
  for (const auto& call : target.calls()) ASSERT_GE(call.begun, call.not_before);
}

// "4 s" where nobody is refused twice: an execution that is cannot be done in less than 8 s, whatever the gate does.
TEST(TargetGateSimulation, ABackendThatRefusesFivePerCentIsNotStopped) {
  for (const double latency : {0.005, 0.05, 0.2, 1.0}) {
    for (const std::size_t concurrency : {1u, 10u, 100u}) {
      for (const Seconds apart : {Seconds{0}, Seconds{0.01}}) {
        for (unsigned seed = 1; seed <= 5; ++seed) {
          const TargetPolicy policy{.concurrency = concurrency};
          SimulatedTarget never_refused(policy, RandomBackend(seed, latency, 0, 4));
          never_refused.arrive(1000, 0s, apart);
          ASSERT_TRUE(never_refused.run());
          SimulatedTarget target(policy, RandomBackend(seed, latency, 0.05, 4));
          target.arrive(1000, 0s, apart);
          ASSERT_TRUE(target.run());
          expect_none_early(target);
          EXPECT_EQ(target.count(0s, never, false), 1000u);
          EXPECT_LE(target.last_end(), 1.5 * never_refused.last_end() + target.longest_chain() * 4s)
              << latency << ' ' << concurrency << ' ' << apart.count() << ' ' << seed;
        }
      }
    }
  }
}

TEST(TargetGateSimulation, ABackendThatRefusesEverythingIsProbedOnceAtATime) {
  for (const double latency : {0.005, 0.05, 1.0}) {
    for (const double well_from : {2.9, 10.0, 30.0}) {
      SimulatedTarget target({}, [=](Seconds now) -> Reply {
        return {Seconds{latency}, now.count() < well_from ? std::optional(3) : std::nullopt};
      });
      target.arrive(1000, 0s);
      ASSERT_TRUE(target.run());
      expect_none_early(target);
      EXPECT_EQ(target.count(0s, never, false), 1000u);

      // The fifth answer closes it. Of the four before each may have let one more go in its place.
      const Seconds closed{latency};
      EXPECT_LE(target.count(0s, closed + 1us, true), 104u);
      Seconds probe_not_before = closed + 3s;
      for (const auto& call : target.calls()) {
        if (call.begun <= closed) continue;
        ASSERT_GE(call.begun, probe_not_before) << "inside the window, or besides a probe";
        if (!call.refused) break;
        probe_not_before = call.begun + Seconds{latency} + 3s;
      }
      const double waves = latency * 1000 / 100;
      EXPECT_LE(target.last_end().count(), well_from + 3 + 2 * latency + waves + 6) << latency << ' ' << well_from;
    }
  }
}

TEST(TargetGateSimulation, ABackendWithATrueLimitIsUsedAndNotFlooded) {
  using Counts = LimitedBackend::Counts;
  for (const auto counts : {Counts::by_bucket, Counts::in_the_last_second, Counts::by_the_second}) {
    for (const double latency : {0.005, 0.05, 0.3, 1.0}) {
      for (const int demand : {200, 100, 60}) {
        SimulatedTarget target({}, LimitedBackend(counts, latency));
        target.arrive(demand * 120, 0s, Seconds{1.0 / demand});
        (void)target.run(120s);
        expect_none_early(target);
        const auto accepted = static_cast<double>(target.count(20s, 120s, false));
        const auto refused = static_cast<double>(target.count(20s, 120s, true));
        // Where answers take a second, one that counts by the second has refused much before we know.
        const double least = counts == Counts::by_the_second && latency == 1.0 ? 0.7 : 0.8;
        EXPECT_GE(accepted / 100, least * 50) << static_cast<int>(counts) << ' ' << latency << ' ' << demand;
        EXPECT_LE(refused, 0.2 * (accepted + refused)) << static_cast<int>(counts) << ' ' << latency << ' ' << demand;
      }
    }
  }
}

// What it refuses has nothing to do with how often it is called: calling it less often would only lose time.
TEST(TargetGateSimulation, ABackendThatRefusesAtRandomIsNotStarved) {
  struct {
    double share;
    double least;  ///< calls a second accepted, of 100 executions a second
  } const cases[] = {{0.1, 70}, {0.15, 70}, {0.25, 20}};
  for (const auto& [share, least] : cases) {
    for (const double latency : {0.005, 0.05, 0.3}) {
      for (unsigned seed = 1; seed <= 3; ++seed) {
        SimulatedTarget target({}, RandomBackend(seed, latency, share, 1));
        target.arrive(100 * 120, 0s, Seconds{0.01});
        (void)target.run(120s);
        expect_none_early(target);
        EXPECT_GE(static_cast<double>(target.count(20s, 120s, false)) / 100, least)
            << share << ' ' << latency << ' ' << seed;
      }
    }
  }
}

TEST(TargetGateSimulation, DemandBelowATrueLimitIsNeverSlowed) {
  SimulatedTarget target({}, LimitedBackend(LimitedBackend::Counts::by_bucket, 0.05));
  target.arrive(45 * 60, 0s, Seconds{1.0 / 45});
  ASSERT_TRUE(target.run());
  EXPECT_EQ(target.count(0s, never, true), 0u);
  for (const auto& call : target.calls()) ASSERT_LT(call.waited, 1ms);
}

TEST(TargetGateSimulation, RareRefusalsAtLowDemandHardlySlowItWhenItRisesTenfold) {
  struct Row {
    double share_refused;
    Seconds longest;  ///< that any call waited in line
    Seconds mean;     ///< of all lives
  };
  for (const auto& [share, longest, mean] : {Row{0.01, 1s, 10ms}, Row{0.02, 1s, 10ms}, Row{0.05, 30s, 200ms}}) {
    for (const int demand : {1, 3, 5}) {
      Seconds sum{0};
      std::size_t calls = 0;
      for (unsigned seed = 1; seed <= 20; ++seed) {
        SimulatedTarget target({}, RandomBackend(seed, 0.1, share, 2));
        target.arrive(demand * 60, 0s, Seconds{1.0 / demand});
        target.arrive(demand * 10 * 60, 60s, Seconds{0.1 / demand});
        ASSERT_TRUE(target.run());
        calls += target.calls().size();
        for (const auto& call : target.calls()) {
          sum += call.waited;
          ASSERT_LE(call.waited, longest) << share << ' ' << demand << ' ' << seed;
        }
      }
      EXPECT_LE(sum / calls, mean) << share << ' ' << demand;
    }
  }
}

TEST(TargetGateSimulation, NeverMoreAtATimeThanTheCap) {
  for (const std::size_t concurrency : {1u, 7u}) {
    SimulatedTarget target({.concurrency = concurrency}, RandomBackend(1, 0.05, 0.3, 1));
    target.arrive(500, 0s);
    ASSERT_TRUE(target.run());
    EXPECT_EQ(target.most_in_flight(), concurrency);
    EXPECT_EQ(target.failed_at_once(), 0u) << "refusals never open the breaker";
  }
}

}  // namespace
}  // namespace fulfilld
