// SPDX-License-Identifier: Apache-2.0
#include "actors/http_pool.hpp"

#include "actors/rate_limiter.hpp"
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
    pool_ = keep(system_.spawn(http_pool, config_));
  }

  CallPtr make_call(std::uint64_t tag, const std::string& host, const std::string& credential = {}) {
    auto call = std::make_shared<Call>();
    call->tag = tag;
    call->request.url = url_on(host);
    call->request.header_lines = "Tag: " + std::to_string(tag) + "\r\n";
    call->credential = credential;
    call->limiter = limiter_;
    return call;
  }

  CallPtr call(std::uint64_t tag, const std::string& host, const std::string& credential = {}) {
    auto made = make_call(tag, host, credential);
    send(pool_, call_atom_v, made);
    return made;
  }

  void push_token(std::uint64_t version, std::string authorization, const std::string& credential = "genesys") {
    send(pool_, token_atom_v, std::make_shared<const Token>(Token{credential, std::move(authorization), version}));
  }

  void finish(const std::string& host = {}) {
    engine_.finish(status(200), host);
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
  const auto sent = call(1, "a");
  ASSERT_EQ(engine_.under_way(), 1u);
  EXPECT_TRUE(limiter_inbox_.answered.empty());
  engine_.finish(status(418, "short and stout"));
  settle();
  ASSERT_EQ(limiter_inbox_.answered.size(), 1u);
  EXPECT_EQ(limiter_inbox_.answered[0], sent);
  EXPECT_EQ(sent->answer.body, "short and stout");
  EXPECT_FALSE(sent->turned_away());
}

TEST_F(HttpPoolTest, BoundsWhatIsInFlightForEachOrigin) {
  config_.default_limits.in_flight = 2;
  start();
  for (std::uint64_t tag = 1; tag <= 5; ++tag) call(tag, "a");
  EXPECT_EQ(started(), (Tags{1, 2}));
  finish();
  EXPECT_EQ(started(), (Tags{1, 2, 3}));
  finish();
  finish();
  EXPECT_EQ(started(), (Tags{1, 2, 3, 4, 5}));
  EXPECT_EQ(engine_.under_way(), 2u);
}

TEST_F(HttpPoolTest, AFullOriginDoesNotDelayAnother) {
  config_.default_limits.in_flight = 1;
  start();
  for (std::uint64_t tag = 1; tag <= 9; ++tag) call(tag, "slow");
  call(10, "b");
  EXPECT_EQ(started(), (Tags{1, 10}));
}

TEST_F(HttpPoolTest, ANamedOriginHasItsOwnLimits) {
  config_.default_limits.in_flight = 1;
  config_.limits["https://wide:443"] = {.in_flight = 3, .answer_limit = 77};
  start();
  for (std::uint64_t tag = 1; tag <= 5; ++tag) call(tag, "wide");
  for (std::uint64_t tag = 6; tag <= 9; ++tag) call(tag, "narrow");
  EXPECT_EQ(started(), (Tags{1, 2, 3, 6}));
  EXPECT_EQ(engine_.started()[0].answer_limit, 77u);
  EXPECT_EQ(engine_.started()[3].answer_limit, PoolLimits{}.answer_limit);
}

TEST_F(HttpPoolTest, OriginsTakeTurnsWhileTheBoundOfAllIsReached) {
  config_.max_in_flight = 2;
  start();
  for (std::uint64_t tag = 1; tag <= 5; ++tag) call(tag, "busy");
  call(6, "b");
  call(7, "c");
  EXPECT_EQ(started(), (Tags{1, 2}));
  for (int n = 0; n < 5; ++n) finish();
  // One of each in turn: "busy" does not come first because it was there first.
  EXPECT_EQ(started(), (Tags{1, 2, 3, 6, 7, 4, 5}));
  EXPECT_EQ(engine_.under_way(), 2u);
}

