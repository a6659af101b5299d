// SPDX-License-Identifier: Apache-2.0
#include "tests/simulator/fault.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/actors/doubles/virtual_time.hpp"
#include "tests/simulator/fault_plan.hpp"
#include "tests/simulator/read_json.hpp"

namespace fulfilld::simulator {
namespace {

using Json = nlohmann::json;
using test::start;

FaultRule rule(const char* json) { return parse_fault_rule(Json::parse(json)); }

std::string refusal(const char* json) {
  try {
    static_cast<void>(rule(json));
    return "";
  } catch (const BadSetting& problem) {
    return problem.what();
  }
}

/// The statuses that `requests` requests of one execution get; 0: no fault.
std::vector<int> statuses(FaultPlan& plan, int requests, const std::string& execution = "e") {
  std::vector<int> result;
  for (int attempt = 1; attempt <= requests; ++attempt) {
    const auto fault = plan.choose(Side::backend, std::nullopt, "/backend", execution, attempt, start);
    result.push_back(fault ? fault->status.value_or(-1) : 0);
  }
  return result;
}

TEST(Fault, NamesAMemberThatItDoesNotKnow) {
  EXPECT_EQ(refusal(R"({"staus":503})"), "unknown member: staus");
  EXPECT_THAT(refusal(R"({"cut":"bang"})"), testing::StartsWith(R"(cut: "bang" is none of hang, close, reset)"));
  EXPECT_THAT(refusal(R"({"status":"503"})"), testing::StartsWith("status: "));
  EXPECT_THAT(refusal("[]"), testing::HasSubstr("not an object"));
}

TEST(Fault, IsReadFromAQueryAsFromJson) {
  const auto read = parse_fault_query({{"status", "503"},
                                       {"times", "2"},
                                       {"retry_after", "soon"},
                                       {"cut", "reset"},
                                       {"after", "17"},
                                       {"customer", "5"}});
  ASSERT_TRUE(read);
  EXPECT_EQ(read->fault.status, 503);
  EXPECT_EQ(read->times, 2U);
  EXPECT_EQ(read->fault.retry_after, "soon");
  EXPECT_EQ(read->fault.cut, Fault::Cut::reset);
  EXPECT_EQ(read->fault.after, Fault::After::bytes);
  EXPECT_EQ(read->fault.after_bytes, 17U);
  EXPECT_TRUE(read->per_execution);
}

TEST(Fault, IsNotWantedByAQueryOfOtherThings) { EXPECT_FALSE(parse_fault_query({{"customer", "5"}})); }

TEST(FaultPlan, MeetsTheFirstOfTheRun) {
  FaultPlan plan(1);
  plan.set_rules(Side::backend, {rule(R"({"status":503,"times":2})")});
  EXPECT_EQ(statuses(plan, 4), (std::vector{503, 503, 0, 0}));
}

TEST(FaultPlan, MeetsTheFirstOfEachExecution) {
  FaultPlan plan(1);
  plan.set_rules(Side::backend, {rule(R"({"status":503,"times":1,"per":"execution"})")});
  EXPECT_EQ(statuses(plan, 2, "a"), (std::vector{503, 0}));
  EXPECT_EQ(statuses(plan, 2, "b"), (std::vector{503, 0}));
}

TEST(FaultPlan, MeetsEverySoManieth) {
  FaultPlan plan(1);
  plan.set_rules(Side::backend, {rule(R"({"status":500,"every":3})")});
  EXPECT_EQ(statuses(plan, 7), (std::vector{0, 0, 500, 0, 0, 500, 0}));
}

TEST(FaultPlan, RollsTheSameDiceForTheSameSeed) {
  const auto roll = [](std::uint64_t seed) {
    FaultPlan plan(seed);
    plan.set_rules(Side::backend, {rule(R"({"status":500,"probability":0.2})")});
    return statuses(plan, 1000);
  };
  EXPECT_EQ(roll(7), roll(7));
  EXPECT_NE(roll(7), roll(8));
  const auto rolled = roll(7);
  EXPECT_NEAR(static_cast<double>(std::count(rolled.begin(), rolled.end(), 500)), 200, 60);
}

TEST(FaultPlan, TakesTheFirstRuleThatApplies) {
  FaultPlan plan(1);
  plan.set_rules(Side::backend, {rule(R"({"status":503,"times":1})"), rule(R"({"status":429,"times":1})")});
  EXPECT_EQ(statuses(plan, 3), (std::vector{503, 429, 0}));
}

TEST(FaultPlan, LooksAtThePath) {
  FaultPlan plan(1);
  plan.set_rules(Side::backend, {rule(R"({"status":503,"path":"/slow"})")});
  EXPECT_FALSE(plan.choose(Side::backend, std::nullopt, "/backend/fast", "e", 1, start));
  EXPECT_TRUE(plan.choose(Side::backend, std::nullopt, "/backend/slow", "e", 1, start));
}

TEST(FaultPlan, EndsSoLongAfterTheFirstThatItCouldMeet) {
  using std::chrono::milliseconds;
  FaultPlan plan(1);
  plan.set_rules(Side::backend, {rule(R"({"status":429,"path":"/crm","until_ms":3000})")});
  const auto met = [&](const char* target, milliseconds at) {
    return plan.choose(Side::backend, std::nullopt, target, "e", 1, start + at).has_value();
  };
  EXPECT_FALSE(met("/backend/other", milliseconds(0)));
  EXPECT_TRUE(met("/backend/crm", milliseconds(1000)));
  EXPECT_TRUE(met("/backend/crm", milliseconds(3999)));
  EXPECT_FALSE(met("/backend/crm", milliseconds(4000)));
  EXPECT_FALSE(met("/backend/crm", milliseconds(9000)));
}

TEST(FaultPlan, EndsForEachExecutionByItself) {
  using std::chrono::milliseconds;
  FaultPlan plan(1);
  plan.set_rules(Side::backend, {rule(R"({"status":429,"until_ms":100,"per":"execution"})")});
  const auto met = [&](const char* execution, milliseconds at) {
    return plan.choose(Side::backend, std::nullopt, "/backend", execution, 1, start + at).has_value();
  };
  EXPECT_TRUE(met("a", milliseconds(0)));
  EXPECT_TRUE(met("b", milliseconds(99)));
  EXPECT_FALSE(met("a", milliseconds(100)));
  EXPECT_TRUE(met("b", milliseconds(198)));
}

TEST(FaultPlan, ObeysTheRequestBeforeTheRun) {
  FaultPlan plan(1);
  plan.set_rules(Side::backend, {rule(R"({"status":503})")});
  const auto asked = rule(R"({"status":429,"times":1})");
  EXPECT_EQ(plan.choose(Side::backend, asked, "/backend", "e", 1, start)->status, 429);
  EXPECT_EQ(plan.choose(Side::backend, asked, "/backend", "e", 2, start)->status, 503);
}

}  // namespace
}  // namespace fulfilld::simulator
