// SPDX-License-Identifier: Apache-2.0
#include <chrono>

#include "tests/actors/rate_limiter_fixture.hpp"

namespace fulfilld::test {
namespace {

using namespace std::chrono_literals;

class RateLimiterTokenTest : public RateLimiterTest {
 protected:
  CallPtr call_for(const std::string& credential, std::uint64_t tag) { return call_with(credential, tag, "a"); }

  CallPtr call_until(MonotonicTime last_end, std::uint64_t tag, bool patient = false) {
    auto made = make_call(tag, "a");
    made->credential = "genesys";
    made->last_end = last_end;
    made->patient = patient;
    return hand_in(std::move(made));
  }

  void push_problem(bool hopeless, MonotonicTime next_fetch, const std::string& credential = "genesys") {
    const TokenOutlook outlook{.problem = "status 401", .hopeless = hopeless, .next_fetch = next_fetch};
    send(limiter_, token_atom_v, std::make_shared<const TokenProblem>(TokenProblem{credential, outlook}));
  }
};

TEST_F(RateLimiterTokenTest, ATokenReleasesTheCallsThatWaitForIt) {
  start();
  const auto first = call_for("genesys", 1);
  call_with("genesys", 2, "b");
  const auto third = call_for("other", 3);
  const auto fourth = call(4, "a");
  EXPECT_EQ(granted(), (Tags{4}));
  push_token(1, "Bearer one");
  EXPECT_EQ(granted(), (Tags{4, 1, 2}));
  EXPECT_EQ(first->request.authorization, "Bearer one");
  EXPECT_EQ(first->token_version, 1u);
  EXPECT_EQ(fourth->request.authorization, "");
  push_token(1, "Bearer of another", "other");
  EXPECT_EQ(third->request.authorization, "Bearer of another");
}

TEST_F(RateLimiterTokenTest, ACallWithoutCredentialKeepsItsOwnAuthorization) {
  start();
  auto own = make_call(1, "a");
  own->request.authorization = "Basic abc";
  hand_in(own);
  EXPECT_EQ(own->request.authorization, "Basic abc");
}

TEST_F(RateLimiterTokenTest, ACallThatSawATokenRefusedWaitsForANewerOne) {
  start();
  push_token(3, "Bearer three");
  auto refused = make_call(1, "a");
  refused->credential = "genesys";
  refused->refused_token = 3;
  hand_in(refused);
  call_for("genesys", 2);
  EXPECT_EQ(granted(), (Tags{2}));
  push_token(3, "Bearer three");
  EXPECT_EQ(granted(), (Tags{2}));
  push_token(4, "Bearer four");
  EXPECT_EQ(granted(), (Tags{2, 1}));
  EXPECT_EQ(refused->request.authorization, "Bearer four");
}

TEST_F(RateLimiterTokenTest, ADroppedTokenIsNotUsed) {
  start();
  push_token(1, "Bearer one");
  push_token(1, "");
  call_for("genesys", 1);
  EXPECT_TRUE(granted().empty());
  push_token(2, "Bearer two");
  EXPECT_EQ(granted(), (Tags{1}));
}

TEST_F(RateLimiterTokenTest, ACallThatQueuedForItsTargetUsesTheTokenOfNow) {
  config_.default_target.concurrency = 1;
  start();
  push_token(1, "Bearer one");
  const auto first = call_for("genesys", 1);
  const auto second = call_for("genesys", 2);
  const auto third = call_for("genesys", 3);
  push_token(2, "Bearer two");
  answer(first, status(200));
  EXPECT_EQ(second->request.authorization, "Bearer two");
  push_token(2, "");
  answer(second, status(200));
  EXPECT_EQ(granted(), (Tags{1, 2})) << "the token was dropped while the call waited for its place";
  push_token(3, "Bearer three");
  EXPECT_EQ(third->request.authorization, "Bearer three");
  EXPECT_EQ(granted(), (Tags{1, 2, 3}));
}

TEST_F(RateLimiterTokenTest, WhoWaitsForATokenHoldsNoPlaceOfItsTarget) {
  config_.default_target.concurrency = 1;
  start();
  call_for("genesys", 1);
  call(2, "a");
  EXPECT_EQ(granted(), (Tags{2}));
}

TEST_F(RateLimiterTokenTest, CallsReleasedByATokenStillKeepTheRate) {
  config_.lanes["callback"].rate = {.count = 2, .period = 1s};
  start();
  for (std::uint64_t tag = 1; tag <= 6; ++tag) {
    auto made = make_call(tag, "a");
    made->lane = "callback";
    made->credential = "genesys";
    hand_in(std::move(made));
  }
  advance(1min);
  push_token(1, "Bearer one");
  EXPECT_EQ(granted(), (Tags{1, 2})) << "the bucket holds no more, however long there was no token";
  advance(1s);
  EXPECT_EQ(granted(), (Tags{1, 2, 3, 4}));
}

TEST_F(RateLimiterTokenTest, CallsThatWaitForATokenAreBounded) {
  config_.max_waiting_for_token = 2;
  start();
  for (std::uint64_t tag = 1; tag <= 3; ++tag) call_for("genesys", tag);
  EXPECT_EQ(turned_away(Reason::no_token), (Tags{3}));
}

TEST_F(RateLimiterTokenTest, AbandonedCallsTakeNoRoomFromThoseThatWaitForAToken) {
  config_.max_waiting_for_token = 2;
  start();
  call_for("genesys", 1)->abandon();
  call_for("genesys", 2)->abandon();
  call_for("genesys", 3);
  EXPECT_TRUE(requester_inbox_.answered.empty());
  push_token(1, "Bearer one");
  EXPECT_EQ(granted(), (Tags{3}));
}

TEST_F(RateLimiterTokenTest, TheQuotaThatThePlatformReportsIsKept) {
  start();
  push_token(1, "Bearer one");
  const auto first = call_for("genesys", 1);
  auto report = status(200);
  report.fields = {{"inin-ratelimit-count", "298"}, {"inin-ratelimit-allowed", "300"}, {"inin-ratelimit-reset", "20"}};
  answer(first, report);
  for (std::uint64_t tag = 2; tag <= 5; ++tag) call_for("genesys", tag);
  EXPECT_EQ(granted(), (Tags{1, 2, 3})) << "two are left in this window";
  advance(20s);
  EXPECT_EQ(granted(), (Tags{1, 2, 3, 4, 5}));
}

TEST_F(RateLimiterTokenTest, WhoseTimeIsOverBeforeTheNextFetchIsToldSoAtOnce) {
  start();
  const auto now = clock_.now();
  call_until(now + 5s, 1);
  call_until(now + 6s, 2);
  EXPECT_TRUE(requester_inbox_.answered.empty());
  push_problem(false, now + 5s);
  EXPECT_EQ(turned_away(Reason::no_token), (Tags{1}));
  EXPECT_EQ(requester_inbox_.answered[0]->answer.detail, "status 401");
  call_until(now + 5s, 3);
  EXPECT_EQ(turned_away(Reason::no_token), (Tags{1, 3})) << "and who comes later, too";
  push_token(1, "Bearer one");
  EXPECT_EQ(granted(), (Tags{2}));
}

TEST_F(RateLimiterTokenTest, NobodyButThePatientWaitsForAnEndpointThatRefusesForGood) {
  start();
  const auto late = clock_.now() + 1h;
  call_until(late, 1);
  call_until(late, 2, /*patient=*/true);
  push_problem(true, clock_.now() + 1s);
  EXPECT_EQ(turned_away(Reason::no_token), (Tags{1}));
  call_until(late, 3);
  call_until(late, 4, /*patient=*/true);
  call_with("other", 5, "a");
  EXPECT_EQ(turned_away(Reason::no_token), (Tags{1, 3}));
  push_token(1, "Bearer one");
  EXPECT_EQ(granted(), (Tags{2, 4}));
  call_until(late, 6);
  EXPECT_EQ(granted(), (Tags{2, 4, 6})) << "the refusals are forgotten";
}

TEST_F(RateLimiterTokenTest, ATokenInUseIsUsedOnWhileNoNewerOneIsToBeHad) {
  start();
  push_token(1, "Bearer one");
  push_problem(true, clock_.now() + 30s);
  call_until(clock_.now() + 5s, 1);
  EXPECT_EQ(granted(), (Tags{1}));
  auto refused = make_call(2, "a");
  refused->credential = "genesys";
  refused->refused_token = 1;
  hand_in(refused);
  EXPECT_EQ(turned_away(Reason::no_token), (Tags{2}));
  push_token(1, "");
  call_until(clock_.now() + 5s, 3);
  EXPECT_EQ(turned_away(Reason::no_token), (Tags{2, 3})) << "it is past its life by now";
}

TEST_F(RateLimiterTokenTest, ACallThatWaitsForATokenKnowsWhy) {
  start();
  const auto waiting = call_until(clock_.now() + 1h, 1);
  ASSERT_TRUE(waiting->waits_for_token());
  EXPECT_EQ(*waiting->waits_for_token(), "the first one is still being fetched");
  push_problem(false, clock_.now() + 1s);
  EXPECT_EQ(*waiting->waits_for_token(), "status 401");
  push_token(1, "Bearer one");
  EXPECT_FALSE(waiting->waits_for_token());
  push_token(1, "");
  const auto next = call_until(clock_.now() + 1h, 2);
  ASSERT_TRUE(next->waits_for_token());
  EXPECT_NE(*next->waits_for_token(), "status 401") << "that is over";
}

}  // namespace
}  // namespace fulfilld::test
