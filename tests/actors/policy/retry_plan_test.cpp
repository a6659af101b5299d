// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/retry_plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace fulfilld {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

const MonotonicTime start{1h};
const WallTime wall{1795471464000ms};  // Mon, 23 Nov 2026 22:04:24 GMT

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
      {HttpFailure::cancelled, Reason::shutting_down},
      {HttpFailure::turned_away, Reason::queue_full},
  };
  for (const auto& [failure, reason] : table)
    for (const int status : {0, 200, 500}) EXPECT_EQ(classify(with_failure(failure, true, status)), reason);
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
      {423, false, false}, {424, false, false}, {425, true, true},   {426, false, false}, {428, false, false},
      {429, true, true},   {431, false, false}, {451, false, false}, {499, false, false}, {500, true, false},
      {501, true, false},  {502, true, false},  {503, true, true},   {504, true, false},  {599, true, false},
  };
  for (const auto& [status, repeatable, unsafe] : table) {
    EXPECT_EQ(may_retry(with_status(status), OperationClass::safe), repeatable) << status;
    EXPECT_EQ(may_retry(with_status(status), OperationClass::idempotent), repeatable) << status;
    EXPECT_EQ(may_retry(with_status(status), OperationClass::unsafe), unsafe) << status;
  }
}

TEST(MayRetry, AnUnsafeCallOnlyIfNothingOfItWasSent) {
  for (const auto failure :
       {HttpFailure::resolve, HttpFailure::connect, HttpFailure::tls, HttpFailure::timeout, HttpFailure::reset}) {
    for (const bool sent : {false, true}) {
      EXPECT_TRUE(may_retry(with_failure(failure, sent), OperationClass::safe));
      EXPECT_TRUE(may_retry(with_failure(failure, sent), OperationClass::idempotent));
      EXPECT_EQ(may_retry(with_failure(failure, sent), OperationClass::unsafe), !sent);
    }
  }
}

TEST(MayRetry, AStatusReadBeforeTheConnectionBrokeDoesNotMakeAnUnsafeCallRepeatable) {
  EXPECT_FALSE(may_retry(with_failure(HttpFailure::reset, true, 503), OperationClass::unsafe));
}

TEST(MayRetry, NeverWhatWouldOnlyHappenAgain) {
  for (const auto failure :
       {HttpFailure::bad_answer, HttpFailure::too_large, HttpFailure::cancelled, HttpFailure::turned_away})
    for (const auto operation : {OperationClass::safe, OperationClass::idempotent, OperationClass::unsafe})
      for (const bool sent : {false, true}) EXPECT_FALSE(may_retry(with_failure(failure, sent), operation));
}

TEST(RetryPlan, BacksOffExponentiallyUpToItsMaximum) {
  const RetryPolicy policy{.attempts = 8, .attempt_timeout = 5s, .backoff = 1s, .backoff_max = 10s};
  RetryPlan plan(policy, start + 1h);
  for (const auto expected : {1s, 2s, 4s, 8s, 10s, 10s, 10s}) {
    const auto step = plan.after(with_status(500), start, wall, 0.0);
    EXPECT_TRUE(step.retry);
    EXPECT_EQ(step.delay, expected);
    EXPECT_EQ(step.reason, Reason::none);
  }
  EXPECT_EQ(plan.attempt(), 8u);
  EXPECT_FALSE(plan.after(with_status(500), start, wall, 0.0).retry);
  EXPECT_EQ(plan.attempt(), 8u);
}

TEST(RetryPlan, JitterAddsUpToOneBaseBackoff) {
  const RetryPolicy policy{.attempts = 9, .backoff = 1s, .backoff_max = 4s};
  RetryPlan plan(policy, start + 1h);
  EXPECT_EQ(plan.after(with_status(500), start, wall, 0.5).delay, 1500ms);
  EXPECT_EQ(plan.after(with_status(500), start, wall, 0.25).delay, 2250ms);
  EXPECT_EQ(plan.after(with_status(500), start, wall, 0.999).delay, 4999ms);
  EXPECT_EQ(plan.after(with_status(500), start, wall, 0.999).delay, 4999ms);
}

