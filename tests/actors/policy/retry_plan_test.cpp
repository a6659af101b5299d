// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/retry_plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/actors/doubles/virtual_time.hpp"

namespace fulfilld {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;
using test::start;
using test::wall_start;

HttpAnswer with_status(int status, std::string retry_after = {}) {
  HttpAnswer answer;
  answer.status = status;
  answer.request_sent = true;
  if (!retry_after.empty()) answer.fields.push_back({"retry-AFTER", std::move(retry_after)});
  return answer;
}

HttpAnswer with_failure(HttpFailure failure, bool request_sent, int status = 0) {
  HttpAnswer answer;
  answer.failure = failure;
  answer.request_sent = request_sent;
  answer.status = status;
  return answer;
}

TEST(Classify, OnlyACompleteAnswerOf2xxIsASuccess) {
  for (const int status : {200, 201, 202, 204, 299}) EXPECT_EQ(classify(with_status(status)), Reason::none) << status;
  for (const int status : {300, 301, 302, 304, 307, 308, 399})
    EXPECT_EQ(classify(with_status(status)), Reason::backend_redirect) << status;
  for (const int status : {0, 100, 101, 199, 400, 401, 404, 429, 499, 500, 503, 599, 600, 999})
    EXPECT_EQ(classify(with_status(status)), Reason::backend_status) << status;
}

TEST(Classify, AFailureCountsMoreThanTheStatusThatCameBeforeIt) {
  const std::pair<HttpFailure, Reason> table[] = {
      {HttpFailure::resolve, Reason::backend_unreachable},
      {HttpFailure::connect, Reason::backend_unreachable},
      {HttpFailure::tls, Reason::backend_tls},
      {HttpFailure::timeout, Reason::backend_timeout},
      {HttpFailure::reset, Reason::backend_reset},
      {HttpFailure::bad_answer, Reason::backend_bad_answer},
      {HttpFailure::too_large, Reason::answer_too_large},
      {HttpFailure::no_socket, Reason::no_socket},
      {HttpFailure::cancelled, Reason::shutting_down},
      {HttpFailure::turned_away, Reason::queue_full},
  };
  for (const auto& [failure, reason] : table)
    for (const int status : {0, 200, 500}) EXPECT_EQ(classify(with_failure(failure, true, status)), reason);
}

TEST(Classify, ACallThatWasNotMadeSaysWhy) {
  for (const auto why : {Reason::queue_full, Reason::circuit_open, Reason::retry_after_exceeds_deadline,
                         Reason::deadline, Reason::no_token}) {
    auto answer = with_failure(HttpFailure::turned_away, false);
    answer.refusal = why;
    EXPECT_EQ(classify(answer), why);
    for (const auto operation : {OperationClass::safe, OperationClass::idempotent, OperationClass::unsafe})
      EXPECT_FALSE(may_retry(answer, operation));
  }
}

TEST(MayRetry, StatusesByOperationClass) {
  struct Row {
    int status;
    bool repeatable;
    bool unsafe;
  };
  const Row table[] = {
      {200, false, false}, {204, false, false}, {301, false, false}, {302, false, false}, {307, false, false},
      {400, false, false}, {401, false, false}, {403, false, false}, {404, false, false}, {407, false, false},
      {408, true, false},  {409, false, false}, {410, false, false}, {413, false, false}, {422, false, false},
      {421, true, true},   {423, false, false}, {424, false, false}, {425, true, true},   {426, false, false},
      {428, false, false}, {429, true, true},   {431, false, false}, {451, false, false}, {499, false, false},
      {500, true, false},  {501, true, false},  {502, true, false},  {503, true, false},  {504, true, false},
      {599, true, false},
  };
  for (const auto& [status, repeatable, unsafe] : table) {
    EXPECT_EQ(may_retry(with_status(status), OperationClass::safe), repeatable) << status;
    EXPECT_EQ(may_retry(with_status(status), OperationClass::idempotent), repeatable) << status;
    EXPECT_EQ(may_retry(with_status(status), OperationClass::unsafe), unsafe) << status;
  }
}

TEST(MayRetry, AnUnsafeCallAfter503OnlyWhereARetryAfterIsTrusted) {
  EXPECT_FALSE(may_retry(with_status(503, "1"), OperationClass::unsafe));
  EXPECT_TRUE(may_retry(with_status(503, "1"), OperationClass::unsafe, true));
  EXPECT_FALSE(may_retry(with_status(503), OperationClass::unsafe, true));
}

TEST(MayRetry, AnUnsafeCallOnlyIfNothingOfItWasSent) {
  for (const auto failure : {HttpFailure::timeout, HttpFailure::reset}) {
    for (const bool sent : {false, true}) {
      EXPECT_TRUE(may_retry(with_failure(failure, sent), OperationClass::safe));
      EXPECT_TRUE(may_retry(with_failure(failure, sent), OperationClass::idempotent));
      EXPECT_EQ(may_retry(with_failure(failure, sent), OperationClass::unsafe), !sent);
    }
  }
}

TEST(MayRetry, AnyCallThatFoundNoConnection) {
  for (const auto failure : {HttpFailure::resolve, HttpFailure::connect, HttpFailure::tls})
    for (const auto operation : {OperationClass::safe, OperationClass::idempotent, OperationClass::unsafe})
      EXPECT_TRUE(may_retry(with_failure(failure, false), operation));
}

TEST(MayRetry, AStatusReadBeforeTheConnectionBrokeDoesNotMakeAnUnsafeCallRepeatable) {
  EXPECT_FALSE(may_retry(with_failure(HttpFailure::reset, true, 503), OperationClass::unsafe));
}

TEST(MayRetry, NeverTlsThatCannotWorkUntilSomebodyChangesSomething) {
  for (const auto operation : {OperationClass::safe, OperationClass::idempotent, OperationClass::unsafe})
    for (const bool sent : {false, true}) {
      auto answer = with_failure(HttpFailure::tls, sent);
      answer.lasting = true;
      EXPECT_FALSE(may_retry(answer, operation));
    }
}

TEST(MayRetry, NeverWhatWouldOnlyHappenAgain) {
  for (const auto failure :
       {HttpFailure::bad_answer, HttpFailure::too_large, HttpFailure::cancelled, HttpFailure::turned_away})
    for (const auto operation : {OperationClass::safe, OperationClass::idempotent, OperationClass::unsafe})
      for (const bool sent : {false, true}) EXPECT_FALSE(may_retry(with_failure(failure, sent), operation));
}

constexpr double almost_one = 0.9999999;

/// Rounded up to the millisecond below which it stays.
milliseconds longest(const RetryStep& step) { return step.delay + 1ms; }

TEST(RetryPlan, BacksOffExponentiallyUpToItsMaximum) {
  const RetryPolicy policy{.attempts = 8, .attempt_timeout = 5s, .backoff = 1s, .backoff_max = 10s};
  RetryPlan plan(policy, start + 1h);
  for (const auto expected : {1s, 2s, 4s, 8s, 10s, 10s, 10s}) {
    const auto step = plan.after(with_status(500), start, wall_start, almost_one);
    EXPECT_TRUE(step.retry);
    EXPECT_EQ(longest(step), expected);
    EXPECT_EQ(step.reason, Reason::none);
  }
  EXPECT_EQ(plan.attempt(), 8u);
  EXPECT_FALSE(plan.after(with_status(500), start, wall_start, 0.0).retry);
  EXPECT_EQ(plan.attempt(), 8u);
}

TEST(RetryPlan, TheJitterIsFull) {
  const RetryPolicy policy{.attempts = 9, .backoff = 1s, .backoff_max = 4s};
  RetryPlan plan(policy, start + 1h);
  EXPECT_EQ(plan.after(with_status(500), start, wall_start, 0.0).delay, 0ms);
  EXPECT_EQ(plan.after(with_status(500), start, wall_start, 0.25).delay, 500ms);
  EXPECT_EQ(plan.after(with_status(500), start, wall_start, 0.5).delay, 2s);
  EXPECT_EQ(plan.after(with_status(500), start, wall_start, 0.5).delay, 2s);
}

TEST(RetryPlan, StaysAtItsMaximumForAsLongAsOneLikes) {
  RetryPlan plan({.attempts = 1000000, .backoff = 1s, .backoff_max = 30s}, MonotonicTime::max());
  milliseconds most{0};
  for (int n = 0; n < 10000; ++n) {
    const auto step = plan.after(with_status(500), start, wall_start, almost_one);
    ASSERT_TRUE(step.retry);
    most = std::max(most, longest(step));
  }
  EXPECT_EQ(most, 30s);
}

TEST(RetryPlan, ABackoffOfAnyLengthIsNoOverflow) {
  for (const auto backoff : {0ms, 1ms, milliseconds::max() / 2, milliseconds::max()}) {
    RetryPlan plan({.attempts = 1000, .backoff = backoff, .backoff_max = milliseconds::max()}, start + 10s);
    for (int n = 0; n < 900; ++n) {
      const auto step = plan.after(with_status(500), start, wall_start, 0.0);
      ASSERT_TRUE(step.retry);
      ASSERT_EQ(step.delay, 0ms);
    }
    EXPECT_EQ(plan.after(with_status(500), start, wall_start, 0.5).retry, backoff == 0ms);
  }
}

TEST(RetryPlan, HurriesWhileSomebodyWaits) {
  const RetryPolicy policy{.attempts = 99, .backoff = 2s, .backoff_max = 30s};
  RetryPlan plan(policy, start + 1h, {.until = start + 60s, .backoff_max = 3s});
  for (const auto expected : {2s, 3s, 3s, 3s, 3s})
    EXPECT_EQ(longest(plan.after(with_status(503), start, wall_start, almost_one)), expected);
  EXPECT_EQ(longest(plan.after(with_status(503), start + 60s - 1ms, wall_start, almost_one)), 3s);
  EXPECT_EQ(longest(plan.after(with_status(503), start + 60s, wall_start, almost_one)), 30s) << "nobody waits any more";
}

TEST(RetryPlan, KeepsToARetryAfterInAHurryToo) {
  RetryPlan plan({.attempts = 99}, start + 1h, {.until = start + 60s, .backoff_max = 3s});
  EXPECT_EQ(plan.after(with_status(429, "7"), start, wall_start, 0.9).delay, 7s);
}

TEST(RetryPlan, AHurryMakesNoBackoffLonger) {
  RetryPlan plan({.attempts = 99, .backoff = 100ms, .backoff_max = 200ms}, start + 1h,
                 {.until = start + 60s, .backoff_max = 3s});
  for (const auto expected : {100ms, 200ms, 200ms})
    EXPECT_EQ(longest(plan.after(with_status(503), start, wall_start, almost_one)), expected);
}

TEST(RetryPlan, WhatDoesNotCountUsesUpNoAttempt) {
  RetryPlan plan({.attempts = 2, .backoff = 1s}, start + 1h);
  for (std::uint32_t n = 1; n <= 50; ++n) {
    EXPECT_TRUE(plan.after(with_status(409), start, wall_start, 0.0, false).retry);
    EXPECT_EQ(plan.attempt(), n + 1);
  }
  EXPECT_TRUE(plan.after(with_status(500), start, wall_start, 0.0).retry);
  EXPECT_FALSE(plan.after(with_status(500), start, wall_start, 0.0).retry);
  EXPECT_FALSE(plan.after(with_status(409), start + 1h - 1ms, wall_start, almost_one, false).retry)
      << "its end bounds that";
}

TEST(RetryPlan, GivesUpAfterItsAttemptsWithTheReasonOfTheLast) {
  RetryPlan plan({.attempts = 2}, start + 1h);
  EXPECT_TRUE(plan.after(with_status(500), start, wall_start, 0.0).retry);
  const auto step = plan.after(with_failure(HttpFailure::timeout, true), start, wall_start, 0.0);
  EXPECT_FALSE(step.retry);
  EXPECT_EQ(step.reason, Reason::backend_timeout);
}

TEST(RetryPlan, OneAttemptMeansNoRetry) {
  RetryPlan plan({.attempts = 1}, start + 1h);
  EXPECT_FALSE(plan.after(with_status(503), start, wall_start, 0.0).retry);
}

TEST(RetryPlan, WaitsForAsLongAsItIsAskedTo) {
  RetryPlan plan({.attempts = 9}, start + 1h);
  EXPECT_EQ(plan.after(with_status(429, "7"), start, wall_start, 0.9).delay, 7s);
  EXPECT_EQ(plan.after(with_status(503, "Mon, 23 Nov 2026 22:04:54 GMT"), start, wall_start, 0.9).delay, 30s);
}

TEST(RetryPlan, ARetryAfterNeverShortensTheBackoff) {
  RetryPlan plan({.attempts = 9, .backoff = 4s}, start + 1h);
  EXPECT_EQ(plan.after(with_status(429, "1"), start, wall_start, 0.5).delay, 2s);
  EXPECT_EQ(plan.after(with_status(429, "0"), start, wall_start, 0.5).delay, 4s);
}

TEST(RetryPlan, ARetryAfterHoldsWhateverStatusCarriesIt) {
  for (const int status : {408, 425, 429, 500, 502, 503, 504}) {
    RetryPlan plan({.attempts = 9}, start + 1h);
    EXPECT_EQ(plan.after(with_status(status, "7"), start, wall_start, 0.0).delay, 7s) << status;
  }
}

TEST(RetryPlan, ARetryAfterThatCannotBeReadIsNone) {
  RetryPlan plan({.attempts = 9}, start + 1h);
  EXPECT_EQ(plan.after(with_status(429, "soon"), start, wall_start, 0.5).delay, 500ms);
}

TEST(RetryPlan, AWrongWallClockChangesNothingWhereTheAnswerHasADate) {
  for (const auto wrong_by : {-24h * 3650, 0h, 24h * 3650}) {
    RetryPlan plan({.attempts = 9}, start + 1h);
    auto answer = with_status(429, "Mon, 23 Nov 2026 22:04:54 GMT");
    answer.fields.push_back({"date", "Mon, 23 Nov 2026 22:04:24 GMT"});
    EXPECT_EQ(plan.after(answer, start, wall_start + wrong_by, 0.0).delay, 30s);
  }
}

TEST(RetryPlan, GivesUpAtOnceWhenItIsAskedToWaitPastItsEnd) {
  for (const auto* wait : {"10", "11", "99999999999"}) {
    RetryPlan plan({.attempts = 9}, start + 10s);
    const auto step = plan.after(with_status(503, wait), start, wall_start, 0.0);
    EXPECT_FALSE(step.retry);
    EXPECT_EQ(step.reason, Reason::retry_after_exceeds_deadline) << wait;
    EXPECT_EQ(plan.attempt(), 1u);
  }
}

TEST(RetryPlan, GivesUpWhenItsOwnBackoffReachesItsEnd) {
  RetryPlan plan({.attempts = 9, .backoff = 11s}, start + 10s);
  const auto step = plan.after(with_status(502), start, wall_start, almost_one);
  EXPECT_FALSE(step.retry);
  EXPECT_EQ(step.reason, Reason::backend_status);
}

TEST(RetryPlan, TheLastMillisecondIsTooLateToBegin) {
  for (const auto& [last_end, retried] :
       {std::pair{start + 5s, false}, {start + 5s + 999us, false}, {start + 5001ms, true}}) {
    RetryPlan plan({.attempts = 9, .backoff = 10s}, last_end);
    const auto step = plan.after(with_status(502), start, wall_start, 0.5);
    EXPECT_EQ(step.retry, retried);
    EXPECT_TRUE(!retried || plan.attempt_limit(start + step.delay) > 0ms);
  }
}

TEST(RetryPlan, CutsTheLastAttemptAtItsEnd) {
  const RetryPlan plan({.attempt_timeout = 5s}, start + 10s);
  EXPECT_EQ(plan.attempt_limit(start), 5s);
  EXPECT_EQ(plan.attempt_limit(start + 5s), 5s);
  EXPECT_EQ(plan.attempt_limit(start + 7s), 3s);
  EXPECT_EQ(plan.attempt_limit(start + 9s + 999500us), 0ms);
  EXPECT_LE(plan.attempt_limit(start + 10s), 0ms);
  EXPECT_LE(plan.attempt_limit(start + 1h), 0ms);
}

TEST(RetryPlan, HoldsForWhatIsNoCall) {
  RetryPlan plan({.attempts = 3, .backoff = 1s}, start + 10s);
  EXPECT_EQ(plan.after_work(0ms, start, 0.5).delay, 500ms);
  EXPECT_EQ(plan.after_work(4s, start, 0.5).delay, 4s);
  EXPECT_EQ(plan.attempt(), 3u);
  EXPECT_FALSE(plan.after_work(0ms, start, 0.5).retry) << "three attempts";
  RetryPlan hurried({.attempts = 3, .backoff = 1s}, start + 10s);
  EXPECT_FALSE(hurried.after_work(10s, start, 0.5).retry) << "there would be no time left";
  EXPECT_EQ(hurried.attempt(), 1u);
}

TEST(RetryPlan, AnEndThatNeverComesIsNoOverflow) {
  RetryPlan plan({.attempts = 3, .attempt_timeout = 5s}, MonotonicTime::max());
  EXPECT_EQ(plan.attempt_limit(start), 5s);
  EXPECT_EQ(plan.after(with_status(503, "99999999999"), start, wall_start, 0.9).delay, 240h);
}

}  // namespace
}  // namespace fulfilld
