// SPDX-License-Identifier: Apache-2.0
// The host, whatever its own structs are, reads no more of a plugin's than the plugin filled in.
#include <gtest/gtest.h>

#include <filesystem>

#include "runtime/plugin_host/plugin_host.hpp"
#include "tests/runtime/plugin_host/scripted_host.hpp"

namespace fulfilld {
namespace {

TEST(PluginStructs, AreReadAsFarAsTheirSizeSays) {
  PluginHost plugins({std::filesystem::path(FULFILLD_TEST_PLUGINS) / "page_edge.so"}, {});
  plugins.load();
  ActionSettings settings;
  settings.adapter = "page_edge";
  const auto made = plugins.make_adapter("default", settings);
  ASSERT_NE(made.adapter, nullptr) << made.problem;
  testing::ScriptedHost host;
  const auto run = made.adapter->make_run(host, testing::execution("1"), {});
  run->start();
  ASSERT_EQ(host.calls.size(), 1u) << host.failure.message;
  run->http_done(1, testing::answer(200, ""));
  ASSERT_EQ(host.works.size(), 1u) << host.failure.message;
  host.works.front()->run();
  host.works.clear();
  run->done(2);
  EXPECT_EQ(host.result, "1");
}

}  // namespace
}  // namespace fulfilld
