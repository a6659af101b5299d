// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <stdlib.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "runtime/plugin_host/plugin_host.hpp"
#include "tests/runtime/plugin_host/plugin_directory.hpp"
#include "tests/runtime/plugin_host/scripted_host.hpp"

namespace fulfilld {
namespace {

namespace fs = std::filesystem;

class LoadTest : public testing::PluginDirectory {
 protected:
  static std::string bytes_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }
  /// All that those places hold.
  static PluginHost host_of(std::vector<fs::path> files, std::vector<fs::path> directories = {}) {
    PluginHost host(std::move(files), std::move(directories));
    host.load();
    return host;
  }
  /// The sentence with which that file is refused, without its path; "loaded" if it is not.
  static std::string refusal(const fs::path& path) {
    const auto host = host_of({path});
    if (host.refusals().empty()) return "loaded";
    return host.refusals().front().sentence.substr(path.string().size() + 1);
  }
};

using PluginHostLoads = LoadTest;
using PluginHostRefuses = LoadTest;

TEST_F(PluginHostLoads, AnAdapterInPlainCAndRunsIt) {
  const auto host = host_of({put("sound", "sound.so")});
  ASSERT_TRUE(host.refusals().empty()) << host.refusals().front().sentence;
  ASSERT_EQ(host.plugins().count("sound"), 1u);
  EXPECT_EQ(host.plugins().at("sound")->version(), "1");
  EXPECT_EQ(host.plugins().at("sound")->compiler(), "a compiler");

  const auto made = host.make_adapter("default", action_of("sound"));
  ASSERT_NE(made.adapter, nullptr) << made.problem;
  testing::ScriptedHost scripted;
  const auto run = made.adapter->make_run(scripted, testing::execution("[1]"), {});
  run->start();
  EXPECT_EQ(scripted.result, "[1]");
}

TEST_F(PluginHostLoads, ADescriptorOfALaterSdkThatOnlyGrew) {
  EXPECT_EQ(refusal(put("grown_descriptor", "a.so")), "loaded");
}

TEST_F(PluginHostLoads, AllThatIsSoundInADirectoryAndNamesTheRest) {
  put("sound", "b.so");
  put("grown_descriptor", "d.so");
  put("wrong_magic", "a.so");
  write("c.so", "no library");
  write("notes.txt", "not looked at");
  const auto host = host_of({}, {directory_});
  EXPECT_EQ(host.plugins().size(), 2u);
  ASSERT_EQ(host.refusals().size(), 2u);
  EXPECT_EQ(host.refusals()[0].path.filename(), "a.so");
  EXPECT_EQ(host.refusals()[1].path.filename(), "c.so");
}

TEST_F(PluginHostLoads, NothingFromADirectoryThatIsNotThere) {
  const auto host = host_of({}, {directory_ / "none"});
  ASSERT_EQ(host.refusals().size(), 1u);
  EXPECT_NE(host.refusals()[0].sentence.find("cannot be read"), std::string::npos);
}

TEST_F(PluginHostLoads, KeepsTheLibraryAsLongAsAnAdapterOrARunLives) {
  testing::ScriptedHost scripted;
  std::unique_ptr<AdapterRun> run;
  {
    const auto host = host_of({put("sound", "sound.so")});
    auto made = host.make_adapter("default", action_of("sound"));
    ASSERT_NE(made.adapter, nullptr);
    run = made.adapter->make_run(scripted, testing::execution("{}"), {});
  }
  run->start();
  EXPECT_EQ(scripted.result, "{}");
}

TEST_F(PluginHostRefuses, WhatIsNoAdapter) {
  EXPECT_EQ(refusal(directory_ / "none.so"), "cannot be found");
  EXPECT_EQ(refusal(directory_), "is not a regular file");
  EXPECT_EQ(refusal(write("empty.so", "")), "is not a shared library (not an ELF file)");
  EXPECT_EQ(refusal(write("text.so", "#!/bin/sh\n")), "is not a shared library (not an ELF file)");
  EXPECT_EQ(refusal(put("no_descriptor", "n.so")),
            "is no adapter (it does not export fulfill_adapter_v1; see FULFILL_ADAPTER)");
}

TEST_F(PluginHostRefuses, DescriptorsItCannotWorkWith) {
  EXPECT_EQ(refusal(put("wrong_magic", "a.so")),
            "exports a fulfill_adapter_v1 that is no adapter descriptor (wrong magic)");
  EXPECT_EQ(refusal(put("abi_too_old", "b.so")),
            "was built for adapter ABI 0, which is too old; this host needs at least 1");
  EXPECT_EQ(refusal(put("abi_too_new", "c.so")), "was built for adapter ABI 2, which is too new; this host speaks 1");
  EXPECT_EQ(refusal(put("short_descriptor", "d.so")), "has a descriptor that is shorter than ABI 1 demands");
  EXPECT_EQ(refusal(put("newer_host", "e.so")), "needs functions that a newer fulfilld has (SDK 1)");
  EXPECT_NE(refusal(put("bad_name", "f.so")).find("no usable name"), std::string::npos);
  EXPECT_NE(refusal(put("no_name", "g.so")).find("no usable name"), std::string::npos);
}

TEST_F(PluginHostRefuses, LibrariesWithUnresolvedSymbolsByTheSymbol) {
  const auto sentence = refusal(put("unresolved", "u.so"));
  EXPECT_NE(sentence.find("fulfilld_test_function_that_nobody_defines"), std::string::npos) << sentence;
  EXPECT_EQ(sentence.find('\n'), std::string::npos);
}

TEST_F(PluginHostRefuses, FilesThatEveryoneMayWrite) {
  const auto path = put("sound", "sound.so");
  fs::permissions(path, fs::perms::others_write, fs::perm_options::add);
  EXPECT_EQ(refusal(path), "may be written by everyone, so its code cannot be trusted (chmod o-w)");
}

TEST_F(PluginHostRefuses, DirectoriesThatEveryoneMayWrite) {
  put("sound", "sound.so");
  fs::permissions(directory_, fs::perms::others_write, fs::perm_options::add);
  const auto host = host_of({}, {directory_});
  EXPECT_TRUE(host.plugins().empty());
  ASSERT_EQ(host.refusals().size(), 1u);
}

TEST_F(PluginHostRefuses, ANameThatIsTaken) {
  const auto first = put("sound", "first.so");
  const auto host = host_of({first, put("twin", "second.so")});
  EXPECT_EQ(host.plugins().at("sound")->path(), first);
  ASSERT_EQ(host.refusals().size(), 1u);
  EXPECT_NE(host.refusals()[0].sentence.find("is named \"sound\" like " + first.string()), std::string::npos);
}

TEST_F(PluginHostRefuses, ATruncatedFileAtWhateverLength) {
  const std::string whole = bytes_of(fixture("sound"));
  ASSERT_GT(whole.size(), 4096u);
  const std::size_t step = whole.size() / 97;
  for (std::size_t length = 0; length < whole.size(); length += step)
    EXPECT_NE(refusal(write("cut.so", whole.substr(0, length))), "loaded") << length;
}

TEST_F(PluginHostRefuses, AnotherMachinesLibrary) {
  std::string bytes = bytes_of(fixture("sound"));
  bytes[18] = 8;  // e_machine: MIPS
  EXPECT_EQ(refusal(write("mips.so", bytes)), "is built for another kind of machine");
}

TEST_F(PluginHostRefuses, ADescriptorWithoutRunningALineOfTheLibrary) {
  const auto path = put("abi_too_new", "a.so");
  EXPECT_EXIT(
      {
        ::setenv("FULFILLD_TEST_EXIT_WHEN_LOADED", "1", 1);
        std::exit(refusal(path) == "loaded" ? 1 : 0);
      },
      ::testing::ExitedWithCode(0), "");
  const auto sound = put("sound", "b.so");
  EXPECT_EXIT(
      {
        ::setenv("FULFILLD_TEST_EXIT_WHEN_LOADED", "1", 1);
        std::exit(refusal(sound) == "loaded" ? 1 : 0);
      },
      ::testing::ExitedWithCode(99), "");
}

TEST_F(PluginHostRefuses, AnActionWhoseAdapterIsUnknownOrSaysNo) {
  const auto host = host_of({put("refuses", "r.so")});
  EXPECT_EQ(host.make_adapter("default", action_of("none")).problem,
            "action \"default\": there is no adapter \"none\" (loaded: refuses)");
  EXPECT_EQ(host.make_adapter("default", action_of("refuses")).problem,
            "action \"default\": adapter \"refuses\" refuses: no reason given");
}

}  // namespace
}  // namespace fulfilld
