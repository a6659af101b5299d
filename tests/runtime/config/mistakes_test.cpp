// SPDX-License-Identifier: Apache-2.0
// Every mistake is named, with its place.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/config/report.hpp"
#include "tests/runtime/certificate/pem_files.hpp"
#include "tests/runtime/config/scratch_directory.hpp"

namespace fulfilld {
namespace {

using testing::HasSubstr;

// `least_toml` has seven lines: what is added begins on line 8.
std::string mistakes_in(const std::string& toml) {
  const ScratchDirectory directory;
  return directory.problems_of(directory.load(least_toml + toml, least_variables));
}

TEST(Mistakes, AreAllReportedInTheOrderOfTheFile) {
  EXPECT_EQ(
      mistakes_in("[server]\n"
                  "prot = 1\n"
                  "port = 65536\n"
                  "  max_body = \"1MB\"\n"
                  "[log]\n"
                  "level = \"loud\"\n"),
      "fulfilld.toml:9:1: server.prot: unknown key; did you mean 'port'?\n"
      "fulfilld.toml:10:8: server.port: must be a whole number from 0 to 65535, not 65536\n"
      "fulfilld.toml:11:14: server.max_body: must be a size from 1KiB to 64MiB, a number of bytes or a whole "
      "number with B, KiB, MiB or GiB, not \"1MB\"\n"
      "fulfilld.toml:13:9: log.level: must be one of \"debug\", \"info\", \"warning\", \"error\", not \"loud\"\n");
}

TEST(Mistakes, UnknownKeysAreRefusedOnEveryLevel) {
  EXPECT_THAT(mistakes_in("[sever]\n"), HasSubstr(":8:2: sever: unknown key; did you mean 'server'?"));
  EXPECT_THAT(mistakes_in("[callback]\nretry.attemps = 2\n"),
              HasSubstr(":9:7: callback.retry.attemps: unknown key; did you mean 'attempts'?"));
  EXPECT_THAT(mistakes_in("[targets.default]\nrates = \"1/s\"\n"),
              HasSubstr("targets.default.rates: unknown key; did you mean 'rate'?"));
  EXPECT_THAT(mistakes_in("[credentials.b]\nclientid = \"x\"\n"),
              HasSubstr("credentials.b.clientid: unknown key; did you mean 'client_id'?"));
  EXPECT_THAT(mistakes_in("[actors]\nfrequency = 1\n"),
              HasSubstr("actors.frequency: unknown key; allowed here: workers"));
  EXPECT_THAT(mistakes_in("[callback]\n\"retry.attempts\" = 2\n"),
              HasSubstr("callback.\"retry.attempts\": unknown key"));
}

TEST(Mistakes, ServiceActorsThatNobodyKnowsAreRefused) {
  EXPECT_THAT(
      mistakes_in("[supervision.journal_relay]\nrestarts = 1\n"),
      HasSubstr(":8:14: supervision.journal_relay: unknown key; allowed here: callback_lane, default, http_pool, "
                "rate_limiter, token"));
  EXPECT_THAT(mistakes_in("[supervision.http-pool]\n"), HasSubstr("unknown key; did you mean 'http_pool'?"));
  EXPECT_THAT(mistakes_in("[supervision.token]\nrestart = 1\n"), HasSubstr("unknown key; did you mean 'restarts'?"));
}

TEST(Mistakes, LimitsThatCannotHoldAreRefused) {
  EXPECT_THAT(mistakes_in("[limits]\nmax_bytes = \"1MiB\"\n"),
              HasSubstr(":9:13: limits.max_bytes: is 1MiB, and must be at least twice server.max_body, which is 1MiB"));
  EXPECT_EQ(mistakes_in("[limits]\nmax_bytes = \"2MiB\"\n"), "");
  EXPECT_THAT(mistakes_in("[server]\nmax_body = \"64MiB\"\n[limits]\nmax_bytes = \"127MiB\"\n"),
              HasSubstr("limits.max_bytes: is 127MiB"));
  EXPECT_THAT(mistakes_in("[limits]\npark_after = 0\n"), HasSubstr("must be a whole number from 1 to 1000, not 0"));
  EXPECT_THAT(mistakes_in("[journal]\nmax_size = 0\n"), HasSubstr("or \"none\", not 0"));
  EXPECT_THAT(mistakes_in("[journal]\nmax_size = \"some\"\n"), HasSubstr("or \"none\", not \"some\""));
}

TEST(Mistakes, WrongTypesAreRefused) {
  for (const auto* line :
       {"port = \"3000\"", "port = 3000.0", "port = true", "port = [3000]", "port = {}", "address = 1",
        "address = \"example.com\"", "address = \"\"", "request_timeout = 5", "request_timeout = \"5\"",
        "request_timeout = \"1ms\"", "request_timeout = \"11m\"", "max_body = -1", "max_body = 0",
        "max_connections = 0", "tls_key = \"a\\u0000b\"", "port = 1979-05-27", "port = inf"}) {
    const ScratchDirectory directory;
    const auto loaded = directory.load(least_toml + "[server]\n" + line + '\n', least_variables);
    ASSERT_EQ(loaded.problems.size(), 1u) << line << '\n' << directory.problems_of(loaded);
    EXPECT_EQ(loaded.problems[0].place.line, 9u);
    EXPECT_THAT(loaded.problems[0].sentence, testing::StartsWith("must be ")) << line;
  }
}

TEST(Mistakes, ANumberIsQuotedAsItIsWritten) {
  EXPECT_THAT(mistakes_in("[server]\nport = 3000.0\n"), HasSubstr("server.port: must be a whole number from "));
  EXPECT_THAT(mistakes_in("[server]\nport = 3000.0\n"), HasSubstr(", not 3000.0"));
  EXPECT_THAT(mistakes_in("[server]\nport = 3e3\n"), HasSubstr(", not 3e3"));
  EXPECT_THAT(mistakes_in("[server]\nport = inf\n"), HasSubstr(", not inf"));
}

TEST(Mistakes, TablesAndValuesAreNotMixedUp) {
  EXPECT_THAT(mistakes_in("[[server]]\nport = 1\n"), HasSubstr("server: must be a table, not an array"));
  EXPECT_THAT(mistakes_in("[callback]\nretry = 3\n"), HasSubstr("callback.retry: must be a table, not 3"));
  EXPECT_THAT(mistakes_in("[actions]\ncrm = \"crm\"\n"), HasSubstr("actions.crm: must be a table, not \"crm\""));
  EXPECT_THAT(mistakes_in("[actions.b]\nsettings = 1\n"), HasSubstr("actions.b.settings: must be a table"));
  EXPECT_THAT(mistakes_in("[actions.b.settings]\na = [1, {b = 1979-05-27}]\n"),
              HasSubstr("actions.b.settings.a.1.b: must be a string, a number, true or false, not a date or time"));
  EXPECT_THAT(mistakes_in("[actions.b.settings]\n\"a.b\" = 1\na.b = 2\n"),
              HasSubstr(":9:1: actions.b.settings.\"a.b\": is set twice: to an adapter it is the same as "
                        "actions.b.settings.a.b"));
  EXPECT_THAT(mistakes_in("[actions.b.settings]\n\"a.b\".c = 1\na.b.d = 2\n"), HasSubstr("\"a.b\": is set twice"));
}

TEST(Mistakes, SyntaxErrorsHaveTheirPlace) {
  EXPECT_THAT(mistakes_in("[server\nport = 1\n"), testing::StartsWith("fulfilld.toml:8:8: "));
  EXPECT_THAT(mistakes_in("[server]\nport = 1\nport = 2\n"), testing::StartsWith("fulfilld.toml:10:"));
  EXPECT_THAT(mistakes_in("a = \"\xff\"\n"), testing::StartsWith("fulfilld.toml:8:"));
}

TEST(Mistakes, AFileThatIsNotThereIsOne) {
  const ScratchDirectory directory;
  ConfigSources sources;
  sources.file = directory.path("none.toml");
  EXPECT_EQ(directory.problems_of(load_config(sources)), "none.toml: cannot be read: No such file or directory\n");
  sources.file = directory.path(".");
  EXPECT_THAT(directory.problems_of(load_config(sources)), HasSubstr("it is a directory"));
}

TEST(Mistakes, AnEndlessFileIsOne) {
  ConfigSources sources;
  sources.file = "/dev/zero";
  const auto loaded = load_config(sources);
  ASSERT_EQ(loaded.problems.size(), 1u);
  EXPECT_THAT(loaded.problems[0].text(), HasSubstr("/dev/zero: is larger than 1048576 bytes"));
}

TEST(Mistakes, NamesThatLeadNowhereAreFound) {
  EXPECT_THAT(mistakes_in("[actions.b]\ncredential = \"genesis\"\n"),
              HasSubstr(":9:14: actions.b.credential: there is no [credentials.genesis]: add it"));
  EXPECT_THAT(mistakes_in("[callback]\ncredential = \"other\"\n"),
              HasSubstr(":9:14: callback.credential: there is no [credentials.other]: add it"));
  EXPECT_THAT(mistakes_in("[callback]\nauthorization = \"fulfillment_token_or_oauth\"\ncredential = \"other\"\n"),
              HasSubstr("there is no [credentials.other]"));
}

TEST(Mistakes, MissingPartsOfACredentialAreFound) {
  const auto problems = mistakes_in("[credentials.b]\n[credentials.c]\nkind = \"bearer\"\n");
  for (const auto* key : {"b.token_url", "b.client_id", "b.client_secret"})
    EXPECT_THAT(problems, HasSubstr(std::string(":8:14: credentials.") + key + ": is missing; kind \"client_cred"));
  EXPECT_THAT(problems, HasSubstr(":9:14: credentials.c.token: is missing; kind \"bearer\" needs it\n"));
}

TEST(Mistakes, AClientIdThatRawHttpBasicCannotCarryIsRefused) {
  const auto sent_as = [](const std::string& how) {
    return mistakes_in(
        "[credentials.b]\nclient_id = \"urn:b\"\nclient_secret = \"env:SECRET\"\n"
        "token_url = \"https://login.example.com/\"\nsend_as = \"" +
        how + "\"\n");
  };
  EXPECT_THAT(sent_as("basic_raw"), HasSubstr(":9:13: credentials.b.client_id: holds a colon"));
  EXPECT_EQ(sent_as("basic"), "");
  EXPECT_EQ(sent_as("form"), "");
  EXPECT_THAT(sent_as("header"), HasSubstr("must be one of \"basic\", \"basic_raw\", \"form\""));
}

TEST(Mistakes, AWrongSettingIsNotReportedAsMissingToo) {
  EXPECT_EQ(mistakes_in("[credentials.c]\nkind = \"bearer\"\ntoken = \"literal\"\n"),
            "fulfilld.toml:10:9: credentials.c.token: must be \"env:NAME\" or \"file:PATH\": a secret never stands in "
            "the configuration itself\n");
}

TEST(Mistakes, ASecretIsNeverSentInTheClear) {
  const auto with_url = [](const std::string& url) {
    return mistakes_in("[credentials.b]\nclient_id = \"x\"\nclient_secret = \"env:SECRET\"\ntoken_url = \"" + url +
                       "\"\n");
  };
  EXPECT_THAT(with_url("http://login.example.com/"), HasSubstr(":11:13: credentials.b.token_url: must be https"));
  EXPECT_EQ(with_url("http://localhost:1/"), "");
  EXPECT_THAT(with_url("ftp://x/"), HasSubstr("must be an http or https URL"));
  EXPECT_THAT(with_url(""), HasSubstr("must be an http or https URL"));
}

TEST(Mistakes, TimesThatDoNotFitEachOtherAreFound) {
  EXPECT_THAT(mistakes_in("[actions.b]\ndeadline = \"3s\"\n"),
              HasSubstr(":8:10: actions.b.retry.attempt_timeout: is 5s, longer than deadline, which is 3s"));
  EXPECT_THAT(mistakes_in("[actions.b]\nretry.backoff = \"31s\"\n"),
              HasSubstr("actions.b.retry.backoff: is longer than retry.backoff_max, which is 30s"));
  EXPECT_THAT(mistakes_in("[callback]\nlifetime = \"7s\"\n"),
              HasSubstr("callback.retry.attempt_timeout: is 8s, longer than lifetime, which is 7s"));
  EXPECT_THAT(mistakes_in("[targets.default]\nburst = 3\n"),
              HasSubstr("targets.default.burst: has no meaning without a rate"));
}

TEST(Mistakes, TwoListenersNeedTwoPorts) {
  EXPECT_THAT(mistakes_in("[server]\nport = 4000\n[metrics]\nport = 4000\n"),
              HasSubstr(":11:8: metrics.port: is that of [server] too"));
  EXPECT_EQ(mistakes_in("[server]\naddress = \"127.0.0.2\"\nport = 4000\n[metrics]\nport = 4000\n"), "");
  EXPECT_EQ(mistakes_in("[server]\nport = 0\n[metrics]\nport = 0\n"), "");
}

TEST(Mistakes, TlsNeedsBothFiles) {
  EXPECT_THAT(mistakes_in("[server]\ntls_certificate = \"/dev/null\"\n"),
              HasSubstr(":9:19: server.tls_certificate: tls_certificate and tls_key belong together"));
  EXPECT_THAT(mistakes_in("[server]\ntls_certificate = \"/dev/null\"\ntls_key = \"/none\"\n"),
              HasSubstr(":10:11: server.tls_key: the file /none cannot be read"));
}

TEST(Mistakes, ACertificateThatCannotBeUsedIsNamedWhereItIsSet) {
  const ScratchDirectory directory;
  const PemFiles own;
  const PemFiles other;
  const auto problems = [&](const std::string& certificate, const std::string& key) {
    directory.write("cert.pem", certificate);
    directory.write("key.pem", key);
    return directory.problems_of(directory.load(least_toml + "[server]\ntls_certificate = \"" +
                                                    directory.path("cert.pem").string() + "\"\ntls_key = \"" +
                                                    directory.path("key.pem").string() + "\"\n",
                                                least_variables));
  };
  EXPECT_EQ(problems(own.certificate(), own.key()), "");
  EXPECT_THAT(problems(own.certificate(), other.key()), HasSubstr(":10:11: server.tls_key: the key in "));
  EXPECT_THAT(problems(own.certificate(), own.encrypted_key()), HasSubstr("is encrypted"));
  EXPECT_THAT(problems("nothing", own.key()), HasSubstr(":9:19: server.tls_certificate: the file "));
}

TEST(Mistakes, OriginsAndHostsAndNamesMustBeSome) {
  EXPECT_THAT(mistakes_in("[targets.\"https://a/path\"]\n"), HasSubstr("without path or query"));
  EXPECT_THAT(mistakes_in("[targets.a]\n"), HasSubstr("must be named \"default\" or after an origin"));
  EXPECT_THAT(mistakes_in("[targets.\"https://a\"]\n[targets.\"https://A:443\"]\n"),
              HasSubstr("is the same origin as in "));
  EXPECT_THAT(mistakes_in("[callback]\nallowed_hosts = [\"a\", \"*.b\"]\n"),
              HasSubstr(":9:23: callback.allowed_hosts: '*.b' is not a host name"));
  EXPECT_THAT(mistakes_in("[callback]\nallowed_hosts = []\n"), HasSubstr("must name at least one host"));
  EXPECT_THAT(mistakes_in("[actions.\"a/b\"]\n"), HasSubstr("actions.\"a/b\": the name must be 1 to 64 letters"));
  EXPECT_THAT(mistakes_in("[actions.b]\nadapter = \"../evil\"\n"), HasSubstr("actions.b.adapter: must be a name"));
  EXPECT_THAT(mistakes_in("[actions.b]\nadapter = \"\"\n"), HasSubstr("actions.b.adapter: must be a name"));
}

TEST(Mistakes, AtLeastOneActionIsNeeded) {
  const ScratchDirectory directory;
  EXPECT_THAT(directory.problems_of(directory.load("[callback]\nauthorization = \"fulfillment_token\"\n")),
              HasSubstr("actions: at least one action is needed"));
}

TEST(Mistakes, MakeTheCheckFail) {
  const ScratchDirectory directory;
  const auto bad = check_report(directory.load(least_toml + "[sever]\n", least_variables));
  EXPECT_EQ(bad.status, 1);
  EXPECT_THAT(bad.text, testing::EndsWith("\n1 mistake\n"));
  const auto good = check_report(directory.load(least_toml, least_variables));
  EXPECT_EQ(good.status, 0);
}

TEST(Mistakes, AUserAgentThatCannotBeAFieldsValueIsRefused) {
  for (const char* written : {"caf\\u00e9", "a\\r\\nX-Smuggled: b"})
    EXPECT_THAT(mistakes_in("[egress]\nuser_agent = \"" + std::string(written) + "\"\n"),
                HasSubstr(":9:14: egress.user_agent: must be at most 256 printable characters of ASCII"));
}

}  // namespace
}  // namespace fulfilld
