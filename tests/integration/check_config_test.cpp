// SPDX-License-Identifier: Apache-2.0
// --check-config says what the start would find wrong, with the adapters that are there; and the start, and SIGHUP, say
// it in the log.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/integration/fulfilld_test.hpp"

namespace fulfilld::integration {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

constexpr auto broken_actions = R"([actions.misspelt]
adapter = "rest"
secrets.key = "env:CLIENT_SECRET"
[actions.misspelt.settings]
url = "http://127.0.0.1:9/x"
methd = "POST"
tiemout = "2s"
[actions.template]
adapter = "graphql"
settings.url = "http://127.0.0.1:9/g"
settings.query = "{ a "
[actions.absent]
adapter = "none_of_that_name"
[actions.incomplete]
adapter = "rest"
[actions.without_secret]
adapter = "rest"
settings.url = "http://127.0.0.1:9/x"
settings.headers.Authorization = "Bearer {{secret:key}}"
[actions.secret_not_set]
adapter = "rest"
settings.url = "http://127.0.0.1:9/x"
settings.headers.Authorization = "Bearer {{secret:key}}"
secrets.key = "env:NOT_SET"
)";

class CheckConfig : public testing::Test {
 protected:
  /// A sound configuration in 12 lines, and these below it.
  [[nodiscard]] Command command(const std::string& more, bool check) const {
    const auto path = directory_.path() / "check.toml";
    std::ofstream(path) << "[server]\naddress = \"127.0.0.1\"\nport = 0\n[journal]\ndirectory = \"" << journal_.string()
                        << "\"\n[credentials.genesys]\ntoken_url = \"http://127.0.0.1:9/t\"\nclient_id = \"id\"\n"
                           "client_secret = \"env:CLIENT_SECRET\"\n[callback]\n[actions.sound]\n"
                           "settings.url = \"http://127.0.0.1:9/x\"\n"
                        << more;
    auto command = fulfilld_command({"--config", path});
    if (check) command.arguments.emplace_back("--check-config");
    command.directory = directory_.path();
    command.environment["CLIENT_SECRET"] = "secret-of-the-client";
    return command;
  }

  [[nodiscard]] Finished checked(const std::string& more = {}) const { return run(command(more, /*check=*/true)); }

  void expect_mistake(const std::string& more, const std::string& told) const {
    const auto finished = checked(more);
    EXPECT_EQ(finished.exit.status, 1) << more;
    EXPECT_THAT(finished.output, AllOf(HasSubstr(told), HasSubstr("\n1 mistake\n"))) << more;
  }

  ScratchDirectory directory_{"fulfilld-check"};
  fs::path journal_ = directory_.path() / "deep" / "journal";
};

TEST_F(CheckConfig, FindsNothingWrongInWhatStarts) {
  const auto finished = checked();
  EXPECT_EQ(finished.exit.status, 0);
  EXPECT_EQ(finished.output, "the configuration is valid\n");
  EXPECT_FALSE(fs::exists(directory_.path() / "deep")) << "it is not started";
}

TEST_F(CheckConfig, NamesEachMistakeOfEachActionAtItsPlace) {
  const auto finished = checked(broken_actions);
  EXPECT_EQ(finished.exit.status, 1);
  const auto told = [&](const std::string& part) { EXPECT_THAT(finished.output, HasSubstr("check.toml:" + part)); };
  told("18:1: actions.misspelt.settings.methd: adapter \"rest\" refuses: unknown setting \"methd\"");
  EXPECT_THAT(finished.output, HasSubstr("did you mean \"method\"?"));
  told("19:1: actions.misspelt.settings.tiemout: ");
  EXPECT_THAT(finished.output, HasSubstr("did you mean \"timeout\"?"));
  told("15:9: actions.misspelt.secrets.key: adapter \"rest\" refuses: unknown secret \"key\"");
  told("23:18: actions.template.settings.query: adapter \"graphql\" refuses: setting \"query\" is no GraphQL");
  told("25:11: actions.absent.adapter: ");
  told("26:10: actions.incomplete.settings.url: adapter \"rest\" refuses: setting \"url\" is missing");
  EXPECT_THAT(finished.output,
              HasSubstr("actions.without_secret.secrets.key: adapter \"rest\" refuses: secret \"key\""));
  told("36:15: actions.secret_not_set.secrets.key: the environment variable NOT_SET is not set, or empty");
  EXPECT_THAT(finished.output, HasSubstr("\n8 mistakes\n"));
}

