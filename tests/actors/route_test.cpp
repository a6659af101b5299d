// SPDX-License-Identifier: Apache-2.0
// All actors together, as the service connects them: what each promises alone must also hold along the whole route.
#include <gmock/gmock.h>

#include "actors/callback_lane.hpp"
#include "actors/http_pool.hpp"
#include "actors/journal_relay.hpp"
#include "actors/rate_limiter.hpp"
#include "actors/routes.hpp"
#include "actors/supervisor.hpp"
#include "actors/token.hpp"
#include "tests/actors/actor_test.hpp"
#include "tests/actors/doubles/answers.hpp"
#include "tests/actors/doubles/sample_execution.hpp"
#include "tests/actors/doubles/scripted_adapter.hpp"

namespace fulfilld::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class RouteTest : public ActorTest {
 protected:
  RouteTest() {
    adapter_->on_start = [](AdapterHost& host) {
      AdapterCall call;
      call.request.url = url_on("backend.test");
      host.http(std::move(call));
    };
    adapter_->on_http = [](AdapterHost& host, OperationId, const HttpAnswer& answer) {
      if (answer.status == 200) return host.complete(answer.body);
      host.fail(Reason::backend_status, "backend_status", "no");
    };
    connect();
  }

  RoutesPtr make_routes() {
    auto routes = std::make_shared<Routes>();
    HttpPoolConfig pool_config;
    pool_config.engine = &engine_;
    pool_config.clock = &clock_;
    routes->pool = system_.spawn(http_pool, pool_config);
    RateLimiterConfig limiter_config;
    limiter_config.clock = &clock_;
    limiter_config.observer = &observer_;
    limiter_config.lanes[CallbackLaneConfig::lane].policy.retry_budget.per_second = 1000;
    routes->limiter = system_.spawn(rate_limiter, limiter_config, routes->pool);

    TokenConfig token_config;
    token_config.credential = "genesys";
    token_config.clock = &clock_;
    token_config.observer = &observer_;
    token_config.make_request = [] {
      HttpRequest request;
      request.url = url_on("login.test");
      return request;
    };
    routes->tokens["genesys"] = system_.spawn(token, token_config, routes->limiter);

    CallbackLaneConfig lane_config;
    lane_config.clock = &clock_;
    lane_config.journal = &journal_;
    lane_config.observer = &observer_;
    lane_config.recorder = &recorder_;
    lane_config.credential = "genesys";
    lane_config.retry = {.attempts = 1000000, .attempt_timeout = 8s, .backoff = 2s, .backoff_max = 30s};
    lane_config.tokens = routes->tokens;
    lane_config.deliveries = deliveries_;
    routes->callbacks = system_.spawn(callback_lane, lane_config, routes->limiter);
    routes_ = routes;
    return routes;
  }

  void connect() {
    Action action;
    action.adapter = adapter_;
    FulfillmentConfig config;
    config.clock = &clock_;
    config.journal = &journal_;
    config.observer = &observer_;
    config.recorder = &recorder_;
    SupervisorConfig root;
    root.actions = actions_with(action);
    root.fulfillment = std::make_shared<const FulfillmentConfig>(std::move(config));
    root.make_routes = [this] { return make_routes(); };
    root.deliveries = deliveries_;
    root.give_up = [this](std::string why) { given_up_ = std::move(why); };
    root.restarts["http_pool"] = {.restarts = 2, .period = 60s};
    root_ = keep(system_.spawn(supervisor, std::move(root)));
    relay_.connect(root_);
  }

  ~RouteTest() override {
    relay_.disconnect();
    routes_ = nullptr;
  }

  void accept(std::uint64_t sequence) {
    auto execution = make_execution(sequence);
    execution->place = admission_.enter("default", 1);
    durable_.accept(std::move(execution));
    commit();
  }

  /// Commits what the actors have decided.
  void commit() {
    for (; committed_ < journal_.decided().size(); ++committed_) relay_.decided({journal_.decided()[committed_]});
    durable_.flush();
    settle();
  }

  void grant_token(const std::string& word) {
    engine_.finish(status(200, R"({"access_token":")" + word + R"(","expires_in":86400})"), "login.test");
    settle();
  }

  void finish(HttpAnswer answer, const std::string& host) {
    engine_.finish(std::move(answer), host);
    settle();
    commit();
  }

