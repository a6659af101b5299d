// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/effect.hpp"

#include <gtest/gtest.h>

#include "tests/actors/doubles/answers.hpp"

namespace fulfilld::test {
namespace {

TEST(Effect, ACompleteAnswerOf2xxSaysThatItIsDone) {
  for (const int code : {200, 201, 202, 204, 299}) EXPECT_EQ(effect_of(status(code)), Effect::done) << code;
}

TEST(Effect, IsNothingOnlyWhereTheStandardSaysSo) {
  for (int code = 0; code < 1000; ++code) {
    const bool says_so = code == 401 || code == 407 || code == 421 || code == 425 || code == 429;
    EXPECT_EQ(effect_of(status(code)) == Effect::nothing, says_so) << code;
    EXPECT_EQ(effect_of(status(code, {}, "3")) == Effect::nothing, says_so) << code;
  }
}

TEST(Effect, Of503WithARetryAfterIsNothingWhereThatIsTrusted) {
  constexpr bool trusted = true;
  EXPECT_EQ(effect_of(status(503, {}, "3"), trusted), Effect::nothing);
  EXPECT_EQ(effect_of(status(503, {}, "Mon, 23 Nov 2026 22:04:34 +0000"), trusted), Effect::nothing);
  EXPECT_EQ(effect_of(status(503), trusted), Effect::unknown);
  EXPECT_EQ(effect_of(status(503, {}, "soon"), trusted), Effect::unknown);
  EXPECT_EQ(effect_of(status(502, {}, "3"), trusted), Effect::unknown);
  EXPECT_EQ(effect_of(status(504, {}, "3"), trusted), Effect::unknown);
}

TEST(Effect, OfWhatAGatewaySaysIsUnknown) {
  for (const int code : {502, 503, 504, 520, 522, 524, 529, 530, 598, 599})
    EXPECT_EQ(effect_of(status(code)), Effect::unknown) << code;
}

TEST(Effect, IsUnknownWhereTheBackendWasTooSlowOrPointsToTheResult) {
  EXPECT_EQ(effect_of(status(408)), Effect::unknown);
  EXPECT_EQ(effect_of(status(303)), Effect::unknown);
  for (const int code : {0, 100, 101, 199, 600, 999}) EXPECT_EQ(effect_of(status(code)), Effect::unknown) << code;
}

TEST(Effect, IsRefusedByTheBackendsOwnWord) {
  for (const int code : {301, 302, 304, 307, 308, 400, 402, 403, 404, 405, 409, 410, 412, 413, 415, 417,
                         422, 423, 424, 426, 428, 431, 451, 499, 500, 501, 505, 506, 507, 508, 510, 511})
    EXPECT_EQ(effect_of(status(code)), Effect::refused) << code;
}

TEST(Effect, OfABrokenExchangeIsNothingUnlessSomethingWasSent) {
  for (const auto failure : {HttpFailure::timeout, HttpFailure::reset, HttpFailure::bad_answer}) {
    EXPECT_EQ(effect_of(broken(failure, false)), Effect::nothing);
    EXPECT_EQ(effect_of(broken(failure, true)), Effect::unknown);
    for (const int code : {200, 401, 404, 429, 503}) {
      auto answer = status(code, {}, "3");
      answer.failure = failure;
      EXPECT_EQ(effect_of(answer, true), Effect::unknown) << code;
    }
  }
}

TEST(Effect, WithoutAConnectionIsNothing) {
  for (const auto failure : {HttpFailure::resolve, HttpFailure::connect, HttpFailure::tls, HttpFailure::turned_away})
    for (const bool sent : {false, true}) EXPECT_EQ(effect_of(broken(failure, sent)), Effect::nothing);
}

TEST(Effect, OfAnAnswerThatIsTooLargeIsWhatItsStatusRefuses) {
  for (const auto& [code, effect] : {std::pair{200, Effect::unknown},
                                     {0, Effect::unknown},
                                     {404, Effect::refused},
                                     {500, Effect::refused},
                                     {429, Effect::unknown},
                                     {502, Effect::unknown}}) {
    auto answer = status(code);
    answer.failure = HttpFailure::too_large;
    EXPECT_EQ(effect_of(answer), effect) << code;
  }
}

}  // namespace
}  // namespace fulfilld::test
