// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/circuit_breaker.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string_view>
#include <vector>

#include "tests/actors/doubles/virtual_time.hpp"

namespace fulfilld {
namespace {

using namespace std::chrono_literals;
using test::start;
using State = CircuitBreaker::State;
using std::chrono::milliseconds;

const BreakerPolicy breaker_policy{.failure_percent = 50,
                                   .slow_percent = 80,
                                   .slow_call = 5s,
                                   .window = 10s,
                                   .least_calls = 10,
                                   .open_for = 5s,
                                   .open_max = 60s,
                                   .probes = 2};

/// Something happens at that time, and this is how the breaker is then. Each letter is a call that goes and is back at
/// once: `w`ell, `i`ll, `r`efusing, `u`nknown, well but `s`low, ill and `S`low. A `.` is a call that may not go.
struct Step {
  milliseconds at;
  std::string_view calls;
  State state;
};

struct History {
  const char* name;
  BreakerPolicy policy;
  std::vector<Step> steps;
};

BreakerPolicy with(auto BreakerPolicy::*member, auto value) {
  BreakerPolicy changed = breaker_policy;
  changed.*member = value;
  return changed;
}

const History histories[] = {
    {"too few calls decide nothing", breaker_policy, {{0s, "iiiiiiiii", State::closed}, {1s, "i", State::open}}},
    {"one call may be enough", with(&BreakerPolicy::least_calls, 1U), {{0s, "i", State::open}}},
    {"half of the calls failed", breaker_policy, {{0s, "wwwwwiiii", State::closed}, {1s, "i", State::open}}},
    {"less than half failed", breaker_policy, {{0s, "wwwwwwiiiiw", State::closed}, {1s, "wwwiiw", State::closed}}},
    {"the answer that completes the number may be a good one",
     breaker_policy,
     {{0s, "iiiiiiiii", State::closed}, {1s, "w", State::open}}},
    {"all failed, with a share of a hundred",
     with(&BreakerPolicy::failure_percent, 100U),
     {{0s, "iiiiiiiiiw", State::closed}, {12s, "iiiiiiiiii", State::open}}},
    {"no failures, whatever the share",
     with(&BreakerPolicy::failure_percent, 1U),
     {{0s, "wwwwwwwwwwwwwwwwwwww", State::closed}, {1s, "i", State::open}}},
    {"slow calls", breaker_policy, {{0s, "wwssssssss", State::open}}},
    {"a few slow calls", breaker_policy, {{0s, "wwwsssssss", State::closed}}},
    {"slow and failed are two shares", breaker_policy, {{0s, "iiiissssww", State::closed}, {1s, "SS", State::open}}},
    {"slow never counts above a hundred",
     with(&BreakerPolicy::slow_percent, 101U),
     {{0s, "ssssssssssssss", State::closed}}},
    {"refusals are no failures",
     breaker_policy,
     {{0s, "rrrrrrrrrrrrrrr", State::closed}, {1s, "iiiii", State::closed}}},
    {"unknown is no call", breaker_policy, {{0s, "uuuuuuuuuuuuuiiiiiiiii", State::closed}, {1s, "uuu", State::closed}}},
    {"the window forgets",
     breaker_policy,
     {{0s, "iiiii", State::closed},
      {9900ms, "", State::closed},
      {10s, "iiiii", State::closed},
      {10100ms, "iiii", State::closed},
      {11s, "i", State::open}}},
    {"the window forgets good ones",
     breaker_policy,
     {{0s, "wwwwwwwwwwwwwwwwwwwwwwwwwwwwww", State::closed},
      {5s, "iiiiiiiiii", State::closed},
      {10s, "i", State::open}}},
    {"the window forgets all after a pause",
     breaker_policy,
     {{0s, "iiiiiiiii", State::closed}, {1h, "i", State::closed}}},
    {"open lets nothing through",
     breaker_policy,
     {{0s, "iiiiiiiiii", State::open},
      {1ms, "...", State::open},
      {4999ms, ".", State::open},
      {5s, "", State::half_open}}},
    {"two good probes close it",
     breaker_policy,
     {{0s, "iiiiiiiiii", State::open}, {5s, "w", State::half_open}, {6s, "w", State::closed}}},
    {"any number of probes",
     with(&BreakerPolicy::probes, 1U),
     {{0s, "iiiiiiiiii", State::open}, {5s, "w", State::closed}}},
    {"a refused probe is a good one", breaker_policy, {{0s, "iiiiiiiiii", State::open}, {5s, "rr", State::closed}}},
    {"an unknown probe is none",
     breaker_policy,
     {{0s, "iiiiiiiiii", State::open}, {5s, "uuuuw", State::half_open}, {6s, "uw", State::closed}}},
    {"a slow probe has failed",
     breaker_policy,
     {{0s, "iiiiiiiiii", State::open},
      {5s, "s", State::open},
      {14999ms, ".", State::open},
      {15s, "ww", State::closed}}},
    {"a slow probe is a good one where slow does not count",
     with(&BreakerPolicy::slow_percent, 101U),
     {{0s, "iiiiiiiiii", State::open}, {5s, "ss", State::closed}}},
    {"the second probe fails",
     breaker_policy,
     {{0s, "iiiiiiiiii", State::open},
      {5s, "w", State::half_open},
      {5s, "i.", State::open},
      {15s, "w", State::half_open},
      {15s, "w", State::closed}}},
    {"twice as long after each probe that fails",
     breaker_policy,
     {{0s, "iiiiiiiiii", State::open},
      {5s, "i.", State::open},
      {14999ms, ".", State::open},
      {15s, "i.", State::open},
      {34999ms, ".", State::open},
      {35s, "i.", State::open},
      {74999ms, ".", State::open},
      {75s, "i.", State::open},
      {134999ms, ".", State::open},
      {135s, "i.", State::open},
      {194999ms, ".", State::open},
      {195s, "ww", State::closed}}},
    {"never longer than the longest",
     with(&BreakerPolicy::open_max, milliseconds{2s}),
     {{0s, "iiiiiiiiii", State::open}, {2s, "i.", State::open}, {4s, "ww", State::closed}}},
    {"a closed one begins with nothing",
     breaker_policy,
     {{0s, "iiiiiiiiii", State::open},
      {5s, "ww", State::closed},
      {5s, "iiiiiiiii", State::closed},
      {5s, "i", State::open}}},
    {"flapping starts with the shortest time again",
     breaker_policy,
     {{0s, "iiiiiiiiii", State::open},
      {5s, "i", State::open},
      {15s, "ww", State::closed},
      {16s, "iiiiiiiiii", State::open},
      {20999ms, ".", State::open},
      {21s, "ww", State::closed},
      {22s, "iiiiiiiiii", State::open},
      {27s, "", State::half_open}}},
    {"half-open for as long as nobody comes",
     breaker_policy,
     {{0s, "iiiiiiiiii", State::open}, {24h, "w", State::half_open}, {48h, "w", State::closed}}},
    {"disabled",
     with(&BreakerPolicy::enabled, false),
     {{0s, "iiiiiiiiiiiiiiiiiiiiSSSSSSSSSS", State::closed}, {5s, "iiii", State::closed}}},
    {"a very short window", with(&BreakerPolicy::window, milliseconds{1ms}), {{0s, "iiiiiiiiii", State::open}}},
    {"a time without end",
     with(&BreakerPolicy::open_for, milliseconds::max()),
     {{0s, "iiiiiiiiii", State::open}, {59s, ".", State::open}, {60s, "i.", State::open}}},
};

void call(CircuitBreaker& breaker, char kind, MonotonicTime now) {
  ASSERT_EQ(breaker.may_go(now), kind != '.');
  if (kind == '.') return;
  const auto ticket = breaker.enter();
  const auto health = kind == 'i' || kind == 'S' ? TargetHealth::ill
                      : kind == 'r'              ? TargetHealth::refusing
                      : kind == 'u'              ? TargetHealth::unknown
                                                 : TargetHealth::well;
  breaker.leave(ticket, health, kind == 's' || kind == 'S' ? 5s : 10ms, now);
}

TEST(CircuitBreaker, LivesThroughTheseHistories) {
  for (const auto& history : histories) {
    SCOPED_TRACE(history.name);
    CircuitBreaker breaker(history.policy);
    for (const auto& [at, calls, state] : history.steps) {
      SCOPED_TRACE("at " + std::to_string(at.count()) + " ms");
      for (const char kind : calls) call(breaker, kind, start + at);
      EXPECT_EQ(breaker.state(start + at), state);
    }
  }
}

CircuitBreaker an_open_one() {
  CircuitBreaker breaker(breaker_policy);
  for (int n = 0; n < 10; ++n) breaker.leave(breaker.enter(), TargetHealth::ill, 1ms, start);
  return breaker;
}

TEST(CircuitBreaker, SaysUntilWhenItIsOpen) { EXPECT_EQ(an_open_one().open_until(), start + 5s); }

TEST(CircuitBreaker, LetsOneProbeThroughAtATime) {
  auto breaker = an_open_one();
  const auto now = start + 5s;
  ASSERT_TRUE(breaker.may_go(now));
  const auto first = breaker.enter();
  EXPECT_TRUE(first.probe);
  EXPECT_FALSE(breaker.may_go(now));
  EXPECT_FALSE(breaker.may_go(now + 1h));
  breaker.leave(first, TargetHealth::well, 1ms, now + 1s);
  ASSERT_TRUE(breaker.may_go(now + 1s));
  const auto second = breaker.enter();
  EXPECT_FALSE(breaker.may_go(now + 1s));
  breaker.leave(second, TargetHealth::well, 1ms, now + 2s);
  EXPECT_EQ(breaker.state(now + 2s), State::closed);
  EXPECT_FALSE(breaker.enter().probe);
}

TEST(CircuitBreaker, LateAnswersOfAnEarlierLifeCountForNothing) {
  CircuitBreaker breaker(breaker_policy);
  std::vector<CircuitBreaker::Ticket> late;
  for (int n = 0; n < 100; ++n) late.push_back(breaker.enter());
  for (int n = 0; n < 10; ++n) breaker.leave(late[n], TargetHealth::ill, 1ms, start);
  ASSERT_EQ(breaker.open_until(), start + 5s);
  for (int n = 10; n < 40; ++n) breaker.leave(late[n], TargetHealth::ill, 1ms, start + 1s);
  EXPECT_EQ(breaker.open_until(), start + 5s) << "while open";
  const auto probe = breaker.enter();
  for (int n = 40; n < 60; ++n)
    breaker.leave(late[n], n % 2 == 0 ? TargetHealth::well : TargetHealth::ill, 1ms, start + 5s);
  EXPECT_EQ(breaker.state(start + 5s), State::half_open) << "while half-open";
  EXPECT_FALSE(breaker.may_go(start + 5s)) << "the probe is still under way";
  breaker.leave(probe, TargetHealth::well, 1ms, start + 6s);
  breaker.leave(breaker.enter(), TargetHealth::well, 1ms, start + 6s);
  for (int n = 60; n < 100; ++n) breaker.leave(late[n], TargetHealth::ill, 1ms, start + 6s);
  EXPECT_EQ(breaker.state(start + 6s), State::closed) << "when closed again";
}

TEST(CircuitBreaker, IsAsNewWhenItsWindowIsEmpty) {
  CircuitBreaker breaker(breaker_policy);
  EXPECT_TRUE(breaker.as_new(start));
  breaker.leave(breaker.enter(), TargetHealth::well, 1ms, start);
  EXPECT_FALSE(breaker.as_new(start));
  EXPECT_TRUE(breaker.as_new(start + 10s));
  EXPECT_FALSE(an_open_one().as_new(start + 1h));
}

// Whatever happens, it neither stays shut for good nor lets a second probe through.
TEST(CircuitBreaker, KeepsItsPromisesInRandomHistories) {
  std::mt19937 random(4711);
  for (int history = 0; history < 500; ++history) {
    CircuitBreaker breaker({.failure_percent = 1 + static_cast<std::uint32_t>(random() % 100),
                            .slow_percent = 1 + static_cast<std::uint32_t>(random() % 101),
                            .least_calls = 1 + static_cast<std::uint32_t>(random() % 30),
                            .probes = 1 + static_cast<std::uint32_t>(random() % 4)});
    std::vector<CircuitBreaker::Ticket> under_way;
    auto now = start;
    for (int step = 0; step < 1000; ++step) {
      now += milliseconds(random() % 500);
      if (random() % 2 == 0 && breaker.may_go(now)) {
        const bool half_open = breaker.state(now) == State::half_open;
        under_way.push_back(breaker.enter());
        ASSERT_EQ(under_way.back().probe, half_open);
        ASSERT_TRUE(!half_open || !breaker.may_go(now));
      } else if (!under_way.empty()) {
        std::swap(under_way.back(), under_way[random() % under_way.size()]);
        breaker.leave(under_way.back(), static_cast<TargetHealth>(random() % 4), milliseconds(random() % 6000), now);
        under_way.pop_back();
      }
      ASSERT_TRUE(breaker.state(now) != State::open || breaker.open_until() <= now + 60s);
    }
    for (const auto& ticket : under_way) breaker.leave(ticket, TargetHealth::unknown, 1ms, now);
    ASSERT_TRUE(breaker.may_go(now + 60s));
  }
}

}  // namespace
}  // namespace fulfilld
