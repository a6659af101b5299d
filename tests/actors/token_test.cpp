// SPDX-License-Identifier: Apache-2.0
#include "actors/token.hpp"

#include <gmock/gmock.h>

#include "tests/actors/actor_test.hpp"
#include "tests/actors/doubles/answers.hpp"
#include "tests/actors/doubles/inbox.hpp"
#include "tests/actors/doubles/sample_execution.hpp"

namespace fulfilld::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

class TokenTest : public ActorTest {
 protected:
  TokenTest() {
    config_.credential = "genesys";
    config_.retry = {.attempts = 1000000, .attempt_timeout = 8s, .backoff = 1s, .backoff_max = 30s};
    config_.clock = &clock_;
    config_.observer = &observer_;
    config_.make_request = [this] {
      HttpRequest request;
      request.method = "POST";
      request.url = url_on("login.test");
      request.authorization = "Basic " + std::to_string(++requests_made_);
      return request;
    };
  }

  void start() { token_ = keep(system_.spawn(token, config_, limiter_, pool_)); }

  [[nodiscard]] std::size_t fetches() const { return limiter_inbox_.calls.size(); }

  /// Answers the newest fetch.
  void answer(HttpAnswer answer) {
    const auto call = limiter_inbox_.calls.back();
    call->answer = std::move(answer);
    send(token_, answered_atom_v, call);
  }

  void grant(const std::string& word, int seconds = 1000) {
    answer(status(200, R"({"access_token":")" + word + R"(","expires_in":)" + std::to_string(seconds) + "}"));
  }

  [[nodiscard]] const Token& pushed() const { return *pool_inbox_.tokens.back(); }

  TokenConfig config_;
  int requests_made_ = 0;
  Inbox limiter_inbox_;
  Inbox pool_inbox_;
  rate_limiter_actor limiter_ = keep(spawn_rate_limiter_double(system_, limiter_inbox_));
  http_pool_actor pool_ = keep(spawn_http_pool_double(system_, pool_inbox_));
  token_actor token_;
};

TEST_F(TokenTest, FetchesAtStartAndPushesWhatItGets) {
  start();
  ASSERT_EQ(fetches(), 1u);
  const auto& call = *limiter_inbox_.calls[0];
  EXPECT_EQ(call.request.method, "POST");
  EXPECT_EQ(call.request.authorization, "Basic 1");
  EXPECT_EQ(call.request.time_limit, 8s);
  EXPECT_EQ(call.lane, "https://login.test:443");
  EXPECT_EQ(call.credential, "") << "it would wait for itself";
  grant("one");
  ASSERT_EQ(pool_inbox_.tokens.size(), 1u);
  EXPECT_EQ(pushed().credential, "genesys");
  EXPECT_EQ(pushed().authorization, "Bearer one");
  EXPECT_EQ(pushed().version, 1u);
}

TEST_F(TokenTest, RefreshesAtEightyPerCentOfItsLife) {
  start();
  grant("one", 1000);
  advance(800s - 1ns);
  EXPECT_EQ(fetches(), 1u);
  advance(1ns);
  EXPECT_EQ(fetches(), 2u);
  EXPECT_EQ(pushed().authorization, "Bearer one") << "the old token is used until the new one is there";
  grant("two");
  EXPECT_EQ(pushed().authorization, "Bearer two");
  EXPECT_EQ(pushed().version, 2u);
}

TEST_F(TokenTest, ATokenThatWasRenewedInTimeNeverExpires) {
  start();
  grant("one", 1000);
  advance(800s);
  grant("two", 1000);
  advance(799s);
  EXPECT_EQ(fetches(), 2u);
  EXPECT_EQ(pushed().authorization, "Bearer two");
}

TEST_F(TokenTest, MakesEachRequestAnewSoThatARotatedSecretIsPickedUp) {
  start();
  grant("one", 1000);
  advance(800s);
  EXPECT_EQ(limiter_inbox_.calls.back()->request.authorization, "Basic 2");
}

TEST_F(TokenTest, ARefusalDropsTheTokenAndFetchesOne) {
  start();
  grant("one");
  send(token_, refused_atom_v, std::uint64_t{1});
  EXPECT_EQ(pushed().authorization, "");
  EXPECT_EQ(pushed().version, 1u);
  ASSERT_EQ(fetches(), 2u);
  grant("two");
  EXPECT_EQ(pushed().authorization, "Bearer two");
  EXPECT_EQ(pushed().version, 2u);
}

TEST_F(TokenTest, ManyRefusalsOfOneTokenAreOneFetch) {
  start();
  grant("one");
  for (int n = 0; n < 1000; ++n) send(token_, refused_atom_v, std::uint64_t{1});
  EXPECT_EQ(fetches(), 2u);
  EXPECT_EQ(pool_inbox_.tokens.size(), 2u);
  grant("two");
  for (int n = 0; n < 1000; ++n) send(token_, refused_atom_v, std::uint64_t{1});
  EXPECT_EQ(fetches(), 2u) << "an old token's refusal says nothing of the new one";
  EXPECT_EQ(pushed().authorization, "Bearer two");
}

