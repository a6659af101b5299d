// SPDX-License-Identifier: Apache-2.0
// Where fulfilld's settings come from, and what it says of them.
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>

#include "tests/integration/fulfilld_test.hpp"

namespace fulfilld::integration {
namespace {

/// A port that nobody uses now.
std::uint16_t free_port() {
  const int probe = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  socklen_t length = sizeof address;
  bind(probe, reinterpret_cast<const sockaddr*>(&address), length);
  getsockname(probe, reinterpret_cast<sockaddr*>(&address), &length);
  close(probe);
  return ntohs(address.sin_port);
}

class Configuration : public FulfilldTest {
 protected:
  /// The tutorial's five variables, and the one that points to the simulator.
  [[nodiscard]] std::map<std::string, std::string> tutorial_environment() const {
    return {{"GENESYS_CLIENT_ID", "client"},
            {"GENESYS_CLIENT_SECRET", client_secret},
            {"GENESYS_OAUTH_URL", simulator.token_url()},
            {"EXTERNAL_API_URL", simulator.backend() + "/backend/tutorial"},
            {"EXTERNAL_API_TOKEN", backend_token},
            {"PORT", "0"}};
  }

  [[nodiscard]] Command in_directory(std::vector<std::string> arguments) const {
    auto command = fulfilld_command(std::move(arguments));
    command.directory = directory.path();
    return command;
  }

  [[nodiscard]] std::string file(const std::string& name, const std::string& text) const {
    const auto path = directory.path() / name;
    std::ofstream(path) << text;
    return path;
  }

