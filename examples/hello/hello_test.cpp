// SPDX-License-Identifier: Apache-2.0
#include <fulfill/json.hpp>
#include <fulfill/testing.hpp>

namespace {

using fulfill::Json;
using fulfill::testing::Bench;

TEST(Hello, GreetsWhomTheInputNames) {
  Bench bench;
  const auto outcome = bench.run(R"({"name":"Ada"})");
  EXPECT_EQ(outcome.json(), Json({{"text", "Hello, Ada!"}}));
}

TEST(Hello, TakesTheGreetingFromItsSettings) {
  Bench bench;
  bench.setting("greeting", "Buongiorno");
  EXPECT_EQ(bench.run(R"({"name":"Ada"})").json(), Json({{"text", "Buongiorno, Ada!"}}));
}

TEST(Hello, RefusesAnInputWithoutAName) {
  Bench bench;
  const auto outcome = bench.run(R"({"nom":"Ada"})");
  EXPECT_EQ(outcome.code(), "bad_input");
  EXPECT_EQ(outcome.message(), "the input has no field \"name\"");
}

TEST(Hello, RefusesASettingThatItDoesNotKnow) {
  Bench bench;
  bench.setting("greetings", "Hello");
  EXPECT_EQ(bench.refusal(), "unknown setting \"greetings\"; known: greeting");
}

}  // namespace