TEST(RetryPlan, StaysAtItsMaximumForAsLongAsOneLikes) {
  RetryPlan plan({.attempts = 1000000, .backoff = 1s, .backoff_max = 30s}, MonotonicTime::max());
  milliseconds longest{0};
  for (int n = 0; n < 10000; ++n) {
    const auto step = plan.after(with_status(500), start, wall, 0.0);
    ASSERT_TRUE(step.retry);
    longest = std::max(longest, step.delay);
  }
  EXPECT_EQ(longest, 30s);
}

TEST(RetryPlan, GivesUpAfterItsAttemptsWithTheReasonOfTheLast) {
  RetryPlan plan({.attempts = 2}, start + 1h);
  EXPECT_TRUE(plan.after(with_status(500), start, wall, 0.0).retry);
  const auto step = plan.after(with_failure(HttpFailure::timeout, true), start, wall, 0.0);
  EXPECT_FALSE(step.retry);
  EXPECT_EQ(step.reason, Reason::backend_timeout);
}

TEST(RetryPlan, OneAttemptMeansNoRetry) {
  RetryPlan plan({.attempts = 1}, start + 1h);
  EXPECT_FALSE(plan.after(with_status(503), start, wall, 0.0).retry);
}

TEST(RetryPlan, WaitsForAsLongAsItIsAskedTo) {
  RetryPlan plan({.attempts = 9}, start + 1h);
  EXPECT_EQ(plan.after(with_status(429, "7"), start, wall, 0.9).delay, 7s);
  EXPECT_EQ(plan.after(with_status(503, "Mon, 23 Nov 2026 22:04:54 GMT"), start, wall, 0.9).delay, 30s);
}

TEST(RetryPlan, ARetryAfterNeverShortensTheBackoff) {
  RetryPlan plan({.attempts = 9, .backoff = 3s}, start + 1h);
  EXPECT_EQ(plan.after(with_status(429, "1"), start, wall, 0.0).delay, 3s);
  EXPECT_EQ(plan.after(with_status(429, "0"), start, wall, 0.0).delay, 6s);
}

TEST(RetryPlan, ARetryAfterThatCannotBeReadIsNone) {
  RetryPlan plan({.attempts = 9}, start + 1h);
  EXPECT_EQ(plan.after(with_status(429, "soon"), start, wall, 0.0).delay, 1s);
}

TEST(RetryPlan, GivesUpAtOnceWhenItIsAskedToWaitPastItsEnd) {
  for (const auto* wait : {"10", "11", "99999999999"}) {
    RetryPlan plan({.attempts = 9}, start + 10s);
    const auto step = plan.after(with_status(503, wait), start, wall, 0.0);
    EXPECT_FALSE(step.retry);
    EXPECT_EQ(step.reason, Reason::retry_after_exceeds_deadline) << wait;
    EXPECT_EQ(plan.attempt(), 1u);
  }
}

TEST(RetryPlan, GivesUpWhenItsOwnBackoffReachesItsEnd) {
  RetryPlan plan({.attempts = 9, .backoff = 10s}, start + 10s);
  const auto step = plan.after(with_status(502), start, wall, 0.0);
  EXPECT_FALSE(step.retry);
  EXPECT_EQ(step.reason, Reason::backend_status);
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

TEST(RetryPlan, AnEndThatNeverComesIsNoOverflow) {
  RetryPlan plan({.attempts = 3, .attempt_timeout = 5s}, MonotonicTime::max());
  EXPECT_EQ(plan.attempt_limit(start), 5s);
  EXPECT_EQ(plan.after(with_status(503, "99999999999"), start, wall, 0.9).delay, 240h);
}

}  // namespace
}  // namespace fulfilld