TEST_F(CheckConfig, SaysWhatTheStartSays) {
  // Without the secret that is not set, with which nothing starts.
  const std::string actions(broken_actions);
  const auto some = actions.substr(0, actions.find("[actions.secret_not_set]"));
  const auto finished = checked(some);
  const Service service(command(some, /*check=*/false));
  for (std::size_t at = 0; at < finished.output.size();) {
    const auto end = finished.output.find('\n', at);
    const auto line = finished.output.substr(at, end - at);
    if (line.find("check.toml") != std::string::npos) {
      EXPECT_TRUE(service.said(Json(line.substr(line.find("check.toml"))).dump().substr(1, 60))) << line;
    }
    at = end + 1;
  }
  const auto ready = service.get("/readyz");
  EXPECT_EQ(ready.status, 503);
  EXPECT_THAT(ready.body, HasSubstr("actions.misspelt.settings.methd"));
  EXPECT_EQ(service.execute(R"({"fulfillmentUrl":"https://api.mypurecloud.com/a/e-1","data":{}})", "sound").status, 202)
      << "the start is tolerant: the others run";
}

TEST_F(CheckConfig, WantsTheLibrariesThatAreNamed) {
  expect_mistake("[adapters]\nfiles = [\"/none.so\"]\n", "check.toml:14:9: adapters.files: /none.so cannot be found");
  fs::create_directories(directory_.path() / "adapters");
  std::ofstream(directory_.path() / "adapters" / "half.so") << "half a file";
  const auto finished = checked("[adapters]\ndirectories = [\"" + (directory_.path() / "adapters").string() + "\"]\n");
  EXPECT_EQ(finished.exit.status, 1);
  EXPECT_THAT(finished.output, HasSubstr("half.so is not a shared library"));
  EXPECT_THAT(finished.output, HasSubstr("actions.sound.adapter: action \"sound\": there is no adapter \"http_json\""));
}

TEST_F(CheckConfig, WantsAuthoritiesThatCanBeRead) {
  std::ofstream(directory_.path() / "ca.pem") << "no certificate";
  const auto file = (directory_.path() / "ca.pem").string();
  expect_mistake("[egress]\nca_file = \"" + file + "\"\n", "check.toml:14:11: egress.ca_file: cannot read");
  expect_mistake("[egress]\nca_file = \"/none.pem\"\n", "check.toml:14:11: egress.ca_file: ");
}

TEST_F(CheckConfig, WantsAPlaceForTheJournal) {
  std::ofstream(directory_.path() / "file") << "x";
  journal_ = directory_.path() / "file" / "journal";
  expect_mistake("",
                 "check.toml:5:13: journal.directory: " + (directory_.path() / "file").string() + " is no directory");
  journal_ = "/proc/1/journal";  // where nobody makes a directory
  const auto finished = checked();
  EXPECT_EQ(finished.exit.status, 0) << "another user may: " << finished.output;
}

TEST_F(CheckConfig, TellsAllMistakesAlsoWhenItRefusesToStart) {
  const auto finished = run(command("[limits]\nmax_in_flight = 0\n" + std::string(broken_actions), /*check=*/false));
  EXPECT_EQ(finished.exit.status, 78);
  EXPECT_THAT(finished.output, AllOf(HasSubstr("check.toml:14:17: limits.max_in_flight: "),
                                     HasSubstr("check.toml:20:1: actions.misspelt.settings.methd: ")));
}

TEST_F(CheckConfig, TellsOfAFileThatIsNoTomlNothingElse) {
  expect_mistake("[server\n", "check.toml:13:8: ");
  EXPECT_THAT(checked("[server\n").output, Not(HasSubstr("actions")));
}

TEST_F(CheckConfig, ShowsNoSecret) {
  EXPECT_THAT(checked("[actions.x]\nadapter = \"rest\"\nsettings.url = \"http://127.0.0.1:9/\"\n"
                      "settings.method = \"secret-of-the-client\"\n")
                  .output,
              AllOf(HasSubstr("actions.x.settings.method"), Not(HasSubstr("secret-of-the-client"))));
}

}  // namespace
}  // namespace fulfilld::integration
