// SPDX-License-Identifier: Apache-2.0
#include "runtime/config/secret.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "runtime/config/report.hpp"
#include "tests/runtime/config/scratch_directory.hpp"

namespace fulfilld {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string action_with_secret(const std::string& source) {
  return least_toml + "[actions.default.secrets]\nkey = " + source + "\n";
}

TEST(Secret, StreamsItsMask) {
  std::ostringstream out;
  out << Secret("hunter2") << '|' << Secret();
  EXPECT_EQ(out.str(), "***|");
}

TEST(Secret, ComesFromAFileWithoutItsLineEnd) {
  const ScratchDirectory directory;
  const auto file = directory.write("key", "two words\r\n\n");
  const auto loaded = directory.load(action_with_secret("\"file:" + file.string() + '"'), least_variables);
  ASSERT_TRUE(loaded.usable()) << directory.problems_of(loaded);
  EXPECT_EQ(loaded.config.actions.at("default").secrets.at("key").reveal(), "two words");
}

TEST(Secret, ComesFromAFileWithoutItsByteOrderMark) {
  const ScratchDirectory directory;
  const auto file = directory.write("key", "\xef\xbb\xbfhunter3\n");
  const auto loaded =
      directory.load(action_with_secret("\"file:" + file.string() + '"'), {{"SECRET", "\xef\xbb\xbfhunter2"}});
  ASSERT_TRUE(loaded.usable()) << directory.problems_of(loaded);
  EXPECT_EQ(loaded.config.actions.at("default").secrets.at("key").reveal(), "hunter3");
  EXPECT_EQ(loaded.config.credentials.at("genesys").client_secret.current().reveal(), "hunter2");
}

TEST(Secret, IsNoUtf16) {
  const ScratchDirectory directory;
  const auto file = directory.write("key", std::string("\xff\xfeh\0u\0", 6));
  EXPECT_THAT(
      directory.problems_of(directory.load(action_with_secret("\"file:" + file.string() + '"'), least_variables)),
      HasSubstr("is UTF-16: save it as UTF-8"));
}

TEST(Secret, MayHaveLinesWhereItIsForAnAdapter) {
  const ScratchDirectory directory;
  const auto file = directory.write("key", "-----BEGIN-----\nx\n-----END-----\n");
  const auto loaded = directory.load(action_with_secret("\"file:" + file.string() + '"'), least_variables);
  ASSERT_TRUE(loaded.usable()) << directory.problems_of(loaded);
  EXPECT_EQ(loaded.config.actions.at("default").secrets.at("key").reveal(), "-----BEGIN-----\nx\n-----END-----");
}

TEST(Secret, IsRefusedWhereItStandsInTheFileAndIsNotRepeated) {
  const ScratchDirectory directory;
  for (const auto* source : {"\"hunter3\"", "\"\"", "\"ENV:hunter3\"", "33333333", "true", "[\"hunter3\"]",
                             "{ a = \"hunter3\" }", "\"env:\"", "\"file:\""}) {
    const auto loaded = directory.load(action_with_secret(source), least_variables);
    ASSERT_EQ(loaded.problems.size(), 1u) << source;
    EXPECT_EQ(loaded.problems[0].key, "actions.default.secrets.key") << source;
    EXPECT_EQ(loaded.problems[0].place.line, 9u);
    EXPECT_THAT(check_report(loaded).text, Not(HasSubstr("hunter3"))) << source;
    EXPECT_THAT(check_report(loaded).text, Not(HasSubstr("33333333"))) << source;
  }
}

TEST(Secret, MustBeThere) {
  const ScratchDirectory directory;
  EXPECT_THAT(directory.problems_of(directory.load(action_with_secret("\"env:NOT_SET\""), least_variables)),
              HasSubstr("fulfilld.toml:9:7: actions.default.secrets.key: the environment variable NOT_SET is not set"));
  EXPECT_THAT(directory.problems_of(directory.load(
                  action_with_secret("\"file:" + directory.path("none").string() + '"'), least_variables)),
              HasSubstr("cannot be read: No such file or directory"));
  const auto empty = directory.write("empty", "\n\n");
  EXPECT_THAT(
      directory.problems_of(directory.load(action_with_secret("\"file:" + empty.string() + '"'), least_variables)),
      HasSubstr("is empty"));
}

TEST(Secret, NeverSmugglesALineIntoAHeader) {
  const ScratchDirectory directory;
  const auto loaded = directory.load(least_toml, {{"SECRET", "hunter2\r\nX-Evil: 1"}});
  EXPECT_THAT(directory.problems_of(loaded),
              HasSubstr("credentials.genesys.client_secret: the environment variable SECRET has a line end"));
  EXPECT_THAT(directory.problems_of(loaded), Not(HasSubstr("hunter2")));
}

TEST(Secret, ComesFromTheDotenvFileToo) {
  const ScratchDirectory directory;
  directory.write(".env", "SECRET=from-dotenv\n");
  const auto loaded = directory.load(least_toml);
  ASSERT_TRUE(loaded.usable()) << directory.problems_of(loaded);
  EXPECT_EQ(loaded.config.credentials.at("genesys").client_secret.current().reveal(), "from-dotenv");
}

}  // namespace
}  // namespace fulfilld
