// SPDX-License-Identifier: Apache-2.0
#include "tests/simulator/rate_limit.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/actors/doubles/virtual_time.hpp"
#include "tests/simulator/read_json.hpp"

namespace fulfilld::simulator {
namespace {

using namespace std::chrono_literals;
using test::start;

RateLimit two_a_second() {
  RateLimit limit;
  limit.set(RateLimitSettings{2, 1000ms});
  return limit;
}

TEST(RateLimit, IsNotThereUntilItIsSet) {
  RateLimit limit;
  EXPECT_FALSE(limit.enter("a", start));
  limit.set(RateLimitSettings{});
  EXPECT_TRUE(limit.enter("a", start));
  limit.set(std::nullopt);
  EXPECT_FALSE(limit.enter("a", start));
}

TEST(RateLimit, PermitsSoManyInAWindowThatBeginsWithTheFirst) {
  auto limit = two_a_second();
  EXPECT_TRUE(limit.enter("a", start + 5500ms)->permitted);
  EXPECT_TRUE(limit.enter("a", start + 6000ms)->permitted);
  EXPECT_FALSE(limit.enter("a", start + 6499ms)->permitted);
  EXPECT_TRUE(limit.enter("a", start + 6500ms)->permitted);
}

TEST(RateLimit, SaysWhatIsUsedAndWhenItStartsAnew) {
  auto limit = two_a_second();
  EXPECT_EQ(limit.enter("a", start)->count, 1U);
  const auto second = limit.enter("a", start + 1ms);
  EXPECT_EQ(second->count, 2U);
  EXPECT_EQ(second->allowed, 2U);
  EXPECT_EQ(second->until_reset, 1s) << "rounded up";
  EXPECT_EQ(limit.enter("a", start + 2ms)->count, 2U) << "what is refused does not count";
}

TEST(RateLimit, CountsEachKeyByItself) {
  auto limit = two_a_second();
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(limit.enter("a", start)->permitted);
  EXPECT_FALSE(limit.enter("a", start)->permitted);
  EXPECT_TRUE(limit.enter("b", start)->permitted);
}

TEST(RateLimit, CountsOnWhenItIsSetToWhatItIs) {
  auto limit = two_a_second();
  for (int i = 0; i < 2; ++i) static_cast<void>(limit.enter("a", start));
  limit.set(RateLimitSettings{2, 1000ms});
  EXPECT_FALSE(limit.enter("a", start)->permitted);
  limit.set(RateLimitSettings{3, 1000ms});
  EXPECT_TRUE(limit.enter("a", start)->permitted);
}

TEST(RateLimit, IsReadFromJson) {
  EXPECT_FALSE(parse_rate_limit(nullptr));
  EXPECT_EQ(parse_rate_limit(nlohmann::json::object()), (RateLimitSettings{300, 60000ms}));
  EXPECT_EQ(parse_rate_limit(nlohmann::json::parse(R"({"allowed":5,"window_ms":200})")), (RateLimitSettings{5, 200ms}));
  EXPECT_THROW(static_cast<void>(parse_rate_limit(nlohmann::json::parse(R"({"window_ms":0})"))), BadSetting);
  EXPECT_THROW(static_cast<void>(parse_rate_limit(nlohmann::json::parse(R"({"per_second":5})"))), BadSetting);
}

}  // namespace
}  // namespace fulfilld::simulator
