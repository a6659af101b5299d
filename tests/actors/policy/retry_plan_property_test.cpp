// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "actors/policy/retry_after.hpp"
#include "actors/policy/retry_plan.hpp"

namespace fulfilld {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

const WallTime wall_start{1795471464000ms};

/// Everything that chance decides in the life of a call.
class Chance {
 public:
  explicit Chance(std::uint32_t seed) : random_(seed) {}

  std::int64_t below(std::int64_t bound) { return std::uniform_int_distribution<std::int64_t>(0, bound - 1)(random_); }
  milliseconds up_to(milliseconds most) { return milliseconds{below(most.count() + 1)}; }
  double jitter() { return std::uniform_real_distribution<>(0, 1)(random_); }

  RetryPolicy policy() {
    return {.attempts = static_cast<std::uint32_t>(1 + below(8)),
            .attempt_timeout = 1ms + up_to(10s),
            .backoff = up_to(5s),
            .backoff_max = up_to(30s)};
  }

  HttpAnswer answer() {
    HttpAnswer answer;
    answer.failure = below(2) == 0 ? HttpFailure::none : static_cast<HttpFailure>(below(9));
    answer.request_sent = below(2) == 0;
    answer.status = static_cast<int>(below(6) == 0 ? 200 + below(400) : 500 + below(4));
    if (below(3) == 0) answer.fields.push_back({"Retry-After", retry_after()});
    return answer;
  }

 private:
  std::string retry_after() {
    switch (below(4)) {
      case 0:
        return std::to_string(below(20));
      case 1:
        return std::to_string(below(2000000));
      case 2:
        return "Mon, 23 Nov 2026 22:0" + std::to_string(below(10)) + ":00 GMT";
      default:
        return "nonsense";
    }
  }

  std::mt19937 random_;
};

milliseconds backoff_before(std::uint32_t attempt, const RetryPolicy& policy) {
  const auto doubled = static_cast<double>(policy.backoff.count()) * static_cast<double>(1u << (attempt - 2));
  return std::min(milliseconds{static_cast<std::int64_t>(doubled)}, policy.backoff_max);
}

void live_one_life(Chance& chance) {
  const RetryPolicy policy = chance.policy();
  const MonotonicTime start{1h};
  const MonotonicTime last_end = start + chance.up_to(90s);
  RetryPlan plan(policy, last_end);
  MonotonicTime now = start;
  for (std::uint32_t attempt = 1;; ++attempt) {
    ASSERT_EQ(plan.attempt(), attempt);
    ASSERT_LE(attempt, policy.attempts);
    const auto limit = plan.attempt_limit(now);
    ASSERT_TRUE(attempt == 1 || now < last_end) << "a retry was planned for when it is too late";
    ASSERT_LE(limit, policy.attempt_timeout);
    ASSERT_LE(now + limit, last_end) << "an attempt may outlive its end";
    if (limit <= 0ms) return;

    now += chance.up_to(limit);
    const HttpAnswer answer = chance.answer();
    if (!may_retry(answer, OperationClass::idempotent)) return;
    const WallTime wall_now = wall_start + std::chrono::duration_cast<milliseconds>(now - start);
    const auto step = plan.after(answer, now, wall_now, chance.jitter());
    if (!step.retry) {
      ASSERT_NE(step.reason, Reason::none);
      return;
    }
    const auto asked_for = parse_retry_after(answer.field("retry-after"), wall_now).value_or(0ms);
    const auto backoff = backoff_before(attempt + 1, policy);
    ASSERT_GE(step.delay, asked_for) << "a Retry-After was undercut";
    ASSERT_GE(step.delay, backoff);
    ASSERT_LE(step.delay, std::max(asked_for, backoff + policy.backoff));
    now += step.delay;
  }
}

TEST(RetryPlan, KeepsItsPromisesInTwentyThousandRandomLives) {
  Chance chance(20261123);
  for (int life = 0; life < 20000 && !testing::Test::HasFailure(); ++life) {
    SCOPED_TRACE("life " + std::to_string(life));
    live_one_life(chance);
  }
}

}  // namespace
}  // namespace fulfilld
