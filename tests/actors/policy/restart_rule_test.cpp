// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/restart_rule.hpp"

#include <gtest/gtest.h>

namespace fulfilld {
namespace {

constexpr std::uint32_t park_after = 3;

TEST(RestartRule, WhatIsSafeOrIdempotentRunsAgain) {
  EXPECT_EQ(reason_not_to_run({}, park_after, false), Reason::none);
  EXPECT_EQ(reason_not_to_run({.attempts = 100, .last_error = Reason::backend_reset}, park_after, false), Reason::none);
}

TEST(RestartRule, ExecutionsPastTheirDeadlineEndAsThat) {
  EXPECT_EQ(reason_not_to_run({}, park_after, true), Reason::deadline);
}

TEST(RestartRule, ParksFromTheGivenNumberOfDeathsOn) {
  EXPECT_EQ(reason_not_to_run({.deaths = 2}, park_after, false), Reason::none);
  EXPECT_EQ(reason_not_to_run({.deaths = 3}, park_after, false), Reason::parked);
  EXPECT_EQ(reason_not_to_run({.deaths = 4}, park_after, false), Reason::parked);
  EXPECT_EQ(reason_not_to_run({.deaths = 3}, park_after, true), Reason::parked) << "says more than that it is late";
}

TEST(RestartRule, WhatMayHaveBeenSentIsUnknownWhateverElseIs) {
  EXPECT_EQ(reason_not_to_run({.sent_unsafe = true}, park_after, false), Reason::outcome_unknown);
  EXPECT_EQ(reason_not_to_run({.deaths = 9, .sent_unsafe = true}, park_after, true), Reason::outcome_unknown);
}

TEST(RestartRule, AKnownOutcomeIsDeliveredUnlessItsDeliveryKillsAgainAndAgain) {
  EXPECT_EQ(reason_not_to_deliver({.deaths = 100, .sent_unsafe = true}, park_after), Reason::none);
  EXPECT_EQ(reason_not_to_deliver({.deaths_in_delivery = 2}, park_after), Reason::none);
  EXPECT_EQ(reason_not_to_deliver({.deaths_in_delivery = 3}, park_after), Reason::parked);
}

}  // namespace
}  // namespace fulfilld
