// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/target_health.hpp"

#include <gtest/gtest.h>

#include "tests/actors/doubles/answers.hpp"

namespace fulfilld {
namespace {

TEST(TargetHealth, AnyAnswerThatMakesSenseIsWell) {
  for (const int status : {200, 204, 302, 400, 401, 403, 404, 408, 409, 425, 499})
    EXPECT_EQ(target_health(test::status(status)), TargetHealth::well) << status;
}

TEST(TargetHealth, ServerErrorsAndSenselessStatusesAreIll) {
  for (const int status : {0, 100, 199, 500, 502, 503, 504, 599, 600, 999})
    EXPECT_EQ(target_health(test::status(status)), TargetHealth::ill) << status;
}

TEST(TargetHealth, RefusingIs429OrA503ThatSaysForHowLong) {
  EXPECT_EQ(target_health(test::status(429)), TargetHealth::refusing);
  for (const auto* wait : {"0", "5", "Mon, 23 Nov 2026 22:04:24 GMT"}) {
    HttpAnswer answer = test::status(503);
    answer.fields.push_back({"Retry-After", wait});
    EXPECT_EQ(target_health(answer), TargetHealth::refusing) << wait;
    answer.status = 500;
    EXPECT_EQ(target_health(answer), TargetHealth::ill) << wait;
  }
  HttpAnswer garbage = test::status(503);
  garbage.fields.push_back({"Retry-After", "soon"});
  EXPECT_EQ(target_health(garbage), TargetHealth::ill);
}

TEST(TargetHealth, OfEachFailure) {
  const std::pair<HttpFailure, TargetHealth> table[] = {
      {HttpFailure::resolve, TargetHealth::ill},       {HttpFailure::connect, TargetHealth::ill},
      {HttpFailure::tls, TargetHealth::ill},           {HttpFailure::timeout, TargetHealth::ill},
      {HttpFailure::reset, TargetHealth::ill},         {HttpFailure::bad_answer, TargetHealth::ill},
      {HttpFailure::too_large, TargetHealth::well},    {HttpFailure::no_socket, TargetHealth::unknown},
      {HttpFailure::cancelled, TargetHealth::unknown}, {HttpFailure::turned_away, TargetHealth::unknown},
  };
  for (const auto& [failure, health] : table) {
    for (const int status : {0, 200, 429, 500}) {
      HttpAnswer answer = test::status(status);
      answer.failure = failure;
      EXPECT_EQ(target_health(answer), health) << static_cast<int>(failure) << ' ' << status;
    }
  }
}

}  // namespace
}  // namespace fulfilld
