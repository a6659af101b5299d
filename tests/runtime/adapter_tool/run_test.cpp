// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/runtime/adapter_tool/tool.hpp"

namespace fulfilld::testing {
namespace {

const std::string naughty = (std::filesystem::path(ADAPTER_TOOL_FIXTURES) / "naughty.so").string();

/// Executes once.
class Run : public ::testing::Test {
 protected:
  Told run(const std::string& library, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments = {"run", library, "--config", files_.write("action.toml", action_)};
    if (!answers_.empty()) {
      arguments.emplace_back("--answers");
      arguments.push_back(files_.write("answers.json", answers_));
    }
    arguments.insert(arguments.end(), more.begin(), more.end());
    return tool(arguments);
  }
  static void expect(const Told& told, int status, const std::vector<std::string>& parts) {
    EXPECT_EQ(told.status, status) << told.text;
    for (const auto& part : parts) EXPECT_NE(told.text.find(part), std::string::npos) << part << "\n" << told.text;
  }

  ToolFiles files_;
  std::string action_ = R"(
[actions.order]
adapter = "naughty"
retry.backoff = "1ms"
[actions.order.settings]
base_url = "https://crm.example"
[actions.order.secrets]
token = "env:A_TOKEN_THAT_IS_NOT_SET"
)";
  std::string answers_ = R"({
  "data": {"customerId": "42"},
  "answers": {
    "GET https://crm.example/customers/*": {"body": {"name": "Ada", "no": 12345678901234567890123}},
    "GET https://crm.example/customers/43": [{"status": 503}, {"text": "{\"name\": \"Bob\"}"}],
    "POST https://crm.example/orders": {"status": 201, "headers": {"Location": "/orders/1"}}
  }
})";
};

TEST_F(Run, PrintsCallsReportsAndTheResult) {
  expect(
      run(naughty), 0,
      {"adapter   naughty 1.0.0 as action order\n", "call 1    attempt 1  GET https://crm.example/customers/42  200  ",
       "wait      a sleep of 200 ms\n", "progress  {\"step\":1}\n", "wait      blocking work\n",
       "call 2    attempt 1  POST https://crm.example/orders  201  ", "complete  after ",
       "\n{\"name\":\"Ada\",\"rows\":3}\n"});
}

TEST_F(Run, PrintsEachAttempt) {
  expect(run(naughty, {"--data", R"({"customerId": "43"})"}), 0,
         {"attempt 1  GET https://crm.example/customers/43  503  ", "retry     in ",
          "attempt 2  GET https://crm.example/customers/43  200  ", "\"name\":\"Bob\""});
}

TEST_F(Run, PrintsWhyItFailed) {
  expect(run(naughty, {"--data", "{}"}), 1, {"failed    bad_input: the input has no field \"customerId\" (after "});
}

TEST_F(Run, NamesCallsThatHaveNoAnswer) {
  answers_ = R"({"data": {"customerId": "1"}, "answers": {}})";
  expect(
      run(naughty), 1,
      {"answers.json has no answer for GET https://crm.example/customers/1: it got a 404", "failed    backend_status"});
}

TEST_F(Run, PrintsNoSecretOfItsOwnAccord) {
  const auto told = run(naughty);
  EXPECT_EQ(told.text.find("made-up-secret"), std::string::npos) << told.text;
}

TEST_F(Run, FetchesTheTokenOfTheActionsCredential) {
  action_ = R"(
[credentials.crm]
token_url = "https://login.example/token"
client_id = "me"
client_secret = "env:NOT_SET_EITHER"
[actions.order]
adapter = "http_json"
credential = "crm"
settings.url = "https://crm.example/orders"
)";
  expect(run(HTTP_JSON_PLUGIN, {"--data", "1"}), 0,
         {"token     attempt 1  POST https://login.example/token  200", "https://crm.example/orders  201"});
}

TEST_F(Run, CallsTheRealBackendWithoutAnswers) {
  answers_.clear();
  action_ = R"(
[actions.order]
adapter = "http_json"
retry.attempts = 1
settings.url = "http://127.0.0.1:1/orders"
)";
  expect(run(HTTP_JSON_PLUGIN), 1, {"POST http://127.0.0.1:1/orders  no connection", "failed    backend_unreachable"});
}

TEST_F(Run, WantsTheRealSecretsWithoutAnswers) {
  answers_.clear();
  expect(run(naughty), 2, {"actions.order.secrets.token: ", "A_TOKEN_THAT_IS_NOT_SET"});
}

TEST_F(Run, LooksOnlyAtWhatConcernsTheAction) {
  action_ += R"(
[server]
port = 99999999
[credentials.genesys]
client_secret = "env:NOT_SET_EITHER"
[actions.another]
adapter = "http_json"
secrets.x = "env:NOT_SET_AT_ALL"
)";
  expect(run(naughty), 0, {"complete"});
}

TEST_F(Run, SaysWhichActionsThereAre) {
  expect(run(HTTP_JSON_PLUGIN), 2, {"action.toml: no action uses the adapter \"http_json\" (actions: order)"});
  expect(run(naughty, {"--action", "nix"}), 2, {"there is no action \"nix\" (there are: order)"});
  expect(run(HTTP_JSON_PLUGIN, {"--action", "order"}), 2, {"uses the adapter \"naughty\", not \"http_json\""});
  action_ += "[actions.second]\nadapter = \"naughty\"\n";
  expect(run(naughty), 2, {"several actions use the adapter \"naughty\"; choose one by --action (order, second)"});
}

TEST_F(Run, SaysWhatIsWrongInTheFiles) {
  expect(run(naughty, {"--data", "{"}), 2, {"--data is not JSON"});
  answers_ = "{";
  expect(run(naughty), 2, {"answers.json is not JSON"});
  answers_ = R"({"answers": {"https://crm.example": {}}})";
  expect(run(naughty), 2, {"must be a method and a URL"});
  answers_ = R"({"answers": {"GET https://crm.example": {"code": 200}}})";
  expect(run(naughty), 2, {"unknown member \"code\" (known: status, headers, body, text)"});
  answers_.clear();
  action_ = "[actions.order\n";
  expect(run(naughty), 2, {"action.toml:1"});
}

TEST_F(Run, PassesOnHowTheAdapterRefusesItsSettings) {
  action_ += "[actions.order.settings.extra]\nx = 1\n";
  expect(run(naughty), 1, {"adapter \"naughty\" refuses: unknown setting \"extra.x\""});
}

TEST_F(Run, NamesAnAdapterThatKeepsTheThread) {
  const auto at = action_.find("base_url");
  action_.insert(at, "sin = \"blocks\"\n");
  expect(run(naughty), 0, {"slow      the adapter kept the thread for 1", "from the start to the first wait"});
}

}  // namespace
}  // namespace fulfilld::testing
