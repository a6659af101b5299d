// SPDX-License-Identifier: Apache-2.0
// What sdk/ABI.md says of versions: which plugins load, which are refused, and with what words.
#include <fulfill/abi.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "runtime/plugin_host/plugin_host.hpp"
#include "tests/runtime/plugin_host/scripted_host.hpp"

namespace fulfilld {
namespace {

using Json = nlohmann::json;

/// The sentence with which that plugin is refused, without its path; "loaded" if it is not.
std::string refusal(const std::string& plugin) {
  const auto path = std::filesystem::path(FULFILLD_TEST_PLUGINS) / (plugin + ".so");
  PluginHost host({path}, {});
  host.load();
  if (host.refusals().empty()) return "loaded";
  return host.refusals().front().sentence.substr(path.string().size() + 1);
}

class Plugin : public ::testing::Test {
 protected:
  void start(const std::string& file, const std::string& name) {
    PluginHost plugins({std::filesystem::path(FULFILLD_TEST_PLUGINS) / (file + ".so")}, {});
    plugins.load();
    ActionSettings settings;
    settings.adapter = name;
    const auto made = plugins.make_adapter("default", settings);
    ASSERT_NE(made.adapter, nullptr) << made.problem;
    run_ = made.adapter->make_run(host_, testing::execution("[1]"), {});
    run_->start();
  }

  testing::ScriptedHost host_;
  std::unique_ptr<AdapterRun> run_;
};

TEST_F(Plugin, OfALaterSdkWorksWithWhatThisHostKnowsOfItsStructs) {
  start("later", "later");
  ASSERT_EQ(host_.calls.size(), 1u) << host_.failure.message;
  run_->http_done(1, testing::answer(200, ""));
  EXPECT_EQ(Json::parse(host_.result.value_or("null")), Json({{"host", sizeof(fulfill_host_v1)},
                                                              {"start", sizeof(fulfill_start_v1)},
                                                              {"answer", sizeof(fulfill_answer_v1)}}));
}

TEST_F(Plugin, OfALaterSdkIsGivenTheSafestMeaningOfWhatThisHostDoesNotKnow) {
  start("later", "later");
  ASSERT_EQ(host_.calls.size(), 1u) << host_.failure.message;
  EXPECT_EQ(host_.calls[0].operation, OperationClass::unsafe) << "though it is a GET";
  EXPECT_THAT(host_.lines, ::testing::ElementsAre("a level to come"));
}

TEST_F(Plugin, OfAnEarlierSdkThatNeedsFewerFunctionsWorks) {
  start("earlier", "earlier");
  EXPECT_EQ(host_.result, "[1]");
}

TEST(PluginVersions, ThatWantMoreThanThisHostHasAreRefused) {
  EXPECT_EQ(refusal("later_needs_more"), "needs functions that a newer fulfilld has (SDK 1.99.0)");
}

TEST(PluginVersions, OfTheNextAbiAreRefusedByBothNumbersUnlessTheyHaveADescriptorOfThisOneToo) {
  static_assert(FULFILL_ABI_VERSION == 1, "the plugin below is to be of the next version");
  EXPECT_EQ(refusal("next_abi"), "was built for adapter ABI 2, which is too new; this host speaks 1");
  EXPECT_EQ(refusal("next_abi_alone"), "is no adapter (it does not export fulfill_adapter_v1; see FULFILL_ADAPTER)");
  EXPECT_EQ(refusal("later"), "loaded") << "it exports both descriptors";
}

TEST(PluginVersions, WithLessThanVersionOneHadAreRefused) {
  EXPECT_EQ(refusal("too_short"), "has a descriptor that is shorter than ABI 1 demands");
}

}  // namespace
}  // namespace fulfilld
