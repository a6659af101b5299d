// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/repeat_rule.hpp"

#include <gtest/gtest.h>

#include <array>

#include "tests/actors/doubles/answers.hpp"

namespace fulfilld::test {
namespace {

constexpr std::array in_doubt_after{0, 408, 500, 502, 503, 504, 507, 520};

/// An attempt that may have been carried out: one that broke, or that was answered with `code`.
HttpAnswer doubtful(int code = 0) { return code == 0 ? broken(HttpFailure::reset) : status(code); }

RepeatRule idempotent() { return {OperationClass::idempotent, false, false}; }
RepeatRule unsafe(bool trusts_503 = false) { return {OperationClass::unsafe, trusts_503, false}; }

HttpAnswer turned_away(Reason why) {
  auto answer = broken(HttpFailure::turned_away, false);
  answer.refusal = why;
  return answer;
}

TEST(RepeatRule, AnUnsafeCallIsMadeOnceUnlessNothingWasDone) {
  for (int code = 200; code < 600; ++code) {
    const bool nothing_done = code == 421 || code == 425 || code == 429;
    EXPECT_EQ(unsafe().judge(status(code)).repeat, nothing_done) << code;
    EXPECT_EQ(unsafe().judge(status(code, {}, "1")).repeat, nothing_done) << code;
  }
  for (const auto failure : {HttpFailure::timeout, HttpFailure::reset}) {
    EXPECT_FALSE(unsafe().judge(broken(failure, true)).repeat);
    EXPECT_TRUE(unsafe().judge(broken(failure, false)).repeat);
  }
}

TEST(RepeatRule, AnUnsafeCallIsRepeatedAfter503WithARetryAfterWhereTheActionSaysSo) {
  EXPECT_TRUE(unsafe(true).judge(status(503, {}, "1")).repeat);
  EXPECT_EQ(unsafe(true).judge(status(503, {}, "1")).doubt, Doubt::none);
  EXPECT_FALSE(unsafe(true).judge(status(503)).repeat);
  EXPECT_EQ(unsafe(true).judge(status(503)).doubt, Doubt::of_this_attempt);
}

TEST(RepeatRule, TheOutcomeOfAnUnsafeCallIsUnknownWhereItsEffectIs) {
  for (const int code : {303, 408, 502, 503, 504, 520, 524, 599})
    EXPECT_EQ(unsafe().judge(status(code)).doubt, Doubt::of_this_attempt) << code;
  for (const int code : {200, 302, 400, 401, 403, 404, 409, 412, 413, 422, 429, 500, 501, 505, 507, 511})
    EXPECT_EQ(unsafe().judge(status(code)).doubt, Doubt::none) << code;
  for (const auto failure : {HttpFailure::timeout, HttpFailure::reset, HttpFailure::bad_answer, HttpFailure::too_large})
    EXPECT_EQ(unsafe().judge(broken(failure)).doubt, Doubt::of_this_attempt);
  EXPECT_EQ(unsafe().judge(broken(HttpFailure::connect, false)).doubt, Doubt::none);
  EXPECT_EQ(unsafe().judge(turned_away(Reason::circuit_open)).doubt, Doubt::none);
}

TEST(RepeatRule, A2xxThatCannotBeReadIsAnUnknownOutcomeOfAnUnsafeCall) {
  for (const auto failure :
       {HttpFailure::timeout, HttpFailure::reset, HttpFailure::bad_answer, HttpFailure::too_large}) {
    auto answer = status(201);
    answer.failure = failure;
    const auto verdict = unsafe().judge(answer);
    EXPECT_FALSE(verdict.repeat);
    EXPECT_EQ(verdict.doubt, Doubt::of_this_attempt);
  }
}

TEST(RepeatRule, TheFirstAnswerToAnIdempotentCallIsItsOutcome) {
  for (int code = 200; code < 600; ++code) {
    const auto verdict = idempotent().judge(status(code));
    EXPECT_EQ(verdict.doubt, Doubt::none) << code;
    EXPECT_TRUE(verdict.counts) << code;
  }
  EXPECT_EQ(idempotent().judge(turned_away(Reason::queue_full)).doubt, Doubt::none);
}

TEST(RepeatRule, ARefusalThatDependsOnWhatWasDoneBeforeIsNotTheOutcomeOfTheWhole) {
  for (const int before : in_doubt_after) {
    for (const int code : {401, 404, 409, 410, 412, 421, 422, 423, 424, 425, 429}) {
      auto rule = idempotent();
      EXPECT_TRUE(rule.judge(doubtful(before)).repeat);
      EXPECT_EQ(rule.judge(status(code)).doubt, Doubt::of_an_earlier) << before << ", then " << code;
    }
  }
}

TEST(RepeatRule, ARefusalOfTheRequestItselfHoldsForEveryAttempt) {
  for (const int before : in_doubt_after) {
    for (const int code : {302, 400, 403, 405, 406, 411, 413, 414, 415, 417, 426, 431}) {
      auto rule = idempotent();
      static_cast<void>(rule.judge(doubtful(before)));
      EXPECT_EQ(rule.judge(status(code)).doubt, Doubt::none) << before << ", then " << code;
    }
  }
}

TEST(RepeatRule, AKeyInUseIsTriedOnAndUsesUpNoAttempt) {
  auto rule = idempotent();
  static_cast<void>(rule.judge(doubtful()));
  for (int n = 0; n < 100; ++n) {
    const auto verdict = rule.judge(status(409));
    EXPECT_TRUE(verdict.repeat);
    EXPECT_FALSE(verdict.counts);
    EXPECT_EQ(verdict.doubt, Doubt::of_an_earlier);
  }
  EXPECT_EQ(rule.judge(status(200)).doubt, Doubt::none);
}

TEST(RepeatRule, AfterAKeyInUseSilenceLeavesTheOutcomeUnknown) {
  for (const auto& silence : {broken(HttpFailure::timeout), broken(HttpFailure::reset), status(503), status(429),
                              broken(HttpFailure::connect, false)}) {
    auto rule = idempotent();
    static_cast<void>(rule.judge(doubtful()));
    EXPECT_FALSE(rule.is_in_use());
    static_cast<void>(rule.judge(status(409)));
    const auto verdict = rule.judge(silence);
    EXPECT_TRUE(verdict.repeat);
    EXPECT_EQ(verdict.doubt, Doubt::of_an_earlier);
    EXPECT_TRUE(rule.is_in_use());
  }
  for (const int told : {200, 400, 500}) {
    auto rule = idempotent();
    static_cast<void>(rule.judge(doubtful()));
    static_cast<void>(rule.judge(status(409)));
    EXPECT_EQ(rule.judge(status(told)).doubt, Doubt::none);
    EXPECT_FALSE(rule.is_in_use());
  }
}

TEST(RepeatRule, AConflictAtTheFirstAttemptIsNoKeyInUse) { EXPECT_FALSE(idempotent().judge(status(409)).repeat); }

TEST(RepeatRule, ARepetitionThatIsNotMadeLeavesTheOutcomeUnknown) {
  for (const auto why :
       {Reason::circuit_open, Reason::queue_full, Reason::no_token, Reason::retry_after_exceeds_deadline}) {
    auto rule = idempotent();
    static_cast<void>(rule.judge(doubtful()));
    EXPECT_EQ(rule.judge(turned_away(why)).doubt, Doubt::of_an_earlier);
  }
  for (const auto failure : {HttpFailure::resolve, HttpFailure::connect, HttpFailure::tls}) {
    auto rule = idempotent();
    static_cast<void>(rule.judge(doubtful()));
    EXPECT_EQ(rule.judge(broken(failure, false)).doubt, Doubt::of_an_earlier);
  }
  auto refused = idempotent();
  static_cast<void>(refused.judge(doubtful()));
  EXPECT_EQ(refused.judge(status(503, {}, "60")).doubt, Doubt::of_an_earlier);
}

TEST(RepeatRule, AttemptsThatDidNothingLeaveNoDoubt) {
  auto rule = idempotent();
  for (const auto& before : {status(429), status(425), status(421), status(401), broken(HttpFailure::connect, false),
                             broken(HttpFailure::reset, false), turned_away(Reason::queue_full)})
    EXPECT_EQ(rule.judge(before).doubt, Doubt::none);
  EXPECT_EQ(rule.judge(status(404)).doubt, Doubt::none);
}

TEST(RepeatRule, ThatItFailsAgainAndAgainIsToldAsThat) {
  auto rule = idempotent();
  for (const auto& again : {broken(HttpFailure::timeout), broken(HttpFailure::reset), status(500), status(503)}) {
    const auto verdict = rule.judge(again);
    EXPECT_TRUE(verdict.repeat);
    EXPECT_EQ(verdict.doubt, Doubt::none);
  }
}

TEST(RepeatRule, ASafeCallChangesNothingSoItsLastAnswerHolds) {
  RepeatRule rule(OperationClass::safe, false, true);
  static_cast<void>(rule.judge(doubtful()));
  for (const int code : {401, 404, 409, 410, 412, 429, 503}) EXPECT_EQ(rule.judge(status(code)).doubt, Doubt::none);
  EXPECT_FALSE(rule.judge(status(409)).repeat);
}

TEST(RepeatRule, ACallOfAnEarlierProcessMayHaveBeenCarriedOut) {
  RepeatRule rule(OperationClass::idempotent, false, true);
  EXPECT_TRUE(rule.judge(status(409)).repeat);
  EXPECT_EQ(rule.judge(status(404)).doubt, Doubt::of_an_earlier);
  EXPECT_EQ(rule.judge(status(400)).doubt, Doubt::none);
}

TEST(RepeatRule, ALostAttemptMayHaveBeenCarriedOut) {
  auto rule = idempotent();
  rule.lost();
  EXPECT_EQ(rule.judge(status(412)).doubt, Doubt::of_an_earlier);
}

}  // namespace
}  // namespace fulfilld::test
