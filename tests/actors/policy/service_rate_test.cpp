// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/service_rate.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/actors/doubles/virtual_time.hpp"

namespace fulfilld {
namespace {

using namespace std::chrono_literals;
using test::start;

constexpr auto minute = 60000ms;

/// `count` begin, all at once.
void begin(ServiceRate& rate, std::size_t count, MonotonicTime now) {
  for (std::size_t i = 0; i < count; ++i) rate.begun(now);
}

/// One is served at each step, from `from` to `until`, and another one begins.
MonotonicTime serve_steadily(ServiceRate& rate, MonotonicTime from, MonotonicTime until,
                             std::chrono::nanoseconds step) {
  for (; from < until; from += step) {
    rate.begun(from);
    rate.served(from);
  }
  return from;
}

TEST(ServiceRate, CountsWhatWasServedOnItsTurn) {
  for (const auto outcome :
       {Reason::none, Reason::backend_timeout, Reason::backend_status, Reason::backend_unreachable,
        Reason::adapter_failed, Reason::adapter_fault, Reason::retry_after_exceeds_deadline, Reason::answer_too_large})
    EXPECT_TRUE(counts_as_served(outcome)) << code(outcome);
  for (const auto outcome : {Reason::deadline, Reason::queue_full, Reason::no_token, Reason::parked,
                             Reason::outcome_unknown, Reason::internal_error, Reason::no_socket})
    EXPECT_FALSE(counts_as_served(outcome)) << code(outcome);
}

TEST(ServiceRate, RefusesNothingAsLongAsItKnowsNothing) {
  ServiceRate rate(minute);
  EXPECT_FALSE(rate.too_long(start));
  begin(rate, 100000, start);
  for (auto age = 0s; age < 59s; age += 1s) EXPECT_FALSE(rate.too_long(start + age));
}

TEST(ServiceRate, RefusesWhatIsNotServedWithinThreeQuartersOfTheDeadline) {
  for (const std::size_t waiting : {400, 600, 2000}) {
    ServiceRate rate(minute);
    begin(rate, waiting, start);
    const auto now = serve_steadily(rate, start, start + 30s, 100ms);
    const auto too_long = rate.too_long(now);
    ASSERT_EQ(too_long.has_value(), waiting > 500) << waiting;  // 45 s at 10 a second, and a bunch more
    if (!too_long) continue;
    EXPECT_EQ(too_long->backlog, waiting);
    EXPECT_NEAR(too_long->per_second, 11.2, 0.3);
    EXPECT_NEAR(too_long->until.count(), (static_cast<double>(waiting) + 1) / too_long->per_second - 45, 0.01);
  }
}

TEST(ServiceRate, MakesNothingOfARateSeenWithFewWaiting) {
  ServiceRate rate(minute);
  begin(rate, 2, start);
  const auto now = serve_steadily(rate, start, start + 60s, 1s);
  begin(rate, 1000, now);
  EXPECT_FALSE(rate.too_long(now)) << "one a second was all that came";
}

TEST(ServiceRate, ExpectsNoAnswerBeforeTheFirst) {
  ServiceRate rate(minute);
  for (const auto pause : {0min, 5min}) {
    const auto burst = start + pause;
    begin(rate, 700, burst);
    auto now = serve_steadily(rate, burst + 20s, burst + 28s, 50ms);
    EXPECT_FALSE(rate.too_long(now)) << "20 a second for 8 seconds, not for 28";
    now = serve_steadily(rate, now, burst + 60s, 50ms);
    EXPECT_FALSE(rate.too_long(now));
    while (rate.backlog() > 0) rate.served(now);
  }
}

TEST(ServiceRate, GoesByTheLatestRateAlsoIfFewerWaitedThen) {
  ServiceRate rate(minute);
  begin(rate, 1000, start);
  auto now = serve_steadily(rate, start, start + 30s, 1s);
  for (int i = 0; i < 900; ++i) rate.served(now);
  now = serve_steadily(rate, now, start + 50s, 10ms);
  begin(rate, 900, now);
  EXPECT_FALSE(rate.too_long(now)) << "1 a second with 1000 waiting, but 100 a second with 100";
}

TEST(ServiceRate, LetsFiftyWaitForASlowBackend) {
  ServiceRate rate(minute);
  begin(rate, 49, start);
  auto now = serve_steadily(rate, start, start + 3min, 5s);
  EXPECT_FALSE(rate.too_long(now));
  rate.begun(now);
  now = serve_steadily(rate, now, start + 6min, 2500ms);
  EXPECT_TRUE(rate.too_long(now));
}

TEST(ServiceRate, TakesNoPauseOfLessThanHalfADeadlineForAHang) {
  ServiceRate rate(minute);
  begin(rate, 200, start);
  for (int i = 0; i < 100; ++i) rate.served(start + 29s);
  rate.begun(start + 57s);
  EXPECT_FALSE(rate.too_long(start + 57s));
}

TEST(ServiceRate, LetsInOneAtATimeWhereNothingIsServedAtAll) {
  ServiceRate rate(minute);
  begin(rate, 70, start);
  for (int i = 0; i < 20; ++i) rate.missed(start + 60s);
  auto now = start + 60s;
  for (int part = 0; part < 20; ++part, now += 1875ms) {
    EXPECT_FALSE(rate.too_long(now));
    rate.begun(now);
    const auto too_long = rate.too_long(now);
    ASSERT_TRUE(too_long);
    EXPECT_EQ(too_long->per_second, 0);
    EXPECT_TRUE(std::isinf(too_long->until.count()));
  }
  EXPECT_EQ(rate.backlog(), 70u);
  for (int i = 0; i < 30; ++i) rate.served(now);
  rate.begun(now);
  EXPECT_FALSE(rate.too_long(now)) << "it serves again";
}

// After a restart, or after a quiet hour, nothing has been served for long either.
TEST(ServiceRate, LetsAFewWaitHoweverLongNothingWasServed) {
  ServiceRate rate(minute);
  begin(rate, 2, start);
  rate.missed(start + 1s);
  EXPECT_FALSE(rate.too_long(start + 1s));
  rate.served(start + 2s);
  begin(rate, 49, start + 1h);
  rate.missed(start + 1h);
  rate.begun(start + 1h);
  EXPECT_FALSE(rate.too_long(start + 1h));
}

TEST(ServiceRate, CountsWhatWasWithdrawnNeitherAsServedNorAsMissed) {
  ServiceRate rate(minute);
  begin(rate, 300, start);
  for (int i = 0; i < 100; ++i) rate.withdrawn();
  EXPECT_EQ(rate.backlog(), 200u);
  EXPECT_FALSE(rate.too_long(start + 50s));
}

TEST(ServiceRate, ForgetsWhatIsOlderThanTheDeadline) {
  ServiceRate rate(minute);
  begin(rate, 1000, start);
  const auto now = serve_steadily(rate, start, start + 60s, 1s);
  ASSERT_TRUE(rate.too_long(now));
  EXPECT_FALSE(rate.too_long(now + 10min)) << "nothing has left since: nothing is known";
}

TEST(ServiceRate, TakesDeadlinesOfAnyLength) {
  for (const std::chrono::milliseconds deadline : {1ms, 100ms, 3600000ms, 604800000ms}) {
    ServiceRate rate(deadline);
    begin(rate, 60, start);
    auto now = start;
    for (int i = 0; i < 1000; ++i, now += std::max<std::chrono::milliseconds>(deadline, 8s) / 50) {
      rate.begun(now);
      rate.missed(now);
    }
    EXPECT_FALSE(rate.too_long(now)) << deadline.count();
    rate.begun(now);
    EXPECT_TRUE(rate.too_long(now)) << deadline.count();
  }
}

}  // namespace
}  // namespace fulfilld
