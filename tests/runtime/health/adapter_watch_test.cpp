// SPDX-License-Identifier: Apache-2.0
#include "runtime/health/adapter_watch.hpp"

#include <gtest/gtest.h>

namespace fulfilld {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

class AdapterWatchTest : public testing::Test {
 protected:
  /// One look, when that execution has been in adapter code for so long.
  AdapterWatch::Verdict look(AdapterWatch& watch, std::vector<std::pair<std::uint64_t, milliseconds>> stays,
                             milliseconds later = 1s) {
    now_ += later;
    std::vector<Stay> found;
    for (const auto& [sequence, lasts] : stays) found.push_back({sequence, "crm", "crm 1.0.0", "e", lasts});
    return watch.look(found, now_);
  }

  MonotonicTime now_{1h};
};

TEST_F(AdapterWatchTest, HoldsTheDoorFromTwoSecondsOnUntilTheThreadIsFree) {
  AdapterWatch watch({});
  EXPECT_FALSE(look(watch, {}).hold);
  EXPECT_FALSE(look(watch, {{7, 900ms}}).hold);
  EXPECT_FALSE(look(watch, {{7, 1900ms}}).hold);
  const auto held = look(watch, {{7, 2900ms}});
  ASSERT_TRUE(held.hold);
  EXPECT_EQ(held.hold->sequence, 7U);
  EXPECT_EQ(held.hold->lasts, 2900ms);
  EXPECT_EQ(held.hung_in, 7100ms);
  EXPECT_FALSE(held.must_end());
  EXPECT_FALSE(look(watch, {}).hold);
}

TEST_F(AdapterWatchTest, EndsTheProcessAfterTheLimit) {
  AdapterWatch watch({});
  for (auto lasts = 500ms; lasts < 10s; lasts += 1s)
    EXPECT_FALSE(look(watch, {{7, lasts}}).must_end()) << lasts.count();
  const auto verdict = look(watch, {{7, 10500ms}, {8, 300ms}});
  ASSERT_TRUE(verdict.must_end());
  ASSERT_EQ(verdict.hung.size(), 1U) << "the other one is merely at work";
  EXPECT_EQ(verdict.hung[0].sequence, 7U);
}

TEST_F(AdapterWatchTest, TakesManyShortStaysForNoLongOne) {
  AdapterWatch watch({});
  for (int i = 0; i < 100; ++i) {
    const auto verdict = look(watch, {{7, 900ms}});
    EXPECT_FALSE(verdict.hold);
    EXPECT_FALSE(verdict.must_end());
  }
}

TEST_F(AdapterWatchTest, NeverEndsTheProcessWhereThatIsOff) {
  AdapterWatch watch({.hung_after = 0ms});
  for (auto lasts = 500ms; lasts < 60s; lasts += 1s) EXPECT_FALSE(look(watch, {{7, lasts}}).must_end());
  EXPECT_TRUE(look(watch, {{7, 60500ms}}).hold) << "nothing runs all the same";
}

TEST_F(AdapterWatchTest, LetsOthersWorkAsLongAsAThreadIsFreeAndHoldsTheDoorBeforeTheEnd) {
  AdapterWatch watch({.threads = 2});
  for (auto lasts = 500ms; lasts < 5s; lasts += 1s) EXPECT_FALSE(look(watch, {{7, lasts}}).hold) << lasts.count();
  EXPECT_TRUE(look(watch, {{7, 5500ms}}).hold);

  AdapterWatch other({.threads = 2});
  for (auto lasts = 500ms; lasts < 2s; lasts += 1s) EXPECT_FALSE(look(other, {{7, lasts}, {8, lasts}}).hold);
  EXPECT_TRUE(look(other, {{7, 2500ms}, {8, 2500ms}}).hold);
}

TEST_F(AdapterWatchTest, LaysAHaltOfTheMachineToNobody) {
  AdapterWatch watch({});
  EXPECT_FALSE(look(watch, {{7, 5ms}}).hold);
  const auto verdict = look(watch, {{7, 3600s}}, 3600s);
  EXPECT_FALSE(verdict.hold);
  EXPECT_FALSE(verdict.must_end());
}

TEST_F(AdapterWatchTest, SeesAStayAgainThoughClocksDiffer) {
  AdapterWatch watch({});
  for (auto lasts = 500ms; lasts < 10s; lasts += 1s) static_cast<void>(look(watch, {{7, lasts + lasts / 1000 % 4}}));
  EXPECT_TRUE(look(watch, {{7, 10500ms}}).must_end());
}

}  // namespace
}  // namespace fulfilld
