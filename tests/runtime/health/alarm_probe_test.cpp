// SPDX-License-Identifier: Apache-2.0
#include "runtime/health/alarm_probe.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "tests/actors/doubles/fake_clock.hpp"

namespace fulfilld {
namespace {

using namespace std::chrono_literals;

class AlarmProbeTest : public testing::Test {
 protected:
  /// A second in which alarms fire so late.
  void second(std::chrono::milliseconds late) {
    const auto end = clock_.now() + 1s;
    clock_.move_to(clock_.now() + 100ms + late);
    while (clock_.fire_next(clock_.now())) {
    }
    clock_.move_to(end);
  }

  test::FakeClock clock_;
  std::optional<AlarmProbe> probe_{clock_};
};

TEST_F(AlarmProbeTest, MeasuresHowLateItsAlarmFires) {
  EXPECT_EQ(probe_->measure(), 0us);
  second(0ms);
  EXPECT_EQ(probe_->measure(), 0us);
  second(70ms);
  EXPECT_EQ(probe_->measure(), 70ms);
  second(0ms);
  EXPECT_EQ(probe_->measure(), 0us);
}

TEST_F(AlarmProbeTest, CountsAnAlarmThatHasNotFiredYetAndSetsNoOther) {
  static_cast<void>(probe_->measure());
  clock_.move_to(clock_.now() + 1s);
  EXPECT_EQ(probe_->measure(), 900ms);
  clock_.move_to(clock_.now() + 1s);
  EXPECT_EQ(probe_->measure(), 1900ms);
  EXPECT_EQ(clock_.pending(), 1U);
}

TEST_F(AlarmProbeTest, CountsNoLagBeforeItsAlarmIsDue) {
  static_cast<void>(probe_->measure());
  EXPECT_EQ(probe_->measure(), 0us);
}

TEST_F(AlarmProbeTest, LeavesNoAlarmBehind) {
  static_cast<void>(probe_->measure());
  EXPECT_EQ(clock_.pending(), 1U);
  probe_.reset();
  EXPECT_EQ(clock_.pending(), 0U);
}

}  // namespace
}  // namespace fulfilld
