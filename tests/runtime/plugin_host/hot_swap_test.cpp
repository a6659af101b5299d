// SPDX-License-Identifier: Apache-2.0
// What the plugin host does when it looks at its places again.
#include <dlfcn.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "runtime/plugin_host/plugin_host.hpp"
#include "tests/runtime/plugin_host/plugin_directory.hpp"
#include "tests/runtime/plugin_host/scripted_host.hpp"

namespace fulfilld {
namespace {

namespace fs = std::filesystem;

class HotSwap : public testing::PluginDirectory {
 protected:
  /// The file name of the adapter `sound` that is in use, once the places have been looked at.
  std::string in_use() {
    host_.load();
    const auto found = host_.plugins().find("sound");
    return found == host_.plugins().end() ? "none" : found->second->path().filename().string();
  }
  /// The one refusal of the latest look.
  std::string refusal() {
    EXPECT_EQ(host_.refusals().size(), 1u);
    return host_.refusals().empty() ? "none" : host_.refusals().front().sentence;
  }
  static bool is_mapped(const fs::path& path) {
    void* library = ::dlopen(path.c_str(), RTLD_NOLOAD | RTLD_NOW);
    if (library != nullptr) ::dlclose(library);
    return library != nullptr;
  }

  PluginHost host_{{}, {directory_}};
};

TEST_F(HotSwap, ABuildUnderANewNameTakesOver) {
  put_newer("sound", "crm-1.so");
  EXPECT_EQ(in_use(), "crm-1.so");
  put_newer("twin", "crm-2.so");
  EXPECT_EQ(in_use(), "crm-2.so");
  EXPECT_TRUE(host_.refusals().empty()) << "an older build beside a newer one is no mistake";
  put_newer("sound", "a-name-that-sorts-before.so");
  EXPECT_EQ(in_use(), "a-name-that-sorts-before.so");
}

TEST_F(HotSwap, NothingNewIsTheSamePlugin) {
  put("sound", "crm.so");
  host_.load();
  const auto before = host_.plugins().at("sound");
  host_.load();
  EXPECT_EQ(host_.plugins().at("sound"), before);
}

TEST_F(HotSwap, AFreshStartChoosesTheSameBuild) {
  put_newer("sound", "crm-2.so");
  put_newer("twin", "crm-1.so");
  EXPECT_EQ(in_use(), "crm-1.so");
  PluginHost fresh({}, {directory_});
  fresh.load();
  EXPECT_EQ(fresh.plugins().at("sound")->path().filename(), "crm-1.so");
  EXPECT_FALSE(is_mapped(directory_ / "crm-2.so")) << "an older build does not run a line";
}

TEST_F(HotSwap, TheOldBuildGoesWithItsLastRun) {
  const auto old_build = put_newer("sound", "crm-1.so");
  host_.load();
  testing::ScriptedHost scripted;
  auto run = host_.make_adapter("default", action_of("sound")).adapter->make_run(scripted, testing::execution("1"), {});
  put_newer("twin", "crm-2.so");
  EXPECT_EQ(in_use(), "crm-2.so");
  EXPECT_TRUE(is_mapped(old_build));
  run->start();
  EXPECT_EQ(scripted.result, "1");
  run = nullptr;
  EXPECT_FALSE(is_mapped(old_build));
}

TEST_F(HotSwap, TakingTheNewBuildAwayBringsTheOldOneBack) {
  put_newer("sound", "crm-1.so");
  const auto newer = put_newer("twin", "crm-2.so");
  EXPECT_EQ(in_use(), "crm-2.so");
  fs::remove(newer);
  EXPECT_EQ(in_use(), "crm-1.so");
  EXPECT_TRUE(host_.refusals().empty());
}

TEST_F(HotSwap, ABrokenNewBuildLeavesTheOldOneInUse) {
  put_newer("sound", "crm-1.so");
  EXPECT_EQ(in_use(), "crm-1.so");
  put_newer("abi_too_new", "crm-2.so");
  EXPECT_EQ(in_use(), "crm-1.so");
  EXPECT_NE(refusal().find("crm-2.so was built for adapter ABI 2"), std::string::npos) << refusal();
}

TEST_F(HotSwap, AFileThatIsGoneStaysInUse) {
  const auto only = put_newer("sound", "crm-1.so");
  EXPECT_EQ(in_use(), "crm-1.so");
  fs::remove(only);
  EXPECT_EQ(in_use(), "crm-1.so");
  EXPECT_EQ(refusal(), only.string() + " is gone; its adapter \"sound\" stays until the next start");
}

TEST_F(HotSwap, ABuildUnderTheNameOfTheOldOneIsRefusedAndTheOldOneStays) {
  const auto path = put_newer("sound", "crm.so");
  host_.load();
  const auto before = host_.plugins().at("sound");
  put_newer("twin", "crm.so.new");
  fs::rename(directory_ / "crm.so.new", path);
  host_.load();
  EXPECT_EQ(host_.plugins().at("sound"), before);
  EXPECT_NE(refusal().find("give a new build a file name of its own"), std::string::npos) << refusal();
  put_newer("sound", "crm-3.so");
  EXPECT_EQ(in_use(), "crm-3.so") << "the way out";
}

TEST_F(HotSwap, ANameIsNotTakenFromAPlaceThatComesFirst) {
  put_newer("sound", "crm.so");
  fs::create_directory(directory_ / "second");
  put_newer("twin", "second/crm.so");
  PluginHost host({}, {directory_, directory_ / "second"});
  host.load();
  EXPECT_EQ(host.plugins().at("sound")->path(), directory_ / "crm.so");
  ASSERT_EQ(host.refusals().size(), 1u);
  EXPECT_NE(host.refusals()[0].sentence.find("which comes first"), std::string::npos);
}

TEST_F(HotSwap, AFileThatIsNamedComesBeforeAllDirectories) {
  fs::create_directory(directory_ / "elsewhere");
  const auto file = put_newer("sound", "elsewhere/mine.so");
  put_newer("twin", "theirs.so");
  PluginHost host({file}, {directory_});
  host.load();
  EXPECT_EQ(host.plugins().at("sound")->path(), file);
}

TEST_F(HotSwap, AThousandSwapsLeaveNothingMapped) {
  for (int build = 0; build < 1000; ++build) {
    const auto path = put_newer(build % 2 == 0 ? "sound" : "twin", "crm-" + std::to_string(build) + ".so");
    ASSERT_EQ(in_use(), path.filename());
    if (build > 0) {
      const auto before = directory_ / ("crm-" + std::to_string(build - 1) + ".so");
      ASSERT_FALSE(is_mapped(before));
      fs::remove(before);
    }
  }
}

}  // namespace
}  // namespace fulfilld