  void expect_a_call_with_the_tutorials_settings() const {
    ASSERT_TRUE(simulator.wait({{"backend_calls", 1}}));
    const auto calls = simulator.backend_calls();
    EXPECT_EQ(calls[0].at("target"), "/backend/tutorial");
    EXPECT_EQ(calls[0].at("body"), R"({"customer": 5})");
    EXPECT_EQ(calls[0].at("headers").at("authorization"), std::string("Bearer ") + backend_token);
  }
};

TEST_F(Configuration, IsCompleteWithTheTutorialsEnvironmentAlone) {
  // The backend holds its answer, so that no result ever goes to the real platform.
  simulator.configure({{"backend", {{"faults", {{{"hold", true}}}}}}});
  auto command = in_directory({});
  command.environment.merge(tutorial_environment());
  command.environment["PORT"] = std::to_string(free_port());
  const Service service(command);
  EXPECT_EQ(std::to_string(service.port()), command.environment["PORT"]);
  const auto reply = service.execute(
      R"({"fulfillmentUrl":"https://api.mypurecloud.com/api/v2/dataactions/fulfillments/e-1","data":{"customer": 5}})");
  EXPECT_EQ(reply.status, 202) << reply.body;
  expect_a_call_with_the_tutorials_settings();
}

TEST_F(Configuration, TakesTheEnvironmentBesideAFile) {
  auto command = in_directory({"--config", file("loopback.toml", "[callback]\nallowed_hosts = [\"127.0.0.1\"]\n")});
  command.environment.merge(tutorial_environment());
  const Service service(command);
  EXPECT_EQ(result_of(service, "e-1", R"({"customer": 5})").at("status"), "complete");
  expect_a_call_with_the_tutorials_settings();
}

TEST_F(Configuration, TakesTheEnvironmentFromADotEnvFile) {
  std::string text;
  for (const auto& [name, value] : tutorial_environment()) text.append(name).append("=\"").append(value).append("\"\n");
  static_cast<void>(file(".env", text + "EXTERNAL_API_URL=http://127.0.0.1:9/overridden\n"));
  auto command = in_directory({"--config", file("loopback.toml", "[callback]\nallowed_hosts = [\"127.0.0.1\"]\n")});
  // The real environment comes first.
  command.environment["EXTERNAL_API_URL"] = simulator.backend() + "/backend/tutorial";
  const Service service(command);
  EXPECT_EQ(result_of(service, "e-1", R"({"customer": 5})").at("status"), "complete");
  expect_a_call_with_the_tutorials_settings();
}

TEST_F(Configuration, IsCheckedWithLineColumnAndSuggestion) {
  const auto path = file("wrong.toml", "[server]\nprot = 3000\n\n[journal]\nsynchronous = \"sometimes\"\n");
  auto command = in_directory({"--config", path, "--check-config"});
  command.environment.merge(tutorial_environment());
  const auto finished = run(command);
  EXPECT_NE(finished.exit.status, 0);
  EXPECT_THAT(finished.output, testing::ContainsRegex("wrong.toml:2:1: .*prot.*port"));
  EXPECT_THAT(finished.output, testing::ContainsRegex("wrong.toml:5:[0-9]+: .*synchronous"));
}

TEST_F(Configuration, IsNotStartedWithMistakes) {
  auto command = in_directory({"--config", file("wrong.toml", "[server]\nport = \"high\"\n")});
  command.environment.merge(tutorial_environment());
  command.environment.erase("PORT");
  const auto finished = run(command);
  EXPECT_NE(finished.exit.status, 0);
  EXPECT_THAT(finished.output, testing::HasSubstr("wrong.toml:2:"));
}

TEST_F(Configuration, IsCheckedWithoutBeingRun) {
  auto command = in_directory({"--check-config"});
  command.environment.merge(tutorial_environment());
  EXPECT_EQ(run(command).exit.status, 0);
}

TEST_F(Configuration, IsPrintedWithOriginsAndWithoutSecrets) {
  auto command = in_directory({"--config", file("some.toml", "[limits]\nmax_in_flight = 77\n"), "--print-config"});
  command.environment.merge(tutorial_environment());
  const auto finished = run(command);
  EXPECT_EQ(finished.exit.status, 0);
  EXPECT_THAT(finished.output, testing::ContainsRegex("max_in_flight = 77 +# .*some.toml:2"));
  EXPECT_THAT(finished.output, testing::ContainsRegex("port = 0 +# .*PORT"));
  EXPECT_THAT(finished.output, testing::ContainsRegex("keep_alive = .* +# default"));
  EXPECT_THAT(finished.output, testing::Not(testing::HasSubstr(client_secret)));
  EXPECT_THAT(finished.output, testing::Not(testing::HasSubstr(backend_token)));
}

TEST_F(Configuration, KeepsItsSecretsOutOfTheLog) {
  // Everything that can be told of a secret happens: it is used, refused, fetched anew, sent along.
  set_text("callback", "authorization", "fulfillment_token_or_oauth");
  simulator.configure({{"callback", {{"fulfillment_token", "secret-sent-along"}}},
                       {"token", {{"faults", {{{"status", 401}, {"times", 1}}}}}}});
  auto service = start();
  auto body = execute_body("with", simulate(R"({"status":503,"times":1})"));
  body.pop_back();
  ASSERT_EQ(service.execute(body + R"(,"fulfillmentToken":"secret-sent-along"})").status, 202);
  ASSERT_EQ(result_of(service, "without", R"({"password":"secret-in-the-data"})").at("status"), "complete");
  simulator.revoke_tokens();
  ASSERT_EQ(result_of(service, "anew").at("status"), "complete");
  EXPECT_EQ(service.execute(R"({"password":"secret-in-the-data")").status, 400);
  ASSERT_TRUE(service.logged("delivered", "with"));
  ASSERT_TRUE(service.logged("delivered", "anew"));
  ASSERT_TRUE(service.stop());
  for (const auto* secret : {"secret-of-", "secret-sent-along", "secret-in-the-data", "simulated-token-"})
    EXPECT_THAT(service.log(), testing::Not(testing::HasSubstr(secret)));
}

TEST_F(Configuration, LetsTheLogNameTheExecutionInEachOfItsLines) {
  const auto service = start();
  ASSERT_EQ(result_of(service, "e-1", simulate(R"({"status":503,"times":1})")).at("status"), "complete");
  ASSERT_TRUE(service.logged("delivered", "e-1"));
  for (const auto* event : {"accepted", "attempt_sent", "attempt_ended", "retry_planned", "complete"})
    EXPECT_TRUE(service.logged(event, "e-1")) << event;
}

}  // namespace
}  // namespace fulfilld::integration