TEST_F(TokenTest, ARefusalDuringARefreshAddsNoFetch) {
  start();
  grant("one", 1000);
  advance(800s);
  ASSERT_EQ(fetches(), 2u);
  send(token_, refused_atom_v, std::uint64_t{1});
  EXPECT_EQ(fetches(), 2u);
  EXPECT_EQ(pushed().authorization, "");
  grant("two");
  EXPECT_EQ(pushed().authorization, "Bearer two");
}

// Each token once left its own refresh behind, and each of those the next.
TEST_F(TokenTest, RefusalsDoNotMultiplyTheRefreshes) {
  start();
  grant("first", 1000);
  for (std::uint64_t version = 1; version <= 10; ++version) {
    advance(10s);
    send(token_, refused_atom_v, version);
    grant("next", 1000);
  }
  ASSERT_EQ(fetches(), 11u);
  advance(799s);
  EXPECT_EQ(fetches(), 11u);
  advance(1s);
  EXPECT_EQ(fetches(), 12u);
  grant("last", 1000);
  advance(799s);
  EXPECT_EQ(fetches(), 12u);
}

TEST_F(TokenTest, KeepsAtMostTwoAlarms) {
  start();
  for (std::uint64_t version = 1; version <= 100; ++version) {
    grant("x", 100000);
    EXPECT_LE(clock_.pending(), 2u);
    send(token_, refused_atom_v, version);
  }
}

TEST_F(TokenTest, BacksOffWhileTheEndpointFailsAndGoesOn) {
  start();
  for (int n = 1; n <= 100; ++n) {
    ASSERT_EQ(fetches(), static_cast<std::size_t>(n));
    answer(status(503));
    EXPECT_EQ(fetches(), static_cast<std::size_t>(n)) << "the next attempt waits";
    advance(31s);
  }
  EXPECT_EQ(fetches(), 101u);
  grant("late");
  EXPECT_EQ(pushed().authorization, "Bearer late");
}

TEST_F(TokenTest, GoesOnBackingOffWhenItsAttemptsAreUsedUp) {
  config_.retry.attempts = 3;
  start();
  for (std::size_t n = 1; n <= 20; ++n) {
    ASSERT_EQ(fetches(), n);
    answer(status(500));
    advance(999ms);
    ASSERT_EQ(fetches(), n) << "the endpoint is hammered";
    advance(31s);
  }
}

TEST_F(TokenTest, WaitsForAsLongAsTheEndpointAsksTo) {
  start();
  answer(status(429, {}, "120"));
  advance(120s - 1ms);
  EXPECT_EQ(fetches(), 1u);
  advance(1ms);
  EXPECT_EQ(fetches(), 2u);
}

TEST_F(TokenTest, AnythingThatIsNoTokenIsAFailure) {
  start();
  std::size_t expected = 1;
  for (const auto& bad : {status(401, R"({"error":"invalid_client"})"), status(200, "<html>"), status(302), status(200),
                          broken(HttpFailure::connect, false), broken(HttpFailure::timeout)}) {
    answer(bad);
    EXPECT_TRUE(pool_inbox_.tokens.empty());
    advance(31s);
    EXPECT_EQ(fetches(), ++expected);
  }
}

TEST_F(TokenTest, ACallThatWasTurnedAwayIsTriedLater) {
  start();
  auto& call = *limiter_inbox_.calls.back();
  call.turn_away();
  answer(call.answer);
  EXPECT_EQ(observer_.lines_with("Too many calls wait").size(), 1u);
  advance(2s);
  EXPECT_EQ(fetches(), 2u);
}

TEST_F(TokenTest, ALateTokenIsDroppedWhenItExpires) {
  start();
  grant("one", 1000);
  advance(800s);
  for (int n = 0; n < 6; ++n) {
    answer(status(503));
    advance(33s);
  }
  EXPECT_EQ(pushed().authorization, "Bearer one");
  answer(status(503));
  advance(33s);
  EXPECT_EQ(pushed().authorization, "") << "it is past its life";
  grant("two");
  EXPECT_EQ(pushed().authorization, "Bearer two");
  EXPECT_EQ(pushed().version, 2u);
}

TEST_F(TokenTest, ATokenThatLivesForOneSecondIsNoBusyLoop) {
  start();
  for (std::size_t n = 1; n <= 60; ++n) {
    ASSERT_EQ(fetches(), n);
    grant("brief", 1);
    EXPECT_EQ(fetches(), n);
    advance(1s);
  }
}

TEST_F(TokenTest, AnEngineThatStopsEndsTheFetching) {
  start();
  answer(broken(HttpFailure::cancelled));
  advance(1h);
  EXPECT_EQ(fetches(), 1u);
  EXPECT_EQ(clock_.pending(), 0u);
}

TEST_F(TokenTest, TellsWhatHappensButNeverTheToken) {
  start();
  answer(status(401, R"({"error":"invalid_client"})"));
  advance(2s);
  grant("s3cr3t");
  send(token_, refused_atom_v, std::uint64_t{1});
  EXPECT_EQ(observer_.lines_with("invalid_client").size(), 1u);
  EXPECT_EQ(observer_.lines_with("fetched, valid for 1000 s").size(), 1u);
  EXPECT_EQ(observer_.lines_with("refused").size(), 1u);
  for (const auto& line : observer_.lines()) EXPECT_THAT(line, Not(HasSubstr("s3cr3t")));
}

}  // namespace
}  // namespace fulfilld::test
