// SPDX-License-Identifier: Apache-2.0
#include "actors/http_pool.hpp"

#include <chrono>

#include "tests/actors/actor_test.hpp"
#include "tests/actors/doubles/answers.hpp"
#include "tests/actors/doubles/inbox.hpp"
#include "tests/actors/doubles/sample_execution.hpp"

namespace fulfilld::test {
namespace {

using namespace std::chrono_literals;

class HttpPoolTest : public ActorTest {
 protected:
  void start() {
    config_.engine = &engine_;
    config_.clock = &clock_;
    pool_ = keep(system_.spawn(http_pool, config_));
  }

  CallPtr make_call(std::uint64_t tag) {
    auto call = std::make_shared<Call>();
    call->tag = tag;
    call->request.url = url_on("a");
    call->request.header_lines = "Tag: " + std::to_string(tag) + "\r\n";
    call->limiter = limiter_;
    return call;
  }

  CallPtr hand_in(CallPtr call) {
    send(pool_, call_atom_v, call);
    return call;
  }

  CallPtr call(std::uint64_t tag) { return hand_in(make_call(tag)); }

  void finish() {
    engine_.finish(status(200));
    settle();
  }

  /// Tags of all calls that the engine was given, in order.
  [[nodiscard]] std::vector<std::uint64_t> started() const {
    std::vector<std::uint64_t> tags;
    for (const auto& request : engine_.started()) tags.push_back(std::stoull(request.header_lines.substr(5)));
    return tags;
  }

  HttpPoolConfig config_;
  Inbox limiter_inbox_;
  rate_limiter_actor limiter_ = keep(spawn_rate_limiter_double(system_, limiter_inbox_));
  http_pool_actor pool_;
};

using Tags = std::vector<std::uint64_t>;

TEST_F(HttpPoolTest, HandsACallToTheEngineAndItsAnswerBackToTheLimiter) {
  start();
  const auto sent = call(1);
  ASSERT_EQ(engine_.under_way(), 1u);
  EXPECT_TRUE(limiter_inbox_.answered.empty());
  engine_.finish(status(418, "short and stout"));
  settle();
  ASSERT_EQ(limiter_inbox_.answered.size(), 1u);
  EXPECT_EQ(limiter_inbox_.answered[0], sent);
  EXPECT_EQ(sent->answer.body, "short and stout");
  EXPECT_FALSE(sent->turned_away());
}

TEST_F(HttpPoolTest, BoundsWhatIsInFlightAndKeepsTheOrder) {
  config_.max_in_flight = 2;
  start();
  for (std::uint64_t tag = 1; tag <= 5; ++tag) call(tag);
  EXPECT_EQ(started(), (Tags{1, 2}));
  finish();
  EXPECT_EQ(started(), (Tags{1, 2, 3}));
  finish();
  finish();
  EXPECT_EQ(started(), (Tags{1, 2, 3, 4, 5}));
  EXPECT_EQ(engine_.under_way(), 2u);
}

TEST_F(HttpPoolTest, AnAttemptGetsNoMoreTimeThanItsCallHasLeft) {
  config_.max_in_flight = 1;
  start();
  call(1);
  const auto second = make_call(2);
  second->request.time_limit = 5s;
  second->last_end = clock_.now() + 6s;
  hand_in(second);
  advance(4s);
  finish();
  ASSERT_EQ(started(), (Tags{1, 2}));
  EXPECT_EQ(engine_.started()[1].time_limit, 2s);
  EXPECT_TRUE(second->cut_short);
}

TEST_F(HttpPoolTest, AnAttemptWithTimeEnoughIsNotCut) {
  start();
  const auto sent = make_call(1);
  sent->request.time_limit = 5s;
  sent->last_end = clock_.now() + 5s;
  hand_in(sent);
  EXPECT_EQ(engine_.started()[0].time_limit, 5s);
  EXPECT_FALSE(sent->cut_short);
}

TEST_F(HttpPoolTest, NoAttemptBeginsOnceItsTimeIsOver) {
  config_.max_in_flight = 1;
  start();
  call(1);
  const auto late = make_call(2);
  late->last_end = clock_.now() + 1s + 9ms;
  hand_in(late);
  advance(1s);
  finish();
  EXPECT_EQ(started(), (Tags{1}));
  ASSERT_EQ(limiter_inbox_.answered.size(), 2u);
  EXPECT_EQ(late->answer.refusal, Reason::deadline);
}

TEST_F(HttpPoolTest, AnAbandonedCallGoesBackUnmade) {
  config_.max_in_flight = 1;
  start();
  call(1);
  const auto second = call(2);
  second->abandon();
  call(3);
  finish();
  EXPECT_EQ(started(), (Tags{1, 3}));
  ASSERT_EQ(limiter_inbox_.answered.size(), 2u);
  EXPECT_EQ(limiter_inbox_.answered[1], second) << "so that the limiter has its pass again";
}

TEST_F(HttpPoolTest, AnAbandonedCallInFlightStillFreesItsPlace) {
  config_.max_in_flight = 1;
  start();
  call(1)->abandon();
  call(2);
  EXPECT_EQ(started(), (Tags{1}));
  finish();
  EXPECT_EQ(started(), (Tags{1, 2}));
}

TEST_F(HttpPoolTest, NoPlaceIsLostInTenThousandCalls) {
  config_.max_in_flight = 5;
  start();
  for (std::uint64_t tag = 0; tag < 10000; ++tag) {
    const auto sent = call(tag);
    if (tag % 7 == 0) sent->abandon();
    ASSERT_LE(engine_.under_way(), 5u);
    if (tag % 2 == 0) finish();
  }
  while (engine_.under_way() > 0) finish();
  for (std::uint64_t tag = 10000; tag < 10009; ++tag) call(tag);
  EXPECT_EQ(engine_.under_way(), 5u);
}

}  // namespace
}  // namespace fulfilld::test
