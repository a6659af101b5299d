// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/gradient_limit.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <queue>
#include <random>

namespace fulfilld {
namespace {

using namespace std::chrono_literals;

/// A backend that takes 50 ms with up to `knee` calls at a time, and the more the longer, by `noise` at random. As many
/// call it as the limit lets through, or as there are callers.
struct Backend {
  double knee = 20;
  double noise = 0;
  double ill = 0;
  std::size_t callers = 10000;
};

struct Seen {
  double mean = 0;
  std::size_t least = 1000000;
  std::size_t most = 0;
  double per_second = 0;
};

/// What the limit is like from the first minute to the tenth.
Seen ten_minutes(GradientLimit& limit, const Backend& backend, unsigned seed = 4711) {
  struct Call {
    double end;
    double took;
    bool operator<(const Call& other) const noexcept { return end > other.end; }
  };
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> chance(0, 1);
  std::priority_queue<Call> under_way;
  Seen seen;
  double samples = 0;
  double now = 0;
  while (now < 600) {
    while (under_way.size() < std::min(limit.limit(), backend.callers)) {
      const double crowd = std::max(1.0, static_cast<double>(under_way.size() + 1) / backend.knee);
      const double took = 0.05 * crowd * std::exp(backend.noise * normal(random));
      under_way.push({now + took, took});
    }
    const Call call = under_way.top();
    now = call.end;
    limit.leave(std::chrono::microseconds(std::llround(call.took * 1e6)), chance(random) < backend.ill,
                under_way.size());
    under_way.pop();
    if (now < 60) continue;
    ++samples;
    seen.mean += static_cast<double>(limit.limit());
    seen.least = std::min(seen.least, limit.limit());
    seen.most = std::max(seen.most, limit.limit());
  }
  seen.mean /= samples;
  seen.per_second = samples / 540;
  return seen;
}

TEST(GradientLimit, StartsAtATenthAndAtLeastFour) {
  EXPECT_EQ(GradientLimit(1000).limit(), 100u);
  EXPECT_EQ(GradientLimit(10).limit(), 4u);
  EXPECT_EQ(GradientLimit(2).limit(), 2u);
  EXPECT_EQ(GradientLimit(0).limit(), 1u);
}

TEST(GradientLimit, FindsTheKnee) {
  for (const std::size_t most : {100u, 400u, 10000u}) {
    for (const double noise : {0.0, 0.2, 0.5}) {
      GradientLimit limit(most);
      const Seen seen = ten_minutes(limit, {.knee = 20, .noise = noise});
      EXPECT_GE(seen.mean, 15) << most << ' ' << noise;
      EXPECT_LE(seen.mean, 40) << most << ' ' << noise;
      EXPECT_GE(seen.per_second, 400 * 0.75) << most << ' ' << noise;
    }
  }
}

TEST(GradientLimit, DoesNotCollapseOnNoiseOrAFewFailures) {
  for (const double noise : {0.0, 0.5, 1.0}) {
    GradientLimit limit(100);
    const Seen seen = ten_minutes(limit, {.knee = 20, .noise = noise, .ill = 0.03});
    EXPECT_GE(seen.mean, 15) << noise;
  }
}

TEST(GradientLimit, ABackendThatTakesFewGetsFew) {
  GradientLimit limit(100);
  const Seen seen = ten_minutes(limit, {.knee = 3});
  EXPECT_LE(seen.mean, 8);
  EXPECT_GE(seen.per_second, 60 * 0.85);
}

TEST(GradientLimit, OneThatNeverGetsSlowerGetsAll) {
  GradientLimit limit(50);
  EXPECT_GE(ten_minutes(limit, {.knee = 1e9}).most, 50u);
}

TEST(GradientLimit, DoesNotGrowWhereItIsNotUsed) {
  GradientLimit limit(1000);
  EXPECT_LE(ten_minutes(limit, {.knee = 1e9, .callers = 2}).most, 100u);
}

TEST(GradientLimit, FailuresBringItDownToOneAndItComesBack) {
  GradientLimit limit(100);
  for (int n = 0; n < 1000; ++n) limit.leave(5s, true, limit.limit());
  EXPECT_EQ(limit.limit(), 1u);
  for (int n = 0; n < 1000; ++n) limit.leave(50ms, false, limit.limit());
  EXPECT_GE(limit.limit(), 10u);
}

TEST(GradientLimit, LearnsThatTheBackendHasBecomeFasterOrSlower) {
  GradientLimit limit(100);
  (void)ten_minutes(limit, {.knee = 20});
  EXPECT_GE(ten_minutes(limit, {.knee = 60}).mean, 45);
  EXPECT_LE(ten_minutes(limit, {.knee = 20}).mean, 40);
}

TEST(GradientLimit, StaysWithinItsBoundsWhateverComes) {
  std::mt19937 random(4711);
  GradientLimit limit(30);
  for (int n = 0; n < 100000; ++n) {
    limit.leave(
        std::chrono::microseconds(random() % 3 == 0 ? 0 : static_cast<std::int64_t>(random()) << (random() % 30)),
        random() % 10 == 0, random() % 100);
    ASSERT_GE(limit.limit(), 1u);
    ASSERT_LE(limit.limit(), 30u);
  }
}

}  // namespace
}  // namespace fulfilld
