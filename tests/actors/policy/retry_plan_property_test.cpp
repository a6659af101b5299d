// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "actors/policy/retry_after.hpp"
#include "actors/policy/retry_budget.hpp"
#include "actors/policy/retry_plan.hpp"
#include "tests/actors/doubles/virtual_time.hpp"

namespace fulfilld {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;
using test::start;
using test::wall_start;

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
    answer.failure = below(2) == 0 ? HttpFailure::none : static_cast<HttpFailure>(below(10));
    answer.request_sent = below(2) == 0;
    answer.status = static_cast<int>(below(6) == 0 ? 200 + below(400) : 500 + below(4));
    if (below(3) == 0) answer.fields.push_back({"Retry-After", some_retry_after()});
    if (below(5) == 0)
      answer.fields.push_back({"Date", "Mon, 23 Nov 2026 22:0" + std::to_string(below(10)) + ":00 GMT"});
    return answer;
  }

 private:
  std::string some_retry_after() {
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

milliseconds longest_backoff(std::uint32_t attempt, const RetryPolicy& policy) {
  const auto doubled = static_cast<double>(policy.backoff.count()) * static_cast<double>(1u << (attempt - 2));
  return std::min(milliseconds{static_cast<std::int64_t>(doubled)}, policy.backoff_max);
}

void live_one_execution(Chance& chance) {
  const RetryPolicy policy = chance.policy();
  const MonotonicTime last_end = start + chance.up_to(90s);
  RetryPlan plan(policy, last_end);
  MonotonicTime now = start;
  for (std::uint32_t attempt = 1;; ++attempt) {
    ASSERT_EQ(plan.attempt(), attempt);
    ASSERT_LE(attempt, policy.attempts);
    const auto limit = plan.attempt_limit(now);
    ASSERT_TRUE(attempt == 1 || limit > 0ms) << "a retry was planned for when it could not end";
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
    const auto asked_for = retry_after(answer, wall_now).value_or(0ms);
    ASSERT_GE(step.delay, asked_for) << "a Retry-After was undercut";
    ASSERT_LE(step.delay, std::max(asked_for, longest_backoff(attempt + 1, policy)));
    now += step.delay;
  }
}

TEST(RetryPlan, KeepsItsPromisesInAHundredThousandRandomLives) {
  Chance chance(20261123);
  for (int life = 0; life < 100000 && !testing::Test::HasFailure(); ++life) {
    SCOPED_TRACE("life " + std::to_string(life));
    live_one_execution(chance);
  }
}

TEST(RetryPlan, TheDelaysSpreadEvenlyOverTheBackoff) {
  Chance chance(4711);
  std::array<int, 10> tenths{};
  for (int life = 0; life < 100000; ++life) {
    RetryPlan plan({.attempts = 2, .backoff = 10s}, MonotonicTime::max());
    HttpAnswer answer;
    answer.status = 500;
    ++tenths.at(static_cast<std::size_t>(plan.after(answer, start, wall_start, chance.jitter()).delay / 1s));
  }
  for (const int count : tenths) EXPECT_NEAR(count, 10000, 500);
}

/// One call of many that share a target and its retry budget.
struct Life {
  RetryPlan plan;
  MonotonicTime last_end;
  MonotonicTime not_before;
};

// A target in virtual time: calls begin at random, each attempt is answered at once, a retry waits for the budget while
// its end allows. Counts first attempts and retries by the second.
void share_one_budget(Chance& chance, int lives) {
  const RetryBudgetPolicy shares{.percent = static_cast<std::uint32_t>(chance.below(60)),
                                 .per_second = static_cast<std::uint32_t>(chance.below(20))};
  RetryBudget budget(shares, start);
  std::multimap<MonotonicTime, Life> agenda;
  for (int n = 0; n < lives; ++n) {
    const auto begin = start + chance.up_to(60s);
    const auto last_end = begin + chance.up_to(60s);
    agenda.emplace(begin, Life{RetryPlan(chance.policy(), last_end), last_end, begin});
  }
  std::vector<double> firsts;
  std::vector<double> retries;
  while (!agenda.empty()) {
    const auto now = agenda.begin()->first;
    Life life = agenda.begin()->second;
    agenda.erase(agenda.begin());
    if (life.plan.attempt_limit(now) <= 0ms) continue;
    const double second = std::chrono::duration<double>(now - start).count();
    if (life.plan.attempt() == 1) {
      budget.first_attempt(now);
      firsts.push_back(second);
    } else if (!budget.try_take(now)) {
      const auto again = std::min(budget.next(now), now + 1s);
      ASSERT_GT(again, now);
      agenda.emplace(again, life);
      continue;
    } else {
      retries.push_back(second);
    }
    ASSERT_GE(now, life.not_before) << "before its Retry-After";
    ASSERT_LT(now, life.last_end) << "begun when all was over";
    const HttpAnswer answer = chance.answer();
    if (!may_retry(answer, OperationClass::idempotent)) continue;
    const WallTime wall_now = wall_start + std::chrono::duration_cast<milliseconds>(now - start);
    const auto step = life.plan.after(answer, now, wall_now, chance.jitter());
    if (!step.retry) continue;
    life.not_before = now + retry_after(answer, wall_now).value_or(0ms);
    agenda.emplace(now + step.delay, life);
  }
  // Between any two retries; what traffic permits lasts for ten seconds.
  for (std::size_t from = 0; from < retries.size(); ++from) {
    const auto counted = std::lower_bound(firsts.begin(), firsts.end(), retries[from] - 10);
    for (std::size_t to = from; to < retries.size(); ++to) {
      const auto attempts = static_cast<double>(std::upper_bound(counted, firsts.end(), retries[to]) - counted);
      const double most = shares.percent / 100.0 * attempts + shares.per_second * (retries[to] - retries[from]) +
                          std::max(1.0, shares.per_second * 2.0);
      ASSERT_LE(static_cast<double>(to - from + 1), most + 1e-3) << "retries from " << retries[from];
    }
  }
}

TEST(RetryPlan, ManyTogetherStayWithinTheirTargetsBudgetInAHundredThousandLives) {
  Chance chance(4711);
  for (int target = 0; target < 500 && !testing::Test::HasFailure(); ++target) {
    SCOPED_TRACE("target " + std::to_string(target));
    share_one_budget(chance, 200);
  }
}

}  // namespace
}  // namespace fulfilld
