// SPDX-License-Identifier: Apache-2.0
// The tutorial's variables, from the environment and from a .env file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/config/report.hpp"
#include "tests/runtime/config/scratch_directory.hpp"

namespace fulfilld {
namespace {

using testing::HasSubstr;

const Variables tutorial = {{"GENESYS_CLIENT_ID", "id"},
                            {"GENESYS_CLIENT_SECRET", "hunter2"},
                            {"EXTERNAL_API_URL", "https://backend.example.com/x"},
                            {"EXTERNAL_API_TOKEN", "sesame"}};

Variables with(Variables variables, const std::string& name, const std::string& value) {
  variables[name] = value;
  return variables;
}

TEST(TutorialEnvironment, AloneIsACompleteConfiguration) {
  const ScratchDirectory directory;
  const auto loaded = directory.load_environment(tutorial);
  ASSERT_TRUE(loaded.usable()) << directory.problems_of(loaded);
  const auto& genesys = loaded.config.credentials.at("genesys");
  EXPECT_EQ(genesys.kind, CredentialSettings::Kind::client_credentials);
  EXPECT_EQ(genesys.token_url.text, "https://login.mypurecloud.com/oauth/token");
  EXPECT_EQ(genesys.client_id, "id");
  EXPECT_EQ(genesys.client_secret.current().reveal(), "hunter2");
  const auto& action = loaded.config.actions.at("default");
  EXPECT_EQ(action.adapter, "http_json");
  EXPECT_EQ(action.settings.at("url"), "https://backend.example.com/x");
  EXPECT_EQ(action.secrets.at("token").reveal(), "sesame");
  EXPECT_EQ(loaded.config.server.port, 3000);
  EXPECT_EQ(loaded.config.callback.credential, "genesys");
}

TEST(TutorialEnvironment, NeedsNoExternalToken) {
  const ScratchDirectory directory;
  auto variables = tutorial;
  variables.erase("EXTERNAL_API_TOKEN");
  const auto loaded = directory.load_environment(variables);
  ASSERT_TRUE(loaded.usable()) << directory.problems_of(loaded);
  EXPECT_TRUE(loaded.config.actions.at("default").secrets.empty());
}

TEST(TutorialEnvironment, SetsPortAndTokenUrl) {
  const ScratchDirectory directory;
  const auto loaded = directory.load_environment(
      with(with(tutorial, "PORT", "8081"), "GENESYS_OAUTH_URL", "https://login.mypurecloud.de/oauth/token"));
  ASSERT_TRUE(loaded.usable()) << directory.problems_of(loaded);
  EXPECT_EQ(loaded.config.server.port, 8081);
  EXPECT_EQ(loaded.config.credentials.at("genesys").token_url.host, "login.mypurecloud.de");
}

TEST(TutorialEnvironment, TakesAnEmptyVariableForNone) {
  const ScratchDirectory directory;
  const auto loaded = directory.load_environment(with(tutorial, "PORT", ""));
  ASSERT_TRUE(loaded.usable()) << directory.problems_of(loaded);
  EXPECT_EQ(loaded.config.server.port, 3000);
}

TEST(TutorialEnvironment, NamesWhatIsMissing) {
  const ScratchDirectory directory;
  const auto problems = directory.problems_of(directory.load_environment({}));
  EXPECT_THAT(problems, HasSubstr("set GENESYS_CLIENT_ID and GENESYS_CLIENT_SECRET"));
  EXPECT_THAT(problems, HasSubstr("set EXTERNAL_API_URL"));
  auto variables = tutorial;
  variables.erase("GENESYS_CLIENT_SECRET");
  EXPECT_THAT(directory.problems_of(directory.load_environment(variables)),
              HasSubstr("credentials.genesys.client_secret: is missing; kind \"client_credentials\" needs it, or set "
                        "GENESYS_CLIENT_SECRET"));
}

TEST(TutorialEnvironment, ReportsAWrongVariableByItsName) {
  const ScratchDirectory directory;
  for (const auto* port : {"65536", "-1", "http", "80 ", "3000.5", "99999999999999999999"})
    EXPECT_THAT(directory.problems_of(directory.load_environment(with(tutorial, "PORT", port))),
                HasSubstr("environment PORT: server.port: must be a whole number from 0 to 65535, not "))
        << port;
  EXPECT_THAT(directory.problems_of(directory.load_environment(with(tutorial, "EXTERNAL_API_URL", "backend"))),
              HasSubstr("environment EXTERNAL_API_URL: actions.default.settings.url: must be an http or https URL"));
  EXPECT_THAT(directory.problems_of(
                  directory.load_environment(with(tutorial, "GENESYS_OAUTH_URL", "http://login.example.com/"))),
              HasSubstr("environment GENESYS_OAUTH_URL: credentials.genesys.token_url: must be https"));
}

TEST(TutorialEnvironment, MayUsePlainHttpToThisMachine) {
  const ScratchDirectory directory;
  const auto loaded =
      directory.load_environment(with(tutorial, "GENESYS_OAUTH_URL", "http://127.0.0.1:9999/oauth/token"));
  EXPECT_TRUE(loaded.usable()) << directory.problems_of(loaded);
}

TEST(DotenvFile, IsAsGoodAsTheEnvironment) {
  const ScratchDirectory directory;
  directory.write(".env",
                  "# ours\nexport GENESYS_CLIENT_ID=id\nGENESYS_CLIENT_SECRET='hunter2'\n"
                  "EXTERNAL_API_URL=\"https://backend.example.com/\"\nEXTERNAL_API_TOKEN=sesame\nPORT=8082\n");
  const auto loaded = directory.load_environment({});
  ASSERT_TRUE(loaded.usable()) << directory.problems_of(loaded);
  EXPECT_EQ(loaded.config.server.port, 8082);
  EXPECT_EQ(loaded.config.credentials.at("genesys").client_secret.current().reveal(), "hunter2");
  EXPECT_EQ(loaded.config.actions.at("default").secrets.at("token").reveal(), "sesame");
  EXPECT_THAT(print_report(loaded).text, HasSubstr("port = 8082  # .env:6\n"));
}

TEST(DotenvFile, GivesWayToTheRealEnvironment) {
  const ScratchDirectory directory;
  directory.write(".env", "PORT=8082\nGENESYS_CLIENT_ID=other\n");
  const auto loaded = directory.load_environment(with(tutorial, "PORT", "8083"));
  ASSERT_TRUE(loaded.usable()) << directory.problems_of(loaded);
  EXPECT_EQ(loaded.config.server.port, 8083);
  EXPECT_EQ(loaded.config.credentials.at("genesys").client_id, "id");
}

TEST(DotenvFile, IsReportedWhereItIsNone) {
  const ScratchDirectory directory;
  directory.write(".env", "PORT=8082\nnonsense\n");
  EXPECT_THAT(directory.problems_of(directory.load_environment(tutorial)), HasSubstr(".env:2: is not NAME=value"));
}

TEST(FileAndEnvironment, PortWinsOverTheFile) {
  const ScratchDirectory directory;
  const auto loaded = directory.load(least_toml + "[server]\nport = 1234\n", with(least_variables, "PORT", "4321"));
  ASSERT_TRUE(loaded.usable()) << directory.problems_of(loaded);
  EXPECT_EQ(loaded.config.server.port, 4321);
}

TEST(FileAndEnvironment, TheRestFillsOnlyWhatTheFileLeavesOut) {
  const ScratchDirectory directory;
  const auto loaded = directory.load(
      "[credentials.genesys]\nclient_id = \"mine\"\n[actions.default.settings]\nurl = "
      "\"https://mine.example.com/\"\n",
      tutorial);
  ASSERT_TRUE(loaded.usable()) << directory.problems_of(loaded);
  EXPECT_EQ(loaded.config.credentials.at("genesys").client_id, "mine");
  EXPECT_EQ(loaded.config.credentials.at("genesys").client_secret.current().reveal(), "hunter2");
  EXPECT_EQ(loaded.config.actions.at("default").settings.at("url"), "https://mine.example.com/");
  EXPECT_EQ(loaded.config.actions.at("default").secrets.at("token").reveal(), "sesame");
}

TEST(FileAndEnvironment, AnActionWithAnotherAdapterIsLeftAlone) {
  const ScratchDirectory directory;
  const auto loaded = directory.load("[actions.default]\nadapter = \"crm\"\n", tutorial);
  ASSERT_TRUE(loaded.usable()) << directory.problems_of(loaded);
  EXPECT_TRUE(loaded.config.actions.at("default").settings.empty());
  EXPECT_TRUE(loaded.config.actions.at("default").secrets.empty());
}

TEST(FileAndEnvironment, WrongShapesAreReportedNotFilled) {
  const ScratchDirectory directory;
  const auto loaded = directory.load("server = 1\ncredentials = 2\nactions = 3\n", with(tutorial, "PORT", "1"));
  const auto problems = directory.problems_of(loaded);
  for (const auto* name : {"server", "credentials", "actions"})
    EXPECT_THAT(problems, HasSubstr(std::string(name) + ": must be a table"));
}

TEST(StateDirectory, IsWhereTheJournalGoes) {
  const ScratchDirectory directory;
  const auto loaded = directory.load_environment(with(tutorial, "STATE_DIRECTORY", "/var/lib/fulfilld:/var/lib/b"));
  EXPECT_EQ(loaded.config.journal.directory, "/var/lib/fulfilld");
  EXPECT_THAT(print_report(loaded).text,
              HasSubstr("directory = \"/var/lib/fulfilld\"  # environment STATE_DIRECTORY\n"));
  const auto set = directory.load(least_toml + "[journal]\ndirectory = \"mine\"\n",
                                  with(least_variables, "STATE_DIRECTORY", "/var/lib/fulfilld"));
  EXPECT_EQ(set.config.journal.directory, "mine");
}

TEST(ProcessEnvironment, IsThatOfThisProcess) {
  ASSERT_EQ(setenv("FULFILLD_CONFIG_TEST", "x", 1), 0);
  EXPECT_EQ(process_environment()("FULFILLD_CONFIG_TEST"), "x");
  ASSERT_EQ(unsetenv("FULFILLD_CONFIG_TEST"), 0);
  EXPECT_FALSE(process_environment()("FULFILLD_CONFIG_TEST"));
}

}  // namespace
}  // namespace fulfilld
