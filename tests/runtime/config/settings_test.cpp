// SPDX-License-Identifier: Apache-2.0
// What a file may say, and what becomes of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/runtime/config/scratch_directory.hpp"

namespace fulfilld {
namespace {

using namespace std::chrono_literals;

Config load(const std::string& toml) {
  const ScratchDirectory directory;
  const auto loaded = directory.load(least_toml + toml, least_variables);
  EXPECT_TRUE(loaded.usable()) << directory.problems_of(loaded);
  return loaded.config;
}

TEST(Settings, LeaveEveryDefaultWhereNothingIsSaid) {
  const Config config = load("");
  EXPECT_EQ(config.server.port, 3000);
  EXPECT_EQ(config.callback.allowed_hosts, genesys_api_hosts());
  EXPECT_EQ(config.callback.rate.count + config.callback.rate.burst, 300);
  EXPECT_EQ(config.targets.at("default").concurrency, 100u);
  EXPECT_EQ(config.actions.at("default").retry.attempts, 3u);
  EXPECT_FALSE(config.actions.at("default").retry.unsafe_after_503);
  EXPECT_EQ(config.actions.at("default").max_result, 512000u);
  EXPECT_THAT(config.adapter_directories, testing::ElementsAre("/usr/lib/fulfilld/adapters"));
  EXPECT_EQ(config.limits.max_bytes, 256u << 20);
  EXPECT_EQ(config.limits.park_after, 3u);
  EXPECT_EQ(config.journal.retention, 7 * 24h);
  EXPECT_EQ(config.journal.max_size, std::size_t{4} << 30);
  EXPECT_EQ(config.stuck_after, 10s);
  EXPECT_THAT(config.egress.user_agent, testing::MatchesRegex("fulfilld/[0-9]+\\.[0-9]+\\.[0-9]+"));
}

TEST(Settings, AreReadInEveryType) {
  const Config config = load(R"(
[server]
address = "::1"
port = 0
max_body = "512KiB"
request_timeout = "250ms"
[journal]
synchronous = "normal"
retention = "30d"
max_size = "none"
[limits]
max_bytes = "1GiB"
park_after = 1
[health]
stuck_after = "1m"
[callback]
authorization = "fulfillment_token_or_oauth"
allowed_hosts = ["127.0.0.1", "api.example.com:8443"]
report_attempts = true
rate = "none"
[callback.retry]
attempts = 7
[log]
format = "json"
[adapters]
directories = ["a", "b"]
[shutdown]
grace = "0s"
[actors]
workers = 2
)");
  EXPECT_EQ(config.server.address, "::1");
  EXPECT_EQ(config.server.port, 0);
  EXPECT_EQ(config.server.max_body, 512u * 1024);
  EXPECT_EQ(config.server.request_timeout, 250ms);
  EXPECT_FALSE(config.journal.full_sync);
  EXPECT_EQ(config.journal.retention, 30 * 24h);
  EXPECT_EQ(config.journal.max_size, 0u);
  EXPECT_EQ(config.limits.max_bytes, 1u << 30);
  EXPECT_EQ(config.limits.park_after, 1u);
  EXPECT_EQ(config.stuck_after, 1min);
  EXPECT_EQ(config.callback.authorization, CallbackAuthorization::fulfillment_token_or_oauth);
  EXPECT_THAT(config.callback.allowed_hosts, testing::ElementsAre("127.0.0.1", "api.example.com:8443"));
  EXPECT_TRUE(config.callback.report_attempts);
  EXPECT_FALSE(config.callback.rate.limited());
  EXPECT_EQ(config.callback.retry.attempts, 7u);
  EXPECT_EQ(config.callback.retry.attempt_timeout, 8s);
  EXPECT_EQ(config.log.format, LogSettings::Format::json);
  EXPECT_THAT(config.adapter_directories, testing::ElementsAre("a", "b"));
  EXPECT_EQ(config.shutdown_grace, 0ms);
  EXPECT_EQ(config.workers, 2u);
}

TEST(Settings, TakeASizeInBytes) { EXPECT_EQ(load("[server]\nmax_body = 2048\n").server.max_body, 2048u); }

TEST(Settings, KeepRateAndBurstApart) {
  const Config config = load("[targets.default]\nburst = 5\nrate = \"50/s\"\n");
  EXPECT_EQ(config.targets.at("default").rate.count, 50);
  EXPECT_EQ(config.targets.at("default").rate.burst, 5);
}

TEST(Settings, OfATargetComeFromTheDefaultTargetWhereItHasNone) {
  const Config config = load(
      "[targets.\"HTTPS://Orders.Example.com\"]\nrate = \"50/s\"\n[targets.default]\nconnections = 7\nrate = "
      "\"9/s\"\n");
  ASSERT_TRUE(config.targets.contains("https://orders.example.com:443"));
  EXPECT_EQ(config.targets.at("https://orders.example.com:443").concurrency, 7u);
  EXPECT_EQ(config.targets.at("https://orders.example.com:443").rate.count, 50);
  EXPECT_EQ(config.targets.at("default").rate.count, 9);
}

TEST(Settings, GiveEachServiceActorARestartPolicy) {
  for (const auto& [name, policy] : load("").supervision) {
    EXPECT_EQ(policy.restarts, 5u) << name;
    EXPECT_EQ(policy.period, 1min) << name;
  }
  const Config config =
      load("[supervision.token]\nrestarts = 0\n[supervision.default]\nrestarts = 7\nperiod = \"2m\"\n");
  const auto policy_of = [&config](const std::string& name) {
    const auto& policy = config.supervision.at(name);
    return std::pair(policy.restarts, policy.period);
  };
  for (const auto* name : {"default", "callback_lane", "http_pool", "rate_limiter"})
    EXPECT_EQ(policy_of(name), std::pair(std::size_t{7}, std::chrono::milliseconds(2min))) << name;
  EXPECT_EQ(policy_of("token"), std::pair(std::size_t{0}, std::chrono::milliseconds(2min)));
}

TEST(Settings, OfAnActionBoundItsResultsAndTrustA503) {
  const auto action = load("[actions.crm]\nmax_result = \"2MiB\"\nretry.unsafe_after_503 = true\n").actions.at("crm");
  EXPECT_EQ(action.max_result, 2u << 20);
  EXPECT_TRUE(action.retry.unsafe_after_503);
}

TEST(Settings, OfAnAdapterReachItAsText) {
  const Config config = load(
      "[actions.crm]\nadapter = \"crm\"\n[actions.crm.settings]\na = \"x\\ny\"\nb = 7\nc = 0.25\nd = true\n\"e f\" = "
      "\"\"\n");
  EXPECT_THAT(config.actions.at("crm").settings,
              testing::ElementsAre(testing::Pair("a", "x\ny"), testing::Pair("b", "7"), testing::Pair("c", "0.25"),
                                   testing::Pair("d", "true"), testing::Pair("e f", "")));
}

TEST(Settings, OfAnAdapterHaveABackslashBeforeADotInAKey) {
  const Config config = load(
      "[actions.crm]\nadapter = \"crm\"\n[actions.crm.settings]\nheaders.\"X.Y\" = 1\nheaders.X-Z = 2\n"
      "[[actions.crm.settings.steps]]\n\"a\\\\b\" = 3\n");
  EXPECT_THAT(config.actions.at("crm").settings,
              testing::ElementsAre(testing::Pair("headers.X-Z", "2"), testing::Pair("headers.X\\.Y", "1"),
                                   testing::Pair("steps.0.a\\\\b", "3")));
}

TEST(Settings, MayFollowAByteOrderMark) {
  const ScratchDirectory directory;
  const auto loaded = directory.load("\xef\xbb\xbf" + least_toml, least_variables);
  EXPECT_TRUE(loaded.usable()) << directory.problems_of(loaded);
  EXPECT_EQ(loaded.config.actions.size(), 1u);
}

TEST(Settings, OfAnAdapterKeepTheDigitsOfTheirNumbers) {
  const Config config = load(
      "[actions.crm]\nadapter = \"crm\"\n[actions.crm.settings]\na = 1.10 # \xC3\xA9\n\"\xC3\xA9\" = [2.50, -0.0, "
      "+1_234.50]\nb = {c = 12345678901234567.89, d = 1e5}\n");
  EXPECT_THAT(config.actions.at("crm").settings,
              testing::ElementsAre(testing::Pair("a", "1.10"), testing::Pair("b.c", "12345678901234567.89"),
                                   testing::Pair("b.d", "1e5"), testing::Pair("\xC3\xA9.0", "2.50"),
                                   testing::Pair("\xC3\xA9.1", "-0.0"), testing::Pair("\xC3\xA9.2", "1234.50")));
}

TEST(Settings, NeedNoCredentialWhereTheFulfillmentTokenIsUsed) {
  const ScratchDirectory directory;
  const auto loaded = directory.load(
      "[callback]\nauthorization = \"fulfillment_token\"\n[actions.default]\nsettings.url = \"https://a/\"\n");
  EXPECT_TRUE(loaded.usable()) << directory.problems_of(loaded);
}

TEST(Settings, TakeABearerCredential) {
  const Config config = load(
      "[credentials.fixed]\nkind = \"bearer\"\ntoken = \"env:SECRET\"\n[actions.b]\ncredential = "
      "\"fixed\"\nsettings.url "
      "= \"https://a/\"\n");
  EXPECT_EQ(config.credentials.at("fixed").token.current().reveal(), "hunter2");
}

}  // namespace
}  // namespace fulfilld
