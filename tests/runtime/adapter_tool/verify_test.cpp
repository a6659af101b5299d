// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "tests/runtime/adapter_tool/tool.hpp"

namespace fulfilld::testing {
namespace {

const std::string naughty_plugin = (std::filesystem::path(ADAPTER_TOOL_FIXTURES) / "naughty.so").string();

/// Tries an adapter that is good but for one sin.
class Verify : public ::testing::Test {
 protected:
  Told verify(const std::string& library, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments = {"verify",    library,
                                          "--config",  files_.write("action.toml", action_),
                                          "--answers", files_.write("answers.json", answers_)};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return tool(arguments);
  }

  /// The rules that it breaks, with the sentence for each.
  std::map<std::string, std::string> broken_by(const std::string& sin) {
    action_.insert(action_.find("base_url"), "sin = \"" + sin + "\"\n");
    const auto told = verify(naughty_plugin);
    std::map<std::string, std::string> broken;
    for (std::size_t at = 0; at < told.text.size();) {
      const auto line = told.text.substr(at, told.text.find('\n', at) - at);
      at += line.size() + 1;
      const auto colon = line.find(": ");
      if (line.starts_with("FAIL  ")) broken[line.substr(6, colon - 6)] = line.substr(colon + 2);
    }
    EXPECT_EQ(told.status, broken.empty() ? 0 : 1) << told.text;
    return broken;
  }

  /// The names of those rules alone.
  std::set<std::string> names_of_broken(const std::string& sin) {
    std::set<std::string> names;
    for (const auto& [rule, sentence] : broken_by(sin)) names.insert(rule);
    return names;
  }

  /// Expects that it breaks that rule, and no other.
  void expect_broken(const std::string& sin, const std::string& rule, const std::vector<std::string>& words) {
    const auto broken = broken_by(sin);
    ASSERT_EQ(broken.size(), 1U) << ::testing::PrintToString(broken);
    EXPECT_EQ(broken.begin()->first, rule);
    for (const auto& word : words)
      EXPECT_NE(broken.begin()->second.find(word), std::string::npos) << broken.begin()->second;
  }

  ToolFiles files_;
  std::string action_ = R"(
[actions.order]
adapter = "naughty"
[actions.order.settings]
base_url = "https://crm.example"
[actions.order.secrets]
token = "env:A_TOKEN_THAT_IS_NOT_SET"
)";
  std::string answers_ = R"({
  "data": {"customerId": "42"},
  "answers": {
    "GET https://crm.example/customers/42": {"body": {"name": "Ada"}},
    "POST https://crm.example/orders": {"status": 201, "body": {}}
  }
})";
};

TEST_F(Verify, PassesAnAdapterThatCopesWithAll) {
  const auto broken = broken_by("none");
  EXPECT_TRUE(broken.empty()) << ::testing::PrintToString(broken);
}

TEST_F(Verify, PassesHttpJsonWithAFixedToken) {
  action_ = R"(
[actions.default]
adapter = "http_json"
settings.url = "https://crm.example/orders"
secrets.token = "env:A_TOKEN_THAT_IS_NOT_SET"
)";
  const auto told = verify(HTTP_JSON_PLUGIN);
  EXPECT_EQ(told.status, 0) << told.text;
  EXPECT_NE(told.text.find("21 passed, 0 failed ("), std::string::npos) << told.text;
}

TEST_F(Verify, PassesHttpJsonWithACredentialWhoseTokenExpires) {
  action_ = R"(
[credentials.crm]
token_url = "https://login.example/token"
client_id = "me"
client_secret = "env:NOT_SET_EITHER"
[actions.default]
adapter = "http_json"
credential = "crm"
settings.url = "https://crm.example/orders"
)";
  const auto told = verify(HTTP_JSON_PLUGIN);
  EXPECT_EQ(told.status, 0) << told.text;
}

TEST_F(Verify, TellsAMachineTheSame) {
  const auto told = verify(naughty_plugin, {"--json", "--rule", "settings"});
  const auto report = nlohmann::json::parse(told.text, nullptr, false);
  ASSERT_TRUE(report.is_object()) << told.text;
  EXPECT_EQ(report.at("adapter"), "naughty");
  EXPECT_EQ(report.at("passed"), 1);
  EXPECT_EQ(report.at("failed"), 0);
  EXPECT_EQ(report.at("rules"), nlohmann::json::parse(R"([{"rule": "settings", "pass": true}])"));
}

TEST_F(Verify, RefusesARuleThatDoesNotExist) {
  const auto told = verify(naughty_plugin, {"--rule", "politeness"});
  EXPECT_EQ(told.status, 2);
  EXPECT_NE(told.text.find("there is no rule \"politeness\" (rules: file, good, settings, hang, "), std::string::npos);
}

