// SPDX-License-Identifier: Apache-2.0
#include "runtime/config/report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/runtime/certificate/pem_files.hpp"
#include "tests/runtime/config/scratch_directory.hpp"

namespace fulfilld {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(PrintReport, GivesEachSettingItsOrigin) {
  const ScratchDirectory directory;
  const auto loaded = directory.load(least_toml + "[server]\nmax_body = 2048\n[targets.default]\nconnections = 7\n" +
                                         "[targets.\"https://a\"]\nrate = \"5/s\"\n",
                                     {{"SECRET", "hunter2"}, {"PORT", "8080"}});
  ASSERT_TRUE(loaded.usable()) << directory.problems_of(loaded);
  const auto report = print_report(loaded);
  EXPECT_EQ(report.status, 0);
  const std::string file = directory.path("fulfilld.toml").string();
  EXPECT_THAT(report.text, HasSubstr("[server]\naddress = \"0.0.0.0\"  # default\nport = 8080  # environment PORT\n"));
  EXPECT_THAT(report.text, HasSubstr("max_body = \"2KiB\"  # " + file + ":9\n"));
  EXPECT_THAT(report.text, HasSubstr("client_secret = \"***\"  # " + file + ":5\n"));
  EXPECT_THAT(report.text, HasSubstr("settings.url = \"https://backend.example.com/\"  # " + file + ":7\n"));
  EXPECT_THAT(report.text, HasSubstr("[targets.\"https://a:443\"]\nconnections = 7  # " + file + ":11\n"));
  EXPECT_THAT(report.text, HasSubstr("rate = \"5/s\"  # " + file + ":13\n"));
  EXPECT_THAT(report.text, HasSubstr("level = \"info\"  # default\n"));
}

TEST(PrintReport, NamesTheOriginOfWhatIsInherited) {
  const ScratchDirectory directory;
  const auto loaded = directory.load(
      least_toml + "[supervision.default]\nperiod = \"2m\"\n[supervision.token]\nrestarts = 2\n", least_variables);
  ASSERT_TRUE(loaded.usable()) << directory.problems_of(loaded);
  const auto text = print_report(loaded).text;
  const std::string file = directory.path("fulfilld.toml").string();
  EXPECT_THAT(text, HasSubstr("[supervision.http_pool]\nrestarts = 5  # default\nperiod = \"2m\"  # " + file + ":9\n"));
  EXPECT_THAT(text,
              HasSubstr("[supervision.token]\nrestarts = 2  # " + file + ":11\nperiod = \"2m\"  # " + file + ":9\n"));
}

TEST(PrintReport, NeverShowsASecret) {
  const ScratchDirectory directory;
  const auto loaded = directory.load_environment({{"GENESYS_CLIENT_ID", "id"},
                                                  {"GENESYS_CLIENT_SECRET", "hunter2"},
                                                  {"EXTERNAL_API_URL", "https://a/"},
                                                  {"EXTERNAL_API_TOKEN", "sesame"}});
  ASSERT_TRUE(loaded.usable()) << directory.problems_of(loaded);
  const auto text = print_report(loaded).text;
  EXPECT_THAT(text, Not(HasSubstr("hunter2")));
  EXPECT_THAT(text, Not(HasSubstr("sesame")));
  EXPECT_THAT(text, HasSubstr("client_secret = \"***\"  # environment GENESYS_CLIENT_SECRET\n"));
  EXPECT_THAT(text, HasSubstr("secrets.token = \"***\"  # environment EXTERNAL_API_TOKEN\n"));
}

TEST(PrintReport, IsAConfigurationThatLoadsAsTheSame) {
  const ScratchDirectory directory;
  const auto first = directory.load(
      "[callback]\nauthorization = \"fulfillment_token\"\n[targets.\"https://a\"]\nrate = \"5/s\"\nburst = 2\n"
      "[actions.b]\nadapter = \"crm\"\n[actions.b.settings]\n\"odd key\" = \"a\\\"b\\\\c\\n\"\n"
      "a.\"b.c\" = \"1\"\n[[actions.b.settings.d]]\ne = \"2\"\n");
  ASSERT_TRUE(first.usable()) << directory.problems_of(first);
  const auto without_comments = [](const std::string& text) {
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
      const auto end = text.find('\n', at);
      const auto line = text.substr(at, end - at);
      result += line.substr(0, line.rfind("  # ")) + '\n';
      at = end + 1;
    }
    return result;
  };
  const auto printed = without_comments(print_report(first).text);
  const auto second = directory.load(printed);
  ASSERT_TRUE(second.usable()) << directory.problems_of(second) << printed;
  EXPECT_EQ(without_comments(print_report(second).text), printed);
  EXPECT_THAT(print_report(second).text, Not(HasSubstr("# default")));
}

TEST(PrintReport, GivesNestedSettingsTheirKeysAndOrigins) {
  const ScratchDirectory directory;
  const auto loaded = directory.load(least_toml +
                                         "settings.headers.\"X.Y\" = \"a\"\nsettings.headers.Accept = \"b\"\n"
                                         "[[actions.default.settings.steps]]\nurl = \"c\"\n",
                                     least_variables);
  ASSERT_TRUE(loaded.usable()) << directory.problems_of(loaded);
  const auto text = print_report(loaded).text;
  const std::string file = directory.path("fulfilld.toml").string();
  EXPECT_THAT(text, HasSubstr("settings.headers.\"X.Y\" = \"a\"  # " + file + ":8\n"));
  EXPECT_THAT(text, HasSubstr("settings.headers.Accept = \"b\"  # " + file + ":9\n"));
  EXPECT_THAT(text, HasSubstr("settings.steps.0.url = \"c\"  # " + file + ":11\n"));
}

TEST(CheckReport, WarnsOfACertificateOutsideOfItsTimeAndCallsItValid) {
  const ScratchDirectory directory;
  const PemFiles old({.name = "old", .valid_from = -7200, .valid_until = -3600});
  directory.write("cert.pem", old.certificate());
  directory.write("key.pem", old.key());
  const auto report =
      check_report(directory.load(least_toml + "[server]\ntls_certificate = \"" + directory.path("cert.pem").string() +
                                      "\"\ntls_key = \"" + directory.path("key.pem").string() + "\"\n",
                                  least_variables));
  EXPECT_EQ(report.status, 0);
  EXPECT_THAT(report.text, testing::StartsWith("warning: " + directory.path("fulfilld.toml").string() +
                                               ":9:19: server.tls_certificate: certificate number 1 of "));
  EXPECT_THAT(report.text, HasSubstr("(CN=old) expired at 2"));
  EXPECT_THAT(report.text, HasSubstr("\nthe configuration is valid\n"));
}

TEST(PrintReport, NamesTheMistakesInstead) {
  const ScratchDirectory directory;
  const auto report = print_report(directory.load(least_toml + "[sever]\n", least_variables));
  EXPECT_EQ(report.status, 1);
  EXPECT_THAT(report.text, HasSubstr("did you mean 'server'?"));
}

}  // namespace
}  // namespace fulfilld
