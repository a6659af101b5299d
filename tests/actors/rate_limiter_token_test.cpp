// SPDX-License-Identifier: Apache-2.0
#include <chrono>

#include "tests/actors/rate_limiter_fixture.hpp"

namespace fulfilld::test {
namespace {

using namespace std::chrono_literals;

class RateLimiterTokenTest : public RateLimiterTest {
 protected:
  CallPtr call_for(const std::string& credential, std::uint64_t tag) { return call_with(credential, tag, "a"); }
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

}  // namespace
}  // namespace fulfilld::test
