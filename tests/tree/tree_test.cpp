// SPDX-License-Identifier: Apache-2.0
// Rules of the house that no compiler checks.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

const fs::path root = SOURCE_TREE;
const std::vector<std::string> folders = {"sdk", "actors", "runtime", "plugins", "tests", "examples"};

bool is_source(const fs::path& file) {
  return std::set<std::string>{".cpp", ".hpp", ".h", ".c"}.contains(file.extension().string());
}

std::vector<fs::path> sources_below(const std::string& folder) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::recursive_directory_iterator(root / folder))
    if (entry.is_regular_file() && is_source(entry.path())) found.push_back(entry.path());
  return found;
}

std::vector<std::string> lines_of(const fs::path& file) {
  std::ifstream in(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

/// What stands between the quotes or brackets of each #include.
std::vector<std::string> includes_of(const fs::path& file) {
  std::vector<std::string> found;
  for (const auto& line : lines_of(file)) {
    if (!line.starts_with("#include ")) continue;
    const auto begin = line.find_first_of("\"<") + 1;
    found.push_back(line.substr(begin, line.find_first_of("\">", begin) - begin));
  }
  return found;
}

void expect_no_include(const std::string& folder, const std::function<bool(const std::string&)>& forbidden) {
  const auto sources = sources_below(folder);
  EXPECT_FALSE(sources.empty()) << folder;
  for (const auto& file : sources)
    for (const auto& include : includes_of(file)) EXPECT_FALSE(forbidden(include)) << file << " includes " << include;
}

bool starts_with_any(const std::string& text, const std::vector<std::string>& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(), [&](const auto& prefix) { return text.starts_with(prefix); });
}

TEST(Tree, TheSdkIncludesTheStandardLibraryOnly) {
  for (const auto& file : sources_below("sdk/include"))
    for (const auto& include : includes_of(file)) {
      const bool own = include.starts_with("fulfill/");
      const bool standard = include.find('/') == std::string::npos;
      const bool json = include == "nlohmann/json.hpp" && file.filename() == "json.hpp";
      EXPECT_TRUE(own || standard || json || include == "gtest/gtest.h") << file << " includes " << include;
    }
}

TEST(Tree, ActorsKnowNothingOfTheRuntimeNorOfItsLibraries) {
  expect_no_include("actors", [](const std::string& include) {
    return starts_with_any(include, {"runtime/", "plugins/", "tests/", "Poco/", "boost/", "spdlog/", "SQLiteCpp/",
                                     "curl/", "prometheus/"});
  });
}

TEST(Tree, PoliciesKnowNothingOfActors) {
  expect_no_include("actors/policy", [](const std::string& include) { return include.starts_with("caf/"); });
}

TEST(Tree, TheRuntimeIncludesNoPluginAndNoTest) {
  expect_no_include("runtime", [](const std::string& include) {
    return starts_with_any(include, {"plugins/", "tests/"});
  });
}

TEST(Tree, PluginsIncludeTheSdkOnly) {
  expect_no_include("plugins", [](const std::string& include) {
    return starts_with_any(include, {"runtime/", "actors/", "tests/", "caf/"});
  });
}

TEST(Tree, NobodyIncludesAllOfCaf) {
  for (const auto& folder : {"sdk", "actors", "runtime", "plugins"})
    expect_no_include(folder, [](const std::string& include) { return include == "caf/all.hpp"; });
}

TEST(Tree, EveryTopLevelFolderExplainsItself) {
  for (const auto& folder : folders) EXPECT_TRUE(fs::exists(root / folder / "README.md")) << folder;
}

TEST(Tree, EverySourceFileNamesItsLicense) {
  for (const auto& folder : folders)
    for (const auto& file : sources_below(folder)) {
      const auto lines = lines_of(file);
      ASSERT_FALSE(lines.empty()) << file;
      EXPECT_NE(lines.front().find("SPDX-License-Identifier: Apache-2.0"), std::string::npos) << file;
    }
}

}  // namespace
