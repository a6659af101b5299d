// SPDX-License-Identifier: Apache-2.0
// Callbacks and their token on the whole route: callback lane, rate limiter, HTTP pool and token actor.
#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "actors/callback_lane.hpp"
#include "actors/http_pool.hpp"
#include "actors/rate_limiter.hpp"
#include "actors/token.hpp"
#include "tests/actors/actor_test.hpp"
#include "tests/actors/doubles/answers.hpp"
#include "tests/actors/doubles/sample_execution.hpp"

namespace fulfilld::test {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t many = 1000;
constexpr auto platform = "genesys.test";
constexpr auto login = "login.test";

class TokenRouteTest : public ActorTest {
 protected:
  void start(std::size_t connections = many) {
    HttpPoolConfig pool;
    pool.engine = &engine_;
    pool.clock = &clock_;
    pool_ = keep(system_.spawn(http_pool, pool));

    RateLimiterConfig limiter;
    limiter.clock = &clock_;
    limiter.observer = &observer_;
    limiter.lanes[CallbackLaneConfig::lane].policy.concurrency = connections;
    limiter.lanes[CallbackLaneConfig::lane].policy.breaker.enabled = false;
    limiter.lanes[CallbackLaneConfig::lane].policy.retry_budget.per_second = 1000000;
    limiter_ = keep(system_.spawn(rate_limiter, limiter, pool_));

    TokenConfig keeper;
    keeper.credential = "genesys";
    keeper.clock = &clock_;
    keeper.observer = &observer_;
    keeper.make_request = [] {
      HttpRequest request;
      request.url = url_on(login);
      return request;
    };
    token_ = keep(system_.spawn(token, keeper, limiter_));

    CallbackLaneConfig lane;
    lane.clock = &clock_;
    lane.journal = &journal_;
    lane.observer = &observer_;
    lane.recorder = &recorder_;
    lane.credential = "genesys";
    lane.retry = {.attempts = 1000000, .attempt_timeout = 8s, .backoff = 2s, .backoff_max = 30s};
    lane.lifetime = 1h;
    lane.tokens["genesys"] = token_;
    lane.deliveries = std::make_shared<DeliveryBook>();
    lane_ = keep(system_.spawn(callback_lane, lane, limiter_));
  }

  void deliver(std::uint64_t sequence) {
    const auto outcome = std::make_shared<const Outcome>(Outcome{Reason::none, "outcome"});
    send(lane_, run_atom_v, DecidedBatch{{{make_execution(sequence), outcome}}});
  }

  void report(std::uint64_t sequence) {
    send(lane_, progress_atom_v, std::make_shared<const Progress>(Progress{make_execution(sequence), "progress"}));
  }

  void finish(HttpAnswer answer, const std::string& host) {
    engine_.finish(std::move(answer), host);
    settle();
  }

  void grant(const std::string& word) {
    finish(status(200, R"({"access_token":")" + word + R"(","expires_in":86400})"), login);
  }

  [[nodiscard]] std::size_t started(const std::string& host) const {
    return static_cast<std::size_t>(
        std::count_if(engine_.started().begin(), engine_.started().end(),
                      [&host](const HttpRequest& request) { return request.url.host == host; }));
  }

  /// Bodies of what the platform was sent, in order.
  [[nodiscard]] std::vector<std::string> posted() const {
    std::vector<std::string> bodies;
    for (const auto& request : engine_.started())
      if (request.url.host == platform) bodies.push_back(*request.body);
    return bodies;
  }

  void expect_all_delivered() {
    ASSERT_EQ(journal_.ended().size(), many);
    for (const auto& [execution, ending] : journal_.ended()) EXPECT_EQ(ending.reason, Reason::none);
  }

