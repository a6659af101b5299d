// SPDX-License-Identifier: Apache-2.0
// The adapter that the root README shows first, built from that very text, in the real plugin host.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "runtime/plugin_host/plugin_host.hpp"
#include "tests/runtime/plugin_host/scripted_host.hpp"

namespace fulfilld {
namespace {

TEST(FirstAdapter, OfTheReadmeWorks) {
  PluginHost plugins({FIRST_ADAPTER}, {});
  plugins.load();
  ASSERT_TRUE(plugins.refusals().empty()) << plugins.refusals().front().sentence;
  ActionSettings settings;
  settings.adapter = "crm";
  settings.settings = {{"base_url", "https://crm.example"}};
  const auto made = plugins.make_adapter("default", settings);
  ASSERT_NE(made.adapter, nullptr) << made.problem;

  testing::ScriptedHost host;
  const auto run = made.adapter->make_run(host, testing::execution(R"({"customerId":"4 2"})"), {});
  run->start();
  ASSERT_EQ(host.calls.size(), 1u) << host.failure.message;
  EXPECT_EQ(host.calls[0].request.url.target, "/customers/4%202");
  run->http_done(1, testing::answer(200, R"({"name":"Ada"})"));
  ASSERT_EQ(host.calls.size(), 2u) << host.failure.message;
  EXPECT_EQ(host.calls[1].request.url.target, "/orders?customer=4%202");
  run->http_done(2, testing::answer(200, "[7,8]"));
  EXPECT_EQ(nlohmann::json::parse(host.result.value_or("null")), nlohmann::json({{"name", "Ada"}, {"openOrders", 2}}));
}

}  // namespace
}  // namespace fulfilld