TEST_F(HttpPoolTest, NoOriginStarvesUnderSteadyLoadFromAnother) {
  config_.max_in_flight = 1;
  start();
  std::uint64_t tag = 0;
  for (; tag < 100; ++tag) call(tag, "busy");
  call(1000, "quiet");
  for (int n = 0; n < 3; ++n) {
    call(++tag, "busy");
    finish();
  }
  const auto tags = started();
  EXPECT_NE(std::find(tags.begin(), tags.end(), 1000u), tags.end());
}

TEST_F(HttpPoolTest, AFullQueueTurnsTheCallAway) {
  config_.default_limits = {.in_flight = 1, .max_waiting = 2};
  start();
  for (std::uint64_t tag = 1; tag <= 4; ++tag) call(tag, "a");
  ASSERT_EQ(limiter_inbox_.answered.size(), 1u);
  EXPECT_EQ(limiter_inbox_.answered[0]->tag, 4u);
  EXPECT_TRUE(limiter_inbox_.answered[0]->turned_away());
  finish();
  finish();
  EXPECT_EQ(started(), (Tags{1, 2, 3}));
}

TEST_F(HttpPoolTest, AnAbandonedCallIsDroppedWhereverItWaits) {
  config_.default_limits.in_flight = 1;
  start();
  call(1, "a");
  call(2, "a")->abandon();
  call(3, "a", "genesys")->abandon();
  const auto fourth = make_call(4, "a");
  fourth->abandon();
  send(pool_, call_atom_v, fourth);
  call(5, "a");
  push_token(1, "Bearer one");
  finish();
  finish();
  EXPECT_EQ(started(), (Tags{1, 5}));
  EXPECT_EQ(engine_.under_way(), 0u);
}

TEST_F(HttpPoolTest, AnAbandonedCallInFlightStillFreesItsPlace) {
  config_.default_limits.in_flight = 1;
  start();
  call(1, "a")->abandon();
  call(2, "a");
  finish();
  EXPECT_EQ(started(), (Tags{1, 2}));
}

TEST_F(HttpPoolTest, ATokenReleasesTheCallsThatWaitForIt) {
  start();
  const auto first = call(1, "a", "genesys");
  call(2, "b", "genesys");
  call(3, "a", "other");
  call(4, "a");
  EXPECT_EQ(started(), (Tags{4}));
  push_token(1, "Bearer one");
  EXPECT_EQ(started(), (Tags{4, 1, 2}));
  EXPECT_EQ(engine_.started()[1].authorization, "Bearer one");
  EXPECT_EQ(first->token_version, 1u);
  EXPECT_EQ(engine_.started()[0].authorization, "");
  push_token(1, "Bearer of another", "other");
  EXPECT_EQ(engine_.started()[3].authorization, "Bearer of another");
}

TEST_F(HttpPoolTest, ACallWithoutCredentialKeepsItsOwnAuthorization) {
  start();
  const auto own = make_call(1, "a");
  own->request.authorization = "Basic abc";
  send(pool_, call_atom_v, own);
  EXPECT_EQ(engine_.started()[0].authorization, "Basic abc");
}

TEST_F(HttpPoolTest, ACallThatSawATokenRefusedWaitsForANewerOne) {
  start();
  push_token(3, "Bearer three");
  const auto refused = make_call(1, "a", "genesys");
  refused->refused_token = 3;
  send(pool_, call_atom_v, refused);
  call(2, "a", "genesys");
  EXPECT_EQ(started(), (Tags{2}));
  push_token(3, "Bearer three");
  EXPECT_EQ(started(), (Tags{2}));
  push_token(4, "Bearer four");
  EXPECT_EQ(started(), (Tags{2, 1}));
  EXPECT_EQ(engine_.started()[1].authorization, "Bearer four");
}

TEST_F(HttpPoolTest, ADroppedTokenIsNotUsed) {
  start();
  push_token(1, "Bearer one");
  push_token(1, "");
  call(1, "a", "genesys");
  EXPECT_TRUE(started().empty());
  push_token(2, "Bearer two");
  EXPECT_EQ(started(), (Tags{1}));
}