  std::size_t granted_ = 0;
  http_pool_actor pool_;
  rate_limiter_actor limiter_;
  token_actor token_;
  callback_lane_actor lane_;
};

TEST_F(TokenRouteTest, AThousandCallbacksThatWaitForATokenCauseOneFetch) {
  start();
  for (std::uint64_t sequence = 1; sequence <= many; ++sequence) deliver(sequence);
  EXPECT_EQ(started(login), 1u);
  EXPECT_EQ(started(platform), 0u);
  grant("one");
  EXPECT_EQ(started(platform), many);
  while (engine_.under_way() > 0) finish(status(200), platform);
  EXPECT_EQ(started(login), 1u);
  expect_all_delivered();
}

TEST_F(TokenRouteTest, AThousandCallbacksWhoseTokenIsRevokedCauseOneFetch) {
  start();
  grant("one");
  for (std::uint64_t sequence = 1; sequence <= many; ++sequence) deliver(sequence);
  ASSERT_EQ(started(platform), many);
  for (std::size_t n = 0; n < many; ++n) finish(status(401), platform);
  EXPECT_EQ(started(login), 2u);
  EXPECT_EQ(started(platform), many) << "none is tried again before there is another token";
  grant("two");
  ASSERT_EQ(started(platform), 2 * many);
  for (std::size_t n = many + 2; n < engine_.started().size(); ++n)
    EXPECT_EQ(engine_.started()[n].authorization, "Bearer two");
  while (engine_.under_way() > 0) finish(status(200), platform);
  EXPECT_EQ(started(login), 2u);
  expect_all_delivered();
}

// Those that were under way with the old token come back when the new one is long there.
TEST_F(TokenRouteTest, ALateRefusalOfTheOldTokenCausesNoFetch) {
  start();
  grant("one");
  for (std::uint64_t sequence = 1; sequence <= many; ++sequence) deliver(sequence);
  finish(status(401), platform);
  grant("two");
  for (std::size_t n = 1; n < many; ++n) finish(status(401), platform);
  while (engine_.under_way() > 0) finish(status(200), platform);
  EXPECT_EQ(started(login), 2u);
  expect_all_delivered();
}

TEST_F(TokenRouteTest, APlatformThatRefusesEveryTokenForHoursLosesNothingAndIsNoStorm) {
  start();
  for (std::uint64_t sequence = 1; sequence <= 10; ++sequence) deliver(sequence);
  const auto until = clock_.now() + 30min;
  while (clock_.now() < until) {
    while (engine_.under_way() > 0) {
      const bool wants_token = started(login) > granted_;
      if (wants_token) {
        grant("token-" + std::to_string(++granted_));
      } else {
        finish(status(401), platform);
      }
    }
    advance(1s);
  }
  EXPECT_TRUE(journal_.ended().empty());
  EXPECT_LE(started(login), 36u) << "once a minute, and a few at first";
}

TEST_F(TokenRouteTest, AnEndpointThatIsDownForLongCostsNoCallback) {
  start();
  for (std::uint64_t sequence = 1; sequence <= many; ++sequence) deliver(sequence);
  for (const auto until = clock_.now() + 50min; clock_.now() < until; advance(1s))
    while (engine_.under_way() > 0) finish(broken(HttpFailure::timeout), login);
  EXPECT_EQ(started(platform), 0u);
  while (engine_.under_way() == 0) advance(1s);
  grant("late");
  while (engine_.under_way() > 0) finish(status(200), platform);
  expect_all_delivered();
}

// A wrong secret may be mended while the results live.
TEST_F(TokenRouteTest, AnEndpointThatRefusesForGoodCostsNoCallback) {
  start();
  for (std::uint64_t sequence = 1; sequence <= many; ++sequence) deliver(sequence);
  for (const auto until = clock_.now() + 50min; clock_.now() < until; advance(1s))
    while (engine_.under_way() > 0) finish(status(401, R"({"error":"invalid_client"})"), login);
  EXPECT_TRUE(journal_.ended().empty());
  while (engine_.under_way() == 0) advance(1s);
  grant("mended");
  EXPECT_EQ(started(platform), many) << "at once, without a back-off of their own";
  while (engine_.under_way() > 0) finish(status(200), platform);
  expect_all_delivered();
}

TEST_F(TokenRouteTest, ProgressWaitsForTheOutcomesOfOthers) {
  start(1);
  grant("one");
  deliver(1);
  report(2);
  deliver(3);
  deliver(4);
  for (int n = 0; n < 4; ++n) finish(status(200), platform);
  EXPECT_THAT(posted(), testing::ElementsAre("outcome", "outcome", "outcome", "progress"));
}

TEST_F(TokenRouteTest, ProgressThatStillWaitsIsNotPostedAfterTheOutcome) {
  start(1);
  grant("one");
  deliver(1);
  report(2);
  deliver(2);
  while (engine_.under_way() > 0) finish(status(200), platform);
  EXPECT_THAT(posted(), testing::ElementsAre("outcome", "outcome"));
  advance(1h);
  EXPECT_THAT(posted(), testing::ElementsAre("outcome", "outcome"));
}

TEST_F(TokenRouteTest, ProgressThatFindsNoTokenIsDropped) {
  start();
  report(1);
  advance(20s);
  EXPECT_EQ(clock_.pending(), 0u) << "nothing is kept of it";
  grant("late");
  EXPECT_EQ(started(platform), 0u);
}

}  // namespace
}  // namespace fulfilld::test