TEST_F(Verify, LooksAtTheFileBeforeItRunsAnything) {
  const auto told = verify((std::filesystem::path(ADAPTER_TOOL_FIXTURES) / "unique.so").string());
  EXPECT_EQ(told.status, 1);
  EXPECT_NE(told.text.find("FAIL  file: "), std::string::npos) << told.text;
  EXPECT_NE(told.text.find("0 passed, 1 failed, the others were not tried"), std::string::npos) << told.text;
}

TEST_F(Verify, NeedsAGoodRun) {
  answers_ = R"({"data": {"customerId": "42"}, "answers": {}})";
  const auto told = verify(naughty_plugin);
  EXPECT_EQ(told.status, 1);
  EXPECT_NE(told.text.find("FAIL  good: the answers have none for GET https://crm.example/customers/42: it ended as "
                           "backend_status: "),
            std::string::npos)
      << told.text;
}

TEST_F(Verify, FindsGarbageForAResult) { expect_broken("returns garbage", "good", {"adapter_fault"}); }
TEST_F(Verify, FindsAnAdapterThatEndsTheProcess) { expect_broken("exits", "good", {"ended itself with status 3"}); }
TEST_F(Verify, FindsACrashAndNamesSignalAndCall) {
  expect_broken("crashes on 503", "unavailable", {"call 1, GET https://crm.example/customers/42: ", "SIGABRT"});
}
TEST_F(Verify, LetsNoAnswerComeInTime) {
  EXPECT_EQ(names_of_broken("crashes on backend_timeout"), (std::set<std::string>{"hang", "drip"}));
}
TEST_F(Verify, BreaksConnections) {
  EXPECT_EQ(names_of_broken("crashes on backend_reset"), (std::set<std::string>{"reset_in_head", "reset_in_body"}));
}
TEST_F(Verify, RefusesCallsForAWhile) {
  EXPECT_EQ(names_of_broken("crashes on 429"), (std::set<std::string>{"retry_after_seconds", "retry_after_date"}));
}
TEST_F(Verify, SendsMoreThanIsTaken) { expect_broken("crashes on answer_too_large", "huge_body", {"SIGABRT"}); }
TEST_F(Verify, SendsNothing) { expect_broken("crashes on nothing", "empty_body", {"SIGABRT"}); }
TEST_F(Verify, LetsTokensExpire) { expect_broken("crashes on 401", "expired_token", {"SIGABRT"}); }
TEST_F(Verify, FindsAnExceptionOfTheAdaptersOwn) {
  auto broken = broken_by("trusts JSON");
  broken.erase("thread");  // to throw from that deep may take a busy machine long
  ASSERT_EQ(broken.size(), 2U) << ::testing::PrintToString(broken);
  for (const auto* rule : {"bad_json", "deep_json"})
    for (const auto* words : {"call 1, GET ", "adapter_fault: "})
      EXPECT_NE(broken.at(rule).find(words), std::string::npos) << broken.at(rule);
}
TEST_F(Verify, FindsAnExecutionThatOnlyTheDeadlineEnds) {
  expect_broken("waits for ever", "unavailable", {"it did not end before its deadline"});
}
TEST_F(Verify, FindsAFailureWithoutAMessage) {
  expect_broken("says nothing", "expired_token", {"without a code or a message"});
}
TEST_F(Verify, FindsAnAdapterThatGivesUpOnASlowBackend) { expect_broken("is impatient", "slow", {"backend_timeout"}); }
TEST_F(Verify, FindsASecretInTheLog) { expect_broken("logs its secret", "secrets", {"shows in a log line"}); }
TEST_F(Verify, FindsASecretInAMessage) {
  expect_broken("tells its secret", "secrets", {"call 1, GET ", "shows in the failure's message"});
}
TEST_F(Verify, FindsAnUnsafeCallThatIsSentTwice) {
  expect_broken("orders twice", "unsafe_once", {"call 2, POST https://crm.example/orders", "was sent again"});
}
TEST_F(Verify, FindsAnAdapterThatBlocks) {
  expect_broken("blocks", "thread", {"kept the thread for 1", "context.blocking"});
}
TEST_F(Verify, FindsAnAdapterThatComputesForLong) { expect_broken("computes", "thread", {"kept the thread for 1"}); }
TEST_F(Verify, FindsAnAdapterThatBlocksForEver) {
  expect_broken("blocks for ever", "good", {"keeps the thread beyond its deadline"});
}
TEST_F(Verify, FindsAnAdapterThatCannotBeCancelled) {
  expect_broken("hates to be cancelled", "cancellation", {"cancelled while it waited for GET ", "SIGABRT"});
}
TEST_F(Verify, FindsBlockingWorkThatIgnoresItsStop) {
  expect_broken("ignores the stop", "cancellation", {"its blocking work goes on"});
}
TEST_F(Verify, FindsAnAdapterThatTakesAnySetting) { expect_broken("takes any setting", "settings", {"not refused"}); }
TEST_F(Verify, FindsALibraryThatStaysInTheProcess) { expect_broken("stays", "unload", {"stays in the process"}); }

}  // namespace
}  // namespace fulfilld::testing
