// SPDX-License-Identifier: Apache-2.0
#include "runtime/config/command_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace fulfilld {
namespace {

using testing::HasSubstr;
using Command = CommandLine::Command;

CommandLine parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "fulfilld");
  return parse_command_line(static_cast<int>(arguments.size()), arguments.data(), "1.2.3");
}

TEST(CommandLine, ServesWhenNothingIsSaid) {
  const auto line = parse({});
  EXPECT_EQ(line.command, Command::serve);
  EXPECT_FALSE(line.config_file);
  EXPECT_FALSE(line.answer);
}

TEST(CommandLine, TakesAFileAndOneCommand) {
  EXPECT_EQ(parse({"--config", "a.toml"}).config_file, "a.toml");
  EXPECT_EQ(parse({"--config=a.toml", "--check-config"}).command, Command::check_config);
  EXPECT_EQ(parse({"--print-config"}).command, Command::print_config);
  EXPECT_EQ(parse({"--print-config", "--check-config"}).answer.value().status, 2);
}

TEST(CommandLine, AnswersHelpAndVersion) {
  const auto help = parse({"--help"}).answer.value();
  EXPECT_EQ(help.status, 0);
  for (const auto* option : {"--config", "--check-config", "--print-config", "--version", "EXTERNAL_API_URL"})
    EXPECT_THAT(help.text, HasSubstr(option));
  EXPECT_EQ(parse({"--version"}).answer.value().text, "fulfilld 1.2.3\n");
}

TEST(CommandLine, RefusesWhatItDoesNotKnow) {
  for (const std::vector<const char*>& arguments : {std::vector<const char*>{"--confg", "x"},
                                                    {"x"},
                                                    {"--config"},
                                                    {"--port", "1"},
                                                    {"--config", "a", "--config", "b"}}) {
    const auto line = parse(arguments);
    ASSERT_TRUE(line.answer) << arguments[0];
    EXPECT_EQ(line.answer->status, 2);
    EXPECT_THAT(line.answer->text, HasSubstr("--help"));
  }
}

}  // namespace
}  // namespace fulfilld
