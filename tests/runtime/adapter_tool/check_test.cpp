// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "tests/runtime/adapter_tool/tool.hpp"

namespace fulfilld::testing {
namespace {

namespace fs = std::filesystem;

/// Looks at files of which all but one is wrong in one way.
class Check : public ::testing::Test {
 protected:
  /// Why the file is refused, one line for each defect; "good" if it is not.
  static std::string refusal(const std::string& file, const std::map<std::string, std::string>& environment = {}) {
    const auto told = tool({"check", file}, environment);
    std::string sentences;
    const std::string begin = "refused: " + file + " ";
    for (std::size_t at = told.text.find(begin); at != std::string::npos; at = told.text.find(begin, at + 1)) {
      const auto sentence = at + begin.size();
      sentences += (sentences.empty() ? "" : "\n") + told.text.substr(sentence, told.text.find('\n', at) - sentence);
    }
    EXPECT_EQ(told.status, sentences.empty() ? 0 : 1) << told.text;
    return sentences.empty() ? "good" : sentences;
  }
  std::string plugin(const std::string& name) {
    return files_.copy(fs::path(PLUGIN_HOST_FIXTURES) / ("fixture_" + name + ".so"), name + ".so");
  }
  std::string fixture(const std::string& name) {
    return files_.copy(fs::path(ADAPTER_TOOL_FIXTURES) / (name + ".so"), name + ".so");
  }