TEST_F(HttpPoolTest, ACallThatWaitedForAPlaceUsesTheTokenOfNow) {
  config_.default_limits.in_flight = 1;
  start();
  push_token(1, "Bearer one");
  call(1, "a", "genesys");
  call(2, "a", "genesys");
  call(3, "a", "genesys");
  push_token(2, "Bearer two");
  finish();
  EXPECT_EQ(engine_.started().back().authorization, "Bearer two");
  push_token(2, "");
  finish();
  EXPECT_EQ(started(), (Tags{1, 2})) << "the token was dropped while the call waited for its place";
  push_token(3, "Bearer three");
  EXPECT_EQ(engine_.started().back().authorization, "Bearer three");
  EXPECT_EQ(started(), (Tags{1, 2, 3}));
}

TEST_F(HttpPoolTest, CallsThatWaitForATokenAreBounded) {
  config_.default_limits.max_waiting = 2;
  start();
  for (std::uint64_t tag = 1; tag <= 3; ++tag) call(tag, "a", "genesys");
  ASSERT_EQ(limiter_inbox_.answered.size(), 1u);
  EXPECT_EQ(limiter_inbox_.answered[0]->tag, 3u);
  EXPECT_TRUE(limiter_inbox_.answered[0]->turned_away());
}

TEST_F(HttpPoolTest, AbandonedCallsTakeNoRoomFromThoseThatWaitForAToken) {
  config_.default_limits.max_waiting = 2;
  start();
  call(1, "a", "genesys")->abandon();
  call(2, "a", "genesys")->abandon();
  call(3, "a", "genesys");
  EXPECT_TRUE(limiter_inbox_.answered.empty());
  push_token(1, "Bearer one");
  EXPECT_EQ(started(), (Tags{3}));
}

TEST_F(HttpPoolTest, ReleasedCallsStillKeepTheBounds) {
  config_.default_limits.in_flight = 2;
  start();
  for (std::uint64_t tag = 1; tag <= 5; ++tag) call(tag, "a", "genesys");
  push_token(1, "Bearer one");
  EXPECT_EQ(started(), (Tags{1, 2}));
  for (int n = 0; n < 5; ++n) finish();
  EXPECT_EQ(started(), (Tags{1, 2, 3, 4, 5}));
}

TEST_F(HttpPoolTest, NoPlaceIsLostInTenThousandCalls) {
  config_.default_limits.in_flight = 3;
  config_.max_in_flight = 5;
  start();
  const std::string hosts[] = {"a", "b", "c"};
  for (std::uint64_t tag = 0; tag < 10000; ++tag) {
    const auto sent = call(tag, hosts[tag % 3]);
    if (tag % 7 == 0) sent->abandon();
    ASSERT_LE(engine_.under_way(), 5u);
    if (tag % 2 == 0) finish();
  }
  while (engine_.under_way() > 0) finish();
  for (std::uint64_t tag = 10000; tag < 10009; ++tag) call(tag, hosts[tag % 3]);
  EXPECT_EQ(engine_.under_way(), 5u);
}

TEST_F(HttpPoolTest, AnswersTravelBackThroughTheLimiterToWhoeverAsked) {
  start();
  Inbox inbox;
  const auto requester = keep(spawn_requester_double(system_, inbox));
  RateLimiterConfig config;
  config.clock = &clock_;
  const auto limiter = keep(system_.spawn(rate_limiter, config, pool_));
  const auto sent = make_call(1, "a");
  sent->requester = requester;
  send(limiter, call_atom_v, sent);
  engine_.finish(broken(HttpFailure::reset));
  settle();
  ASSERT_EQ(inbox.answered.size(), 1u);
  EXPECT_EQ(inbox.answered[0]->answer.failure, HttpFailure::reset);
}

}  // namespace
}  // namespace fulfilld::test
