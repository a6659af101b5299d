// SPDX-License-Identifier: Apache-2.0
#include "actors/token.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <vector>

#include "actors/call.hpp"
#include "tests/actors/actor_test.hpp"
#include "tests/actors/doubles/answers.hpp"
#include "tests/actors/doubles/inbox.hpp"
#include "tests/actors/doubles/sample_execution.hpp"

namespace fulfilld::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
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

  void start() { token_ = keep(system_.spawn(token, config_, limiter_)); }

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

  [[nodiscard]] const Token& pushed() const { return *limiter_inbox_.tokens.back(); }

  /// What calls were last told of why there is none.
  [[nodiscard]] const TokenOutlook& outlook() const { return limiter_inbox_.token_problems.back()->outlook; }

  TokenConfig config_;
  int requests_made_ = 0;
  Inbox limiter_inbox_;
  rate_limiter_actor limiter_ = keep(spawn_rate_limiter_double(system_, limiter_inbox_));
  token_actor token_;
};

TEST_F(TokenTest, FetchesAtStartAndPushesWhatItGets) {
  start();
  ASSERT_EQ(fetches(), 1u);
  const auto& call = *limiter_inbox_.calls[0];
  EXPECT_EQ(call.request.method, "POST");
  EXPECT_EQ(call.request.authorization, "Basic 1");
  EXPECT_EQ(call.request.time_limit, 8s);
  EXPECT_EQ(call.lane, "") << "its origin is its target";
  EXPECT_EQ(call.last_end, clock_.now() + 68s) << "it does not wait for ever";
  EXPECT_FALSE(call.retry);
  EXPECT_EQ(call.credential, "") << "it would wait for itself";
  grant("one");
  ASSERT_EQ(limiter_inbox_.tokens.size(), 1u);
  EXPECT_EQ(pushed().credential, "genesys");
  EXPECT_EQ(pushed().authorization, "Bearer one");
  EXPECT_EQ(pushed().version, 1u);
}