  ToolFiles files_;
};

TEST_F(Check, TellsWhatAnAdapterIs) {
  const auto file = files_.copy(HTTP_JSON_PLUGIN, "http_json.so");
  const auto told = tool({"check", file});
  EXPECT_EQ(told.status, 0) << told.text;
  for (const std::string line :
       {"adapter   http_json 1.0.0\n", "ABI       1 (this fulfilld speaks 1)\n", "  file      rwx------, ",
        "host      http sleep progress log secret complete fail blocking\n", "exports   fulfill_adapter_v1\n",
        "compiler  ", "SDK       1.", "libstdc++.so.6  /", "good: fulfilld takes it\n"})
    EXPECT_NE(told.text.find(line), std::string::npos) << line << "\n" << told.text;
}

TEST_F(Check, RunsNoCodeOfTheFile) {
  const auto told = tool({"check", plugin("sound")}, {{"FULFILLD_TEST_EXIT_WHEN_LOADED", "1"}});
  EXPECT_EQ(told.status, 0) << told.text;
}

TEST_F(Check, RefusesWhatIsNoLibrary) {
  EXPECT_EQ(refusal((files_.path() / "none.so").string()), "cannot be found");
  EXPECT_EQ(refusal(files_.path().string()), "is not a regular file");
  EXPECT_EQ(refusal(files_.write("text.so", "#!/bin/sh\n")), "is not a shared library (not an ELF file)");
  EXPECT_EQ(refusal(files_.write("empty.so", "")), "is not a shared library (not an ELF file)");
}

TEST_F(Check, RefusesALibraryOfAnotherMachineAndNamesThat) {
  auto bytes = bytes_of(plugin("sound"));
  bytes[18] = static_cast<char>(std::string(HOST_MACHINE) == "aarch64" ? 62 : 183);
  bytes[19] = 0;
  const auto file = files_.write("other.so", bytes);
  EXPECT_EQ(refusal(file), "is built for another kind of machine");
  EXPECT_NE(tool({"check", file})
                .text.find(std::string("machine   ") + (std::string(HOST_MACHINE) == "aarch64" ? "x86-64" : "aarch64")),
            std::string::npos);
}

TEST_F(Check, RefusesATruncatedFileAtWhateverLength) {
  const auto whole = bytes_of(plugin("sound"));
  for (std::size_t length = 0; length < whole.size(); length += whole.size() / 23)
    EXPECT_NE(refusal(files_.write("cut.so", whole.substr(0, length))), "good") << length;
}

TEST_F(Check, SurvivesDamageAtWhateverPlace) {
  const auto whole = bytes_of(plugin("sound"));
  for (std::size_t place = 0; place < whole.size(); place += whole.size() / 61) {
    auto damaged = whole;
    for (std::size_t i = place; i < std::min(place + 8, whole.size()); ++i) damaged[i] = static_cast<char>(0xFF);
    static_cast<void>(refusal(files_.write("damaged.so", damaged)));
  }
}

TEST_F(Check, RefusesDescriptorsThatTheHostCannotWorkWith) {
  EXPECT_EQ(refusal(plugin("no_descriptor")),
            "is no adapter (it does not export fulfill_adapter_v1; see FULFILL_ADAPTER)");
  EXPECT_EQ(refusal(plugin("wrong_magic")), "exports a fulfill_adapter_v1 that is no adapter descriptor (wrong magic)");
  EXPECT_EQ(refusal(plugin("abi_too_old")),
            "was built for adapter ABI 0, which is too old; this host needs at least 1");
  EXPECT_EQ(refusal(plugin("abi_too_new")), "was built for adapter ABI 2, which is too new; this host speaks 1");
  EXPECT_EQ(refusal(plugin("short_descriptor")), "has a descriptor that is shorter than ABI 1 demands");
  EXPECT_EQ(refusal(plugin("newer_host")), "needs functions that a newer fulfilld has (SDK 1)");
  EXPECT_EQ(refusal(plugin("bad_name")), "has no usable name in its descriptor (it must consist of a-z, 0-9, _ and -)");
}

TEST_F(Check, RefusesAFileThatEveryoneMayWrite) {
  const auto file = plugin("sound");
  fs::permissions(file, fs::perms::others_write, fs::perm_options::add);
  EXPECT_EQ(refusal(file), "may be written by everyone, so its code cannot be trusted (chmod o-w)");
  EXPECT_NE(tool({"check", file}).text.find("file      rwx----w-"), std::string::npos);
}

TEST_F(Check, RefusesALibraryThatShowsMoreThanItsDescriptor) {
  const auto sentence = refusal(fixture("chatty"));
  EXPECT_TRUE(sentence.starts_with("exports more than its descriptor (")) << sentence;
  EXPECT_NE(sentence.find("fulfilld_add_adapter"), std::string::npos) << sentence;
}

TEST_F(Check, RefusesALibraryThatCouldNeverBeUnloaded) {
  const auto sentence = refusal(fixture("unique"));
  EXPECT_TRUE(sentence.starts_with("could never be unloaded: it has unique symbols (")) << sentence;
  EXPECT_NE(sentence.find("-fno-gnu-unique"), std::string::npos) << sentence;
}

TEST_F(Check, RefusesALibraryThatNeedsAnotherWhichIsNotThere) {
  const auto file = fixture("lonely");
  EXPECT_EQ(refusal(file), "needs libraries that cannot be found here: libabsent.so");
  EXPECT_NE(tool({"check", file}).text.find("libabsent.so  not found"), std::string::npos);
  EXPECT_EQ(refusal(file, {{"LD_LIBRARY_PATH", ABSENT_LIBRARY_DIRECTORY}}), "good");
}

TEST_F(Check, RefusesALibraryWithSymbolsThatNobodyHas) {
  EXPECT_EQ(refusal(plugin("unresolved")),
            "needs symbols that none of its libraries has: fulfilld_test_function_that_nobody_defines");
}

TEST_F(Check, RefusesALibraryThatWasBuiltWithNewerOnes) {
  auto bytes = bytes_of(HTTP_JSON_PLUGIN);
  const auto version = bytes.find("GLIBCXX_3.4");
  ASSERT_NE(version, std::string::npos);
  bytes.replace(version, 11, "GLIBCXX_9.9");
  const auto sentence = refusal(files_.write("newer.so", bytes));
  EXPECT_TRUE(sentence.starts_with("was built with newer libraries than this machine has: it needs GLIBCXX_9.9"))
      << sentence;
  EXPECT_TRUE(sentence.ends_with(" of libstdc++.so.6")) << sentence;
}

}  // namespace
}  // namespace fulfilld::testing
