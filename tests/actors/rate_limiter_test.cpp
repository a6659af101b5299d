// SPDX-License-Identifier: Apache-2.0
#include "actors/rate_limiter.hpp"

#include <caf/scheduled_actor.hpp>

#include "tests/actors/actor_test.hpp"
#include "tests/actors/doubles/inbox.hpp"
#include "tests/actors/doubles/sample_execution.hpp"

namespace fulfilld::test {
namespace {

using namespace std::chrono_literals;

class RateLimiterTest : public ActorTest {
 protected:
  /// `rate` is that of every lane that is not named in `config_`.
  void start(Rate rate = {}) {
    config_.clock = &clock_;
    config_.default_rate = rate;
    limiter_ = keep(system_.spawn(rate_limiter, config_, pool_));
  }

  CallPtr call(std::uint64_t tag, const std::string& lane) {
    auto call = std::make_shared<Call>();
    call->requester = requester_;
    call->tag = tag;
    call->lane = lane;
    send(limiter_, call_atom_v, call);
    return call;
  }

  [[nodiscard]] std::vector<std::uint64_t> granted() const {
    std::vector<std::uint64_t> tags;
    for (const auto& call : pool_inbox_.calls) tags.push_back(call->tag);
    return tags;
  }

  RateLimiterConfig config_;
  Inbox pool_inbox_;
  Inbox requester_inbox_;
  http_pool_actor pool_ = keep(spawn_http_pool_double(system_, pool_inbox_));
  requester_actor requester_ = keep(spawn_requester_double(system_, requester_inbox_));
  rate_limiter_actor limiter_;
};

using Tags = std::vector<std::uint64_t>;

TEST_F(RateLimiterTest, WithoutALimitHandsOnAtOnce) {
  start();
  for (std::uint64_t tag = 1; tag <= 100; ++tag) call(tag, "a");
  EXPECT_EQ(granted().size(), 100u);
  EXPECT_EQ(clock_.pending(), 0u);
}

TEST_F(RateLimiterTest, GrantsInOrderOfArrival) {
  start({.count = 1, .period = 1s});
  for (std::uint64_t tag = 1; tag <= 5; ++tag) call(tag, "a");
  EXPECT_EQ(granted(), (Tags{1}));
  advance(2s);
  EXPECT_EQ(granted(), (Tags{1, 2, 3}));
  advance(2s);
  EXPECT_EQ(granted(), (Tags{1, 2, 3, 4, 5}));
}

TEST_F(RateLimiterTest, WhoComesLateDoesNotOvertakeWhoWaits) {
  start({.count = 1, .period = 1s});
  call(1, "a");
  call(2, "a");
  clock_.move_to(clock_.now() + 1s);
  call(3, "a");
  EXPECT_EQ(granted(), (Tags{1, 2}));
  advance(1s);
  EXPECT_EQ(granted(), (Tags{1, 2, 3}));
}

TEST_F(RateLimiterTest, RefillsAfterExactlyOnePeriod) {
  start({.count = 1, .period = 10s});
  call(1, "a");
  call(2, "a");
  advance(10s - 1ns);
  EXPECT_EQ(granted(), (Tags{1}));
  advance(1ns);
  EXPECT_EQ(granted(), (Tags{1, 2}));
}

TEST_F(RateLimiterTest, KeepsItsRateForAsLongAsThereAreCalls) {
  start({.count = 100, .period = 1s, .burst = 1});
  for (std::uint64_t tag = 1; tag <= 1001; ++tag) call(tag, "a");
  advance(5s);
  EXPECT_NEAR(static_cast<double>(granted().size()), 501, 5);
  advance(5s);
  EXPECT_NEAR(static_cast<double>(granted().size()), 1001, 10);
}

TEST_F(RateLimiterTest, LanesDoNotDelayEachOther) {
  config_.rates["slow"] = {.count = 1, .period = 1h};
  start({.count = 1, .period = 1s});
  for (std::uint64_t tag = 1; tag <= 10; ++tag) call(tag, "slow");
  call(11, "a");
  call(12, "b");
  EXPECT_EQ(granted(), (Tags{1, 11, 12}));
  call(13, "a");
  advance(1s);
  EXPECT_EQ(granted(), (Tags{1, 11, 12, 13}));
}

TEST_F(RateLimiterTest, AFullQueueTurnsTheCallAway) {
  config_.max_waiting = 2;
  start({.count = 1, .period = 1s});
  for (std::uint64_t tag = 1; tag <= 4; ++tag) call(tag, "a");
  ASSERT_EQ(requester_inbox_.answered.size(), 1u);
  EXPECT_EQ(requester_inbox_.answered[0]->tag, 4u);
  EXPECT_TRUE(requester_inbox_.answered[0]->turned_away());
  call(5, "b");
  EXPECT_EQ(granted(), (Tags{1, 5})) << "the bound is each lane's own";
  advance(10s);
  EXPECT_EQ(granted(), (Tags{1, 5, 2, 3}));
}

TEST_F(RateLimiterTest, AnAbandonedCallCostsNoToken) {
  start({.count = 1, .period = 1s});
  call(1, "a");
  call(2, "a")->abandon();
  call(3, "a")->abandon();
  call(4, "a");
  advance(1s);
  EXPECT_EQ(granted(), (Tags{1, 4}));
  EXPECT_TRUE(requester_inbox_.answered.empty());
}

TEST_F(RateLimiterTest, ALaneOfOnlyAbandonedCallsComesToRest) {
  start({.count = 1, .period = 1s});
  call(1, "a");
  for (std::uint64_t tag = 2; tag <= 9; ++tag) call(tag, "a")->abandon();
  advance(1s);
  EXPECT_EQ(clock_.pending(), 0u);
  call(10, "a");
  EXPECT_EQ(granted(), (Tags{1, 10}));
}

TEST_F(RateLimiterTest, OneAlarmPerLaneHoweverManyWait) {
  start({.count = 1, .period = 1s});
  for (std::uint64_t tag = 1; tag <= 100; ++tag) call(tag, "a");
  EXPECT_EQ(clock_.pending(), 1u);
  advance(50s);
  EXPECT_EQ(clock_.pending(), 1u);
  advance(50s);
  EXPECT_EQ(clock_.pending(), 0u);
}

TEST_F(RateLimiterTest, AnswersGoToWhoeverAsked) {
  start();
  const auto sent = call(7, "a");
  ASSERT_EQ(pool_inbox_.calls.size(), 1u);
  EXPECT_EQ(sent->limiter, limiter_) << "so that the pool knows the way back";
  send(sent->limiter, answered_atom_v, sent);
  ASSERT_EQ(requester_inbox_.answered.size(), 1u);
  EXPECT_EQ(requester_inbox_.answered[0], sent);
}

}  // namespace
}  // namespace fulfilld::test