  std::shared_ptr<ScriptedAdapter> adapter_ = std::make_shared<ScriptedAdapter>();
  JournalRelay relay_;
  FakeJournal durable_{&relay_};
  std::size_t committed_ = 0;
  std::shared_ptr<DeliveryBook> deliveries_ = std::make_shared<DeliveryBook>();
  RoutesPtr routes_;  ///< the newest
  supervisor_actor root_;
  std::string given_up_;
};

TEST_F(RouteTest, FromAcceptToDelivered) {
  grant_token("one");
  accept(1);
  finish(status(200, R"({"customer":7})"), "backend.test");
  ASSERT_EQ(engine_.under_way(), 1u);
  const auto& callback = engine_.started().back();
  EXPECT_EQ(callback.authorization, "Bearer one");
  EXPECT_THAT(*callback.body, HasSubstr(R"("externalResponse":{"customer":7})"));
  finish(status(202), "genesys.test");
  ASSERT_EQ(journal_.ended().size(), 1u);
  EXPECT_EQ(journal_.ended()[0].second.reason, Reason::none);
  EXPECT_EQ(clock_.pending(), 2u) << "the token's, and no other";
  journal_.forget();
  EXPECT_EQ(admission_.in_flight(), 0u);
}

TEST_F(RouteTest, ABackendThatFailsTwiceIsTriedThreeTimes) {
  grant_token("one");
  accept(1);
  for (int n = 0; n < 2; ++n) {
    finish(status(500), "backend.test");
    advance(4s);
  }
  finish(status(200, "1"), "backend.test");
  finish(status(200), "genesys.test");
  EXPECT_EQ(journal_.ended().size(), 1u);
}

TEST_F(RouteTest, ABackendThatNeverAnswersEndsAtTheDeadline) {
  grant_token("one");
  accept(1);
  advance(60s);
  commit();
  EXPECT_THAT(*engine_.started().back().body, HasSubstr(R"("errorCode":"deadline")"));
  finish(status(200), "genesys.test");
  finish(status(200, "late"), "backend.test");
  EXPECT_EQ(journal_.decided().size(), 1u);
  EXPECT_EQ(journal_.ended().size(), 1u);
}

TEST_F(RouteTest, AHundredCallbacksThatSeeTheSameTokenRefusedFetchOne) {
  grant_token("one");
  for (std::uint64_t n = 1; n <= 100; ++n) accept(n);
  for (int n = 0; n < 100; ++n) finish(status(200, "1"), "backend.test");
  for (int n = 0; n < 100; ++n) finish(status(401), "genesys.test");
  ASSERT_EQ(engine_.under_way(), 1u) << "one fetch, and all callbacks wait for it";
  grant_token("two");
  EXPECT_EQ(engine_.under_way(), 100u);
  EXPECT_EQ(engine_.started().back().authorization, "Bearer two");
  for (int n = 0; n < 100; ++n) finish(status(200), "genesys.test");
  EXPECT_EQ(journal_.ended().size(), 100u);
  EXPECT_EQ(engine_.under_way(), 0u);
}

TEST_F(RouteTest, WhileThereIsNoTokenResultsWaitAndBackendsAreCalled) {
  engine_.finish(status(503), "login.test");
  settle();
  accept(1);
  finish(status(200, "1"), "backend.test");
  EXPECT_EQ(engine_.under_way(), 0u);
  advance(5s);
  grant_token("late");
  finish(status(200), "genesys.test");
  EXPECT_EQ(journal_.ended().size(), 1u);
}

// With nothing but stand-ins at the edges: a whole set of actors is lost in the middle of everything.
TEST_F(RouteTest, WhatIsUnderWayOutlivesTheServiceActors) {
  grant_token("a");
  accept(1);
  accept(2);
  finish(status(200, R"("first")"), "backend.test");
  ASSERT_EQ(engine_.under_way(), 2u) << "a callback and a backend call";
  const auto before = routes_;
  send_exit(before->pool, caf::exit_reason::kill);
  ASSERT_NE(routes_, before);
  // Those to whom these answers belong are gone.
  finish(broken(HttpFailure::reset), "genesys.test");
  finish(broken(HttpFailure::reset), "backend.test");
  grant_token("b");
  finish(status(200, R"("second")"), "backend.test");
  finish(status(200), "genesys.test");
  finish(status(200), "genesys.test");
  ASSERT_EQ(journal_.ended().size(), 2u);
  for (const auto& [execution, ending] : journal_.ended()) EXPECT_EQ(ending.reason, Reason::none);
  EXPECT_TRUE(deliveries_->open().empty());
  EXPECT_TRUE(given_up_.empty());
}

}  // namespace
}  // namespace fulfilld::test
