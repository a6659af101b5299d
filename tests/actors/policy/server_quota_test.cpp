// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/server_quota.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <string>

#include "tests/actors/doubles/virtual_time.hpp"

namespace fulfilld {
namespace {

using namespace std::chrono_literals;
using test::start;

HttpAnswer quota_answer(std::string count, std::string allowed, std::string reset) {
  HttpAnswer answer;
  answer.status = 200;
  answer.fields = {{"ININ-RateLimit-Count", std::move(count)},
                   {"inin-ratelimit-allowed", std::move(allowed)},
                   {"inin-ratelimit-reset", std::move(reset)}};
  return answer;
}

/// So many calls come back with that report; none is under way.
void hear(ServerQuota& quota, QuotaReport report, MonotonicTime now) {
  quota.enter();
  quota.leave(report, now);
}

TEST(ReadQuota, ReadsTheThreeFields) {
  const auto report = read_quota(quota_answer("17", "300", "42"));
  ASSERT_TRUE(report);
  EXPECT_EQ(report->count, 17u);
  EXPECT_EQ(report->allowed, 300u);
  EXPECT_EQ(report->reset, 42s);
}

TEST(ReadQuota, IgnoresNonsense) {
  for (const auto* nonsense : {"", " ", "-1", "1.5", "5s", "many", "0x10", "99999999999999999999", "4294967296"}) {
    EXPECT_FALSE(read_quota(quota_answer(nonsense, "300", "42"))) << nonsense;
    EXPECT_FALSE(read_quota(quota_answer("17", nonsense, "42"))) << nonsense;
    EXPECT_FALSE(read_quota(quota_answer("17", "300", nonsense))) << nonsense;
  }
  EXPECT_FALSE(read_quota(quota_answer("0", "0", "42"))) << "no call is allowed at all";
  EXPECT_FALSE(read_quota(quota_answer("17", "300", "3601")));
  EXPECT_TRUE(read_quota(quota_answer("17", "300", "3600")));
  EXPECT_FALSE(read_quota(HttpAnswer{}));
}

TEST(ServerQuota, KnowsNothingAtFirst) {
  ServerQuota quota;
  for (int n = 0; n < 1000; ++n) quota.enter();
  EXPECT_LE(quota.next(start), start);
  quota.leave(std::nullopt, start);
  EXPECT_LE(quota.next(start), start);
}

TEST(ServerQuota, StopsWhenTheWindowIsUsedUpUntilItEnds) {
  ServerQuota quota;
  hear(quota, {.count = 299, .allowed = 300, .reset = 20s}, start);
  EXPECT_LE(quota.next(start), start);
  quota.enter();
  EXPECT_EQ(quota.next(start), start + 20s) << "the call under way is the last";
  quota.leave(QuotaReport{.count = 300, .allowed = 300, .reset = 19s}, start + 1s);
  EXPECT_EQ(quota.next(start + 1s), start + 20s);
  EXPECT_LE(quota.next(start + 20s), start + 20s);
}

TEST(ServerQuota, CallsUnderWayAreCountedBeforeThePlatformDoes) {
  ServerQuota quota;
  hear(quota, {.count = 10, .allowed = 20, .reset = 60s}, start);
  int gone = 0;
  for (; quota.next(start) <= start; ++gone) quota.enter();
  EXPECT_EQ(gone, 10);
  quota.leave(QuotaReport{.count = 11, .allowed = 20, .reset = 59s}, start);
  EXPECT_GT(quota.next(start), start);
}

TEST(ServerQuota, AnAnswerThatWasOvertakenDoesNotFreeAPlace) {
  ServerQuota quota;
  quota.enter();
  quota.enter();
  quota.leave(QuotaReport{.count = 20, .allowed = 20, .reset = 60s}, start);
  quota.leave(QuotaReport{.count = 19, .allowed = 20, .reset = 60s}, start);
  EXPECT_EQ(quota.next(start), start + 60s);
}

TEST(ServerQuota, ANewWindowStartsAnew) {
  ServerQuota quota;
  hear(quota, {.count = 20, .allowed = 20, .reset = 60s}, start);
  hear(quota, {.count = 1, .allowed = 20, .reset = 60s}, start + 60s);
  EXPECT_LE(quota.next(start + 60s), start + 60s);
}

TEST(ServerQuota, ALimitThatIsRaisedHoldsAtOnce) {
  ServerQuota quota;
  hear(quota, {.count = 20, .allowed = 20, .reset = 60s}, start);
  hear(quota, {.count = 21, .allowed = 300, .reset = 60s}, start + 1s);
  EXPECT_LE(quota.next(start + 1s), start + 1s);
}

TEST(ServerQuota, MoreThanAllowedIsNoMoreThanUsedUp) {
  ServerQuota quota;
  hear(quota, {.count = std::numeric_limits<std::uint32_t>::max(), .allowed = 1, .reset = 5s}, start);
  EXPECT_EQ(quota.next(start), start + 5s);
  EXPECT_LE(quota.next(start + 5s), start + 5s);
}

TEST(ServerQuota, AWindowThatIsOverNowStopsNothing) {
  ServerQuota quota;
  hear(quota, {.count = 300, .allowed = 300, .reset = 0s}, start);
  EXPECT_LE(quota.next(start), start);
}

TEST(ServerQuota, NoHistoryOfReportsStopsCallsForLongerThanAnHour) {
  std::mt19937 random(4711);
  for (int history = 0; history < 2000; ++history) {
    ServerQuota quota;
    auto now = start;
    int under_way = 0;
    for (int step = 0; step < 50; ++step) {
      now += std::chrono::milliseconds(random() % 100000);
      if (quota.next(now) <= now) {
        quota.enter();
        ++under_way;
      }
      if (under_way > 0 && random() % 2 == 0) {
        --under_way;
        const auto report = read_quota(quota_answer(std::to_string(random() % 400), std::to_string(random() % 300),
                                                    std::to_string(random() % 4000)));
        quota.leave(report, now);
      }
      ASSERT_LE(quota.next(now), now + 1h);
      ASSERT_LE(quota.next(quota.next(now)), quota.next(now)) << "who comes when it was told to is not sent away";
    }
  }
}

}  // namespace
}  // namespace fulfilld