TEST_F(TokenTest, TellsOfEachTokenBeforeAnyoneCanUseIt) {
  start();
  grant("first-token-of-all");
  advance(800s);
  grant("second-token-of-all");
  EXPECT_EQ(config_.redaction.clean("first-token-of-all, second-token-of-all"), "***, ***");
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
  EXPECT_EQ(limiter_inbox_.tokens.size(), 2u);
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
    advance(30s);
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

TEST_F(TokenTest, KeepsAtMostThreeAlarms) {
  start();
  for (std::uint64_t version = 1; version <= 100; ++version) {
    grant("x", 100000);
    send(token_, refused_atom_v, version);
    EXPECT_LE(clock_.pending(), 3u);
    advance(60s);
    ASSERT_EQ(fetches(), version + 1);
  }
}

TEST_F(TokenTest, BacksOffWhileTheEndpointFailsAndGoesOn) {
  start();
  for (int n = 1; n <= 100; ++n) {
    ASSERT_EQ(fetches(), static_cast<std::size_t>(n));
    answer(status(503));
    advance(31s);
  }
  EXPECT_EQ(fetches(), 101u);
  EXPECT_TRUE(limiter_inbox_.calls.back()->retry);
  grant("late");
  EXPECT_EQ(pushed().authorization, "Bearer late");
}

// Chance decides each pause; on average they are half of backoff_max.
TEST_F(TokenTest, DoesNotHammerAnEndpointThatFails) {
  config_.retry.attempts = 3;
  start();
  for (int second = 0; second < 3600; ++second) {
    if (clock_.pending() == 0) answer(status(500));
    advance(1s);
  }
  EXPECT_GE(fetches(), 120u);
  EXPECT_LE(fetches(), 480u);
}

TEST_F(TokenTest, WaitsForAsLongAsTheEndpointAsksTo) {
  start();
  answer(status(429, {}, "50"));
  advance(50s - 1ms);
  EXPECT_EQ(fetches(), 1u);
  advance(1ms);
  EXPECT_EQ(fetches(), 2u);
}

TEST_F(TokenTest, WaitsForAMinuteAtMostWhateverTheEndpointAsks) {
  start();
  std::size_t expected = 1;
  for (const auto* long_time : {"61", "3600", "99999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"}) {
    answer(status(429, {}, long_time));
    advance(60s - 1ms);
    EXPECT_EQ(fetches(), expected) << long_time;
    advance(1ms);
    EXPECT_EQ(fetches(), ++expected) << long_time;
  }
}

struct Lie {
  std::string what;
  HttpAnswer answer;
};

class LyingEndpoint : public TokenTest, public testing::WithParamInterface<Lie> {};

// Whatever it answers: no token is pushed, and the next fetch comes soon.
TEST_P(LyingEndpoint, CostsNothingButTime) {
  start();
  for (std::size_t n = 1; n <= 5; ++n) {
    ASSERT_EQ(fetches(), n);
    answer(GetParam().answer);
    EXPECT_TRUE(limiter_inbox_.tokens.empty());
    advance(60s);
  }
  grant("honest");
  EXPECT_EQ(pushed().authorization, "Bearer honest");
}

HttpAnswer turned_away(Reason why) {
  Call call;
  call.turn_away(why);
  return call.answer;
}

const std::string deep(100000, '[');

INSTANTIATE_TEST_SUITE_P(
    Answers, LyingEndpoint,
    testing::Values(Lie{"refused", status(401, R"({"error":"invalid_client"})")}, Lie{"forbidden", status(403)},
                    Lie{"html", status(200, "<html>")}, Lie{"nothing", status(200)}, Lie{"no_content", status(204)},
                    Lie{"redirect", status(302)}, Lie{"error_with_200", status(200, R"({"error":"invalid_client"})")},
                    Lie{"null", status(200, "null")}, Lie{"deep", status(200, deep)},
                    Lie{"empty", status(200, R"({"access_token":"","expires_in":86400})")},
                    Lie{"control_characters", status(200, R"({"access_token":"a\r\nX-Evil: 1"})")},
                    Lie{"long", status(200, R"({"access_token":")" + std::string(8001, 'x') + "\"}")},
                    Lie{"cut_off", status(200, R"({"access_token":"abc)")}, Lie{"busy", status(503, {}, "86400")},
                    Lie{"unreachable", broken(HttpFailure::connect, false)}, Lie{"slow", broken(HttpFailure::timeout)},
                    Lie{"reset", broken(HttpFailure::reset)}, Lie{"huge", broken(HttpFailure::too_large)},
                    Lie{"no_http", broken(HttpFailure::bad_answer)}, Lie{"no_tls", broken(HttpFailure::tls, false)},
                    Lie{"no_name", broken(HttpFailure::resolve, false)},
                    Lie{"broken_target", turned_away(Reason::circuit_open)},
                    Lie{"full", turned_away(Reason::queue_full)}, Lie{"too_late", turned_away(Reason::deadline)},
                    Lie{"closed", turned_away(Reason::retry_after_exceeds_deadline)}),
    [](const auto& lie) { return lie.param.what; });

TEST_F(TokenTest, ASenselessLifetimeIsNoBusyLoop) {
  start();
  std::size_t expected = 1;
  for (const auto* expires_in : {"0", "-1", "null", "0.001", "\"soon\"", "1e300"}) {
    answer(status(200, R"({"access_token":"abc","expires_in":)" + std::string(expires_in) + "}"));
    EXPECT_EQ(pushed().authorization, "Bearer abc") << expires_in;
    advance(200s);
    EXPECT_EQ(fetches(), expected) << expires_in;
    send(token_, renew_atom_v);
    ++expected;
  }
}

TEST_F(TokenTest, ALateTokenIsDroppedWhenItExpires) {
  start();
  grant("one", 1000);
  advance(800s);
  while (clock_.now() < FakeClock::start + 1000s) {
    EXPECT_EQ(pushed().authorization, "Bearer one");
    const auto before = fetches();
    answer(status(503));
    while (fetches() == before) advance(1ms);
  }
  EXPECT_EQ(pushed().authorization, "") << "it is past its life";
  grant("two");
  EXPECT_EQ(pushed().authorization, "Bearer two");
  EXPECT_EQ(pushed().version, 2u);
}

// Seconds from one fetch to the next when each token is refused as soon as it is there.
TEST_F(TokenTest, APlatformThatRefusesEveryTokenIsNoStormOnTheEndpoint) {
  start();
  grant("one");
  std::vector<std::chrono::nanoseconds> gaps;
  for (std::uint64_t version = 1; version <= 8; ++version) {
    const auto granted = clock_.now();
    const auto before = fetches();
    for (int n = 0; n < 1000; ++n) send(token_, refused_atom_v, version);
    while (fetches() == before) advance(1s);
    EXPECT_EQ(fetches(), before + 1);
    gaps.push_back(clock_.now() - granted);
    grant("next");
  }
  EXPECT_THAT(gaps, ElementsAre(0s, 5s, 10s, 20s, 40s, 60s, 60s, 60s));
}

TEST_F(TokenTest, OneThatIsRefusedLikeTheOneBeforeStaysInUseUntilTheNextOneIsFetched) {
  start();
  grant("one");
  send(token_, refused_atom_v, std::uint64_t{1});
  EXPECT_EQ(pushed().authorization, "");
  grant("two");
  send(token_, refused_atom_v, std::uint64_t{2});
  EXPECT_EQ(pushed().authorization, "Bearer two") << "it may be good for others";
  advance(5s);
  grant("three");
  EXPECT_EQ(pushed().authorization, "Bearer three");
}

TEST_F(TokenTest, ATokenThatWasGoodForAWhileIsReplacedAtOnce) {
  start();
  for (std::uint64_t version = 1; version <= 10; ++version) {
    grant("good");
    advance(30s);
    const auto before = fetches();
    send(token_, refused_atom_v, version);
    ASSERT_EQ(fetches(), before + 1);
    EXPECT_EQ(pushed().authorization, "");
  }
}

TEST_F(TokenTest, RenewsAtOnceAndUsesTheOldOneUntilThen) {
  start();
  grant("one");
  advance(1s);
  send(token_, renew_atom_v);
  ASSERT_EQ(fetches(), 2u);
  EXPECT_EQ(limiter_inbox_.calls.back()->request.authorization, "Basic 2");
  EXPECT_EQ(limiter_inbox_.tokens.size(), 1u);
  grant("two");
  EXPECT_EQ(pushed().authorization, "Bearer two");
  EXPECT_EQ(pushed().version, 2u);
  advance(799s);
  EXPECT_EQ(fetches(), 2u) << "no refresh of the old one";
}

TEST_F(TokenTest, KeepsTheOldOneWhenTheRenewalFailsAndGoesOnTrying) {
  start();
  grant("one");
  send(token_, renew_atom_v);
  for (std::size_t n = 2; n <= 10; ++n) {
    ASSERT_EQ(fetches(), n);
    answer(status(401, R"({"error":"invalid_client"})"));
    advance(31s);
  }
  EXPECT_EQ(limiter_inbox_.tokens.size(), 1u);
  EXPECT_EQ(pushed().authorization, "Bearer one");
  grant("two");
  EXPECT_EQ(pushed().authorization, "Bearer two");
}

TEST_F(TokenTest, ARenewalEndsTheWaitForTheNextAttempt) {
  start();
  answer(status(503, {}, "50"));
  send(token_, renew_atom_v);
  ASSERT_EQ(fetches(), 2u);
  EXPECT_EQ(clock_.pending(), 0u);
  advance(60s);
  EXPECT_EQ(fetches(), 2u);
}

TEST_F(TokenTest, ARenewalDuringAFetchIsAnotherOneWithTheNewSecret) {
  start();
  for (int n = 0; n < 5; ++n) send(token_, renew_atom_v);
  EXPECT_EQ(fetches(), 1u) << "one at a time";
  answer(status(401, R"({"error":"invalid_client"})"));
  ASSERT_EQ(fetches(), 2u) << "at once";
  EXPECT_EQ(limiter_inbox_.calls.back()->request.authorization, "Basic 2");
  grant("one");
  EXPECT_EQ(fetches(), 2u);
  send(token_, renew_atom_v);
  send(token_, renew_atom_v);
  grant("of the old secret");
  ASSERT_EQ(fetches(), 4u);
  grant("of the new secret");
  EXPECT_EQ(fetches(), 4u);
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
  EXPECT_EQ(observer_.lines_with("dropped: the platform refused it").size(), 1u);
  for (const auto& line : observer_.lines()) EXPECT_THAT(line, Not(HasSubstr("s3cr3t")));
}

const auto invalid_client = [] { return status(401, R"({"error":"invalid_client","error_description":"unknown"})"); };

TEST_F(TokenTest, TellsThoseWhoWaitWhyThereIsNoneAndWhenTheNextMayCome) {
  start();
  answer(status(503, {}, "20"));
  ASSERT_EQ(limiter_inbox_.token_problems.size(), 1u);
  EXPECT_EQ(limiter_inbox_.token_problems[0]->credential, "genesys");
  EXPECT_EQ(outlook().problem, "credential 'genesys': status 503");
  EXPECT_FALSE(outlook().hopeless);
  EXPECT_EQ(outlook().next_fetch, clock_.now() + 20s);
}

TEST_F(TokenTest, ThereIsNoHopeAfterASecondRefusalAndTheEndpointIsAskedOn) {
  start();
  answer(invalid_client());
  EXPECT_THAT(outlook().problem, HasSubstr("status 401 (invalid_client: unknown)"));
  EXPECT_FALSE(outlook().hopeless);
  advance(1s);
  ASSERT_EQ(fetches(), 2u) << "with the secret as it is by now";
  answer(invalid_client());
  EXPECT_TRUE(outlook().hopeless);
  for (std::size_t n = 3; n <= 20; ++n) {
    advance(31s);
    ASSERT_EQ(fetches(), n);
    answer(invalid_client());
    EXPECT_TRUE(outlook().hopeless);
  }
  advance(31s);
  grant("mended");
  EXPECT_EQ(pushed().authorization, "Bearer mended");
}

TEST_F(TokenTest, ASecretThatIsReadAnewBringsHope) {
  start();
  answer(invalid_client());
  advance(1s);
  answer(invalid_client());
  ASSERT_TRUE(outlook().hopeless);
  send(token_, renew_atom_v);
  EXPECT_FALSE(outlook().hopeless);
  EXPECT_EQ(outlook().next_fetch, clock_.now());
  answer(invalid_client());
  EXPECT_FALSE(outlook().hopeless);
  advance(1s);
  answer(invalid_client());
  EXPECT_TRUE(outlook().hopeless);
}

TEST_F(TokenTest, WhatTheEndpointSaidIsKeptWhileItIsNotCalled) {
  start();
  answer(status(500, R"({"error":"the database is gone"})"));
  advance(1s);
  answer(turned_away(Reason::circuit_open));
  EXPECT_THAT(outlook().problem, HasSubstr("not called for now (circuit_open)"));
  EXPECT_THAT(outlook().problem, HasSubstr("the database is gone"));
}

TEST_F(TokenTest, ThatEachNewOneIsRefusedIsToldToThoseWhoWaitForTheNext) {
  start();
  grant("one");
  send(token_, refused_atom_v, std::uint64_t{1});
  EXPECT_TRUE(limiter_inbox_.token_problems.empty());
  grant("two");
  send(token_, refused_atom_v, std::uint64_t{2});
  ASSERT_EQ(limiter_inbox_.token_problems.size(), 1u);
  EXPECT_EQ(outlook().next_fetch, clock_.now() + 5s);
  EXPECT_FALSE(outlook().hopeless);
}

TEST_F(TokenTest, NeitherTheLogNorTheCallsHearTheSecret) {
  config_.redaction = Redaction({"hush-of-the-client"});
  start();
  answer(status(401, R"({"error":"invalid_client","error_description":"hush-of-the-client is wrong"})"));
  EXPECT_THAT(outlook().problem, HasSubstr("*** is wrong"));
  EXPECT_EQ(observer_.lines_with("*** is wrong").size(), 1u);
  EXPECT_TRUE(observer_.lines_with("hush").empty());
}

}  // namespace
}  // namespace fulfilld::test
