// SPDX-License-Identifier: Apache-2.0
// examples/fulfilld.toml is complete and true.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <sstream>

#include "runtime/config/read_file.hpp"
#include "runtime/config/schema.hpp"
#include "tests/runtime/config/scratch_directory.hpp"

namespace fulfilld {
namespace {

const Variables secrets = {
    {"GENESYS_CLIENT_SECRET", "hunter2"}, {"EXTERNAL_API_TOKEN", "sesame"}, {"ORDERS_TOKEN", "open"}};

std::string example() {
  const auto file = read_file(std::filesystem::path(FULFILLD_EXAMPLES) / "fulfilld.toml", 1 << 20);
  EXPECT_EQ(file.problem, "");
  return file.text;
}

// Takes the # from every line that shows a default; prose has a space behind it. TLS stays off: "" is its default.
std::string with_defaults_written_out() {
  std::istringstream lines(example());
  std::string text;
  bool in_list = false;
  for (std::string line; std::getline(lines, line);) {
    const bool is_default = line.size() > 1 && line[0] == '#' && std::islower(static_cast<unsigned char>(line[1]));
    text += (is_default || in_list ? line.substr(1) : line) + '\n';
    if (is_default) in_list = line.ends_with('[');
    if (line == "#]") in_list = false;
  }
  return text;
}

// Every setting of a configuration, as it would be printed.
std::set<std::string> printed(const Config& config) {
  std::set<std::string> lines;
  for (const auto& section : schema())
    for (const auto& table : section.print(config))
      for (const auto& line : table.lines) lines.insert(line.full_key + " = " + line.text);
  return lines;
}

TEST(Example, Loads) {
  const ScratchDirectory directory;
  const auto loaded = directory.load(example(), secrets);
  EXPECT_TRUE(loaded.usable()) << directory.problems_of(loaded);
}

TEST(Example, ShowsTheDefaults) {
  const ScratchDirectory directory;
  const auto as_it_is = directory.load(example(), secrets);
  const auto written_out = directory.load(with_defaults_written_out(), secrets);
  ASSERT_TRUE(written_out.usable()) << directory.problems_of(written_out);
  EXPECT_EQ(printed(written_out.config), printed(as_it_is.config));
}

TEST(Example, HasEverySetting) {
  const ScratchDirectory directory;
  const auto loaded = directory.load(with_defaults_written_out(), secrets);
  std::set<std::string> shown;
  for (const auto& [key, place] : loaded.origins) shown.insert(key);
  for (const auto& section : schema())
    for (const auto& key : section.keys) {
      const auto star = key.find(".*.");
      const bool found =
          star == std::string::npos
              ? shown.contains(key)
              : std::any_of(shown.begin(), shown.end(), [&key = key, star](const std::string& candidate) {
                  return candidate.starts_with(key.substr(0, star + 1)) && candidate.ends_with(key.substr(star + 2));
                });
      EXPECT_TRUE(found) << key << " is not in examples/fulfilld.toml";
    }
}

}  // namespace
}  // namespace fulfilld
