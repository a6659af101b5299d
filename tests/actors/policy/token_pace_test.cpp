// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/token_pace.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "tests/actors/doubles/virtual_time.hpp"

namespace fulfilld {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using test::start;
using test::wall_start;

constexpr double most = 0.999999;

const RetryPolicy token_policy{.attempts = 2, .attempt_timeout = 8s, .backoff = 1s, .backoff_max = 30s};

HttpAnswer unavailable(const std::string& retry_after) {
  HttpAnswer answer;
  answer.status = 503;
  if (!retry_after.empty()) answer.fields.push_back({"Retry-After", retry_after});
  return answer;
}

TEST(TokenPace, BacksOffUpToTheLongestBackOffAndNeverEnds) {
  TokenPace pace(token_policy);
  EXPECT_FALSE(pace.failing());
  for (int n = 0; n < 100; ++n) {
    EXPECT_LE(pace.after_failure(unavailable(""), false, start, wall_start, most), 31s);
    EXPECT_TRUE(pace.failing());
  }
  EXPECT_GE(pace.after_failure(unavailable(""), false, start, wall_start, most), 29s);
}

TEST(TokenPace, BeginsAnewOnceATokenHasCome) {
  TokenPace pace(token_policy);
  for (int n = 0; n < 10; ++n) (void)pace.after_failure(unavailable(""), false, start, wall_start, most);
  pace.granted(start);
  EXPECT_FALSE(pace.failing());
  EXPECT_LE(pace.after_failure(unavailable(""), false, start, wall_start, most), 2s);
}

TEST(TokenPace, TakesNoRetryAfterForMoreThanAMinute) {
  struct {
    const char* retry_after;
    milliseconds wait;
  } const cases[] = {{"31", 31s},        {"59", 59s},   {"60", 60s},
                     {"61", 60s},        {"3600", 60s}, {"999999999999999999999", 60s},
                     {"1000000.5", 60s}, {"86401", 60s}};
  for (const auto& [retry_after, wait] : cases) {
    TokenPace pace(token_policy);
    EXPECT_EQ(pace.after_failure(unavailable(retry_after), false, start, wall_start, 0), wait) << retry_after;
  }
}

TEST(TokenPace, AnOwnBackOffMayBeLongerThanThat) {
  auto slow = token_policy;
  slow.backoff = slow.backoff_max = 5min;
  TokenPace pace(slow);
  EXPECT_GT(pace.after_failure(unavailable(""), false, start, wall_start, most), 4min);
  EXPECT_EQ(pace.after_failure(unavailable("3600"), false, start, wall_start, 0), 5min);
}

TEST(TokenPace, FetchesAtOnceWhenATokenThatWasGoodIsRefused) {
  TokenPace pace(token_policy);
  auto now = start;
  for (int n = 0; n < 100; ++n) {
    pace.granted(now);
    now += 2s;
    EXPECT_EQ(pace.after_refusal(now), now);
  }
}

TEST(TokenPace, FetchesLaterAndLaterWhenOneAfterTheOtherIsRefusedAtOnce) {
  TokenPace pace(token_policy);
  auto now = start;
  for (const auto wait : {0s, 5s, 10s, 20s, 40s, 60s, 60s, 60s}) {
    pace.granted(now);
    const auto next = pace.after_refusal(now + 100ms);
    EXPECT_EQ(next, wait == 0s ? now + 100ms : now + wait);
    now = next;
  }
}

TEST(TokenPace, CountsTheIntervalFromTheTokensIssue) {
  TokenPace pace(token_policy);
  pace.granted(start);
  (void)pace.after_refusal(start);
  pace.granted(start);
  EXPECT_EQ(pace.after_refusal(start + 29s), start + 29s) << "five seconds are over";
}

TEST(TokenPace, ForgetsTheRefusalsOnceATokenWasGood) {
  TokenPace pace(token_policy);
  for (int n = 0; n < 10; ++n) {
    pace.granted(start);
    (void)pace.after_refusal(start);
  }
  pace.granted(start);
  EXPECT_EQ(pace.after_refusal(start + 30s), start + 30s);
  pace.granted(start + 30s);
  EXPECT_EQ(pace.after_refusal(start + 31s), start + 31s);
}

TEST(TokenPace, ThereIsNoHopeOnceTheEndpointHasRefusedTwiceInARow) {
  TokenPace pace(token_policy);
  const auto fail = [&](bool lasting) { return pace.after_failure(unavailable(""), lasting, start, wall_start, 0); };
  fail(true);
  EXPECT_FALSE(pace.hopeless()) << "the secret may have been replaced just then";
  fail(false);
  fail(true);
  EXPECT_FALSE(pace.hopeless());
  EXPECT_GT(fail(true), 0ms) << "and then it is not hammered by chance";
  EXPECT_TRUE(pace.hopeless());
  fail(false);
  EXPECT_FALSE(pace.hopeless()) << "something has changed";
}

TEST(TokenPace, ATokenOrANewSecretBringsHope) {
  TokenPace pace(token_policy);
  const auto refuse_twice = [&] {
    for (int n = 0; n < 2; ++n) (void)pace.after_failure(unavailable(""), true, start, wall_start, 0);
    return pace.hopeless();
  };
  EXPECT_TRUE(refuse_twice());
  pace.hope();
  EXPECT_FALSE(pace.hopeless());
  EXPECT_TRUE(refuse_twice());
  pace.granted(start);
  EXPECT_FALSE(pace.hopeless());
}

}  // namespace
}  // namespace fulfilld
