// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/runtime/adapter_tool/tool.hpp"

namespace fulfilld::testing {
namespace {

namespace fs = std::filesystem;

/// A place for new projects.
class NewProject : public ::testing::Test {
 protected:
  Told make(const std::string& name) { return tool({"new", name, "--directory", files_.path().string()}); }
  [[nodiscard]] std::string text(const std::string& project, const std::string& file) const {
    return bytes_of(files_.path() / project / file);
  }

  ToolFiles files_;
};

TEST_F(NewProject, IsCompleteAndNamesItsFiles) {
  const auto told = make("crm_lookup");
  EXPECT_EQ(told.status, 0) << told.text;
  std::vector<std::string> found;
  for (const auto& entry : fs::directory_iterator(files_.path() / "crm_lookup"))
    found.push_back(entry.path().filename().string());
  std::sort(found.begin(), found.end());
  EXPECT_EQ(found, (std::vector<std::string>{"CMakeLists.txt", "README.md", "action.toml", "answers.json",
                                             "crm_lookup.cpp", "crm_lookup_test.cpp"}));
  for (const auto& file : found) {
    EXPECT_NE(told.text.find(file), std::string::npos) << file;
    const auto written = text("crm_lookup", file);
    EXPECT_GT(written.size(), 100U) << file;
    EXPECT_EQ(written.find("@NAME@"), std::string::npos) << file;
    EXPECT_EQ(written.find("@CLASS@"), std::string::npos) << file;
    EXPECT_EQ(written.find("SPDX"), std::string::npos) << file << ": the license is its author's to choose";
  }
}

TEST_F(NewProject, NamesTheAdapterAfterItself) {
  ASSERT_EQ(make("crm-lookup_2").status, 0);
  const auto source = text("crm-lookup_2", "crm-lookup_2.cpp");
  EXPECT_NE(source.find("class CrmLookup2 final : public fulfill::Adapter"), std::string::npos);
  EXPECT_NE(source.find("FULFILL_ADAPTER(CrmLookup2, \"crm-lookup_2\""), std::string::npos);
  EXPECT_NE(text("crm-lookup_2", "action.toml").find("[actions.crm-lookup_2.settings]"), std::string::npos);
  EXPECT_NE(text("crm-lookup_2", "CMakeLists.txt").find("fulfilld_add_adapter(crm-lookup_2"), std::string::npos);
  EXPECT_FALSE(nlohmann::json::parse(text("crm-lookup_2", "answers.json")).at("answers").empty());
}

TEST_F(NewProject, IsNotWrittenOverWhatExists) {
  ASSERT_EQ(make("crm").status, 0);
  static_cast<void>(files_.write("crm/crm.cpp", "mine"));
  const auto told = make("crm");
  EXPECT_EQ(told.status, 2);
  EXPECT_EQ(told.text, (files_.path() / "crm").string() + " exists already: choose another name, or remove it\n");
  EXPECT_EQ(text("crm", "crm.cpp"), "mine");
}

TEST_F(NewProject, RefusesNamesThatNoAdapterCanHave) {
  for (const auto* name : {"Crm", "crm lookup", "../crm", "crm/lookup", "", "9lives", "kräm"}) {
    const auto told = make(name);
    EXPECT_EQ(told.status, 2) << name;
    EXPECT_NE(told.text.find("cannot be the name of an adapter: it consists of a-z"), std::string::npos) << told.text;
  }
  EXPECT_EQ(make(std::string(64, 'a')).status, 2);
  EXPECT_NE(make("test").text.find("CMake has a target of that name"), std::string::npos);
  EXPECT_TRUE(fs::is_empty(files_.path()));
}

TEST_F(NewProject, SaysWhereItCannotWrite) {
  const auto file = files_.write("file", "");
  const auto told = tool({"new", "crm", "--directory", file});
  EXPECT_EQ(told.status, 2);
  EXPECT_NE(told.text.find("cannot be made"), std::string::npos) << told.text;
}

TEST(CommandLine, ExplainsEachCommandWithAnExample) {
  for (const std::string command : {"new", "check", "run", "verify"}) {
    const auto told = tool({command, "--help"});
    EXPECT_EQ(told.status, 0);
    EXPECT_NE(told.text.find("Usage: fulfilld-adapter " + command), std::string::npos) << told.text;
    EXPECT_NE(told.text.find("\n  fulfilld-adapter " + command + " "), std::string::npos) << told.text;
    EXPECT_NE(tool({"--help"}).text.find("\n  " + command + " "), std::string::npos);
  }
}

TEST(CommandLine, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(tool({}).status, 2);
  EXPECT_EQ(tool({"dance"}).status, 2);
  EXPECT_EQ(tool({"check"}).status, 2);
  const auto told = tool({"verify", "a.so", "--conf", "x"});
  EXPECT_EQ(told.status, 2);
  EXPECT_NE(told.text.find("fulfilld-adapter verify --help tells more"), std::string::npos) << told.text;
}

}  // namespace
}  // namespace fulfilld::testing
