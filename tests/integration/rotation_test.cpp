// SPDX-License-Identifier: Apache-2.0
// Secrets are replaced while the service runs.
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "tests/integration/fulfilld_test.hpp"
#include "tests/integration/notify_socket.hpp"

namespace fulfilld::integration {
namespace {

constexpr const char* next_secret = "the-next-secret-of-the-client";

class Rotation : public FulfilldTest {
 protected:
  Rotation() {
    write_secret(client_secret);
    set_text("credentials.genesys", "client_secret", "file:" + secret_file().string());
    set_text("callback", "rate", "none");
  }

  [[nodiscard]] std::filesystem::path secret_file() const { return directory.path() / "client-secret"; }

  /// Replaces the file as a whole, as whoever rotates secrets does.
  void write_secret(const std::string& text) const {
    const auto next = directory.path() / "next";
    std::ofstream(next) << text << "\n";
    std::filesystem::rename(next, secret_file());
  }

  /// From now on the token endpoint wants that one.
  void expect_secret(const std::string& secret) const { simulator.configure({{"token", {{"client_secret", secret}}}}); }

  void expect_nothing_failed_or_lost(int executions) const {
    ASSERT_TRUE(simulator.wait({{"callbacks", executions}}));
    const auto outcomes = simulator.outcomes();
    EXPECT_EQ(outcomes.size(), static_cast<std::size_t>(executions));
    for (const auto& [id, outcome] : outcomes.items())
      EXPECT_EQ(outcome, Json::parse(R"({"complete":1,"failed":0})")) << id;
  }

  static void expect_no_secret_in(const Service& service) {
    EXPECT_THAT(service.log(), testing::Not(testing::HasSubstr(client_secret)));
    EXPECT_THAT(service.log(), testing::Not(testing::HasSubstr(next_secret)));
  }
};

TEST_F(Rotation, ByFileAndHangupUnderLoadCostsNoExecution) {
  constexpr int executions = 200;
  Service service = start();
  std::thread load([&] {
    for (int n = 0; n < executions; ++n) send(service, "e-" + std::to_string(n));
  });
  EXPECT_TRUE(simulator.wait({{"callbacks", 50}}));
  write_secret(next_secret);
  expect_secret(next_secret);
  simulator.revoke_tokens();
  service.process().send_signal(SIGHUP);
  load.join();
  expect_nothing_failed_or_lost(executions);
  EXPECT_TRUE(service.said("the secrets of all credentials are read anew"));
  expect_no_secret_in(service);
}

TEST_F(Rotation, AHangupHasATokenFetchedWithTheNewSecretAtOnce) {
  Service service = start();
  ASSERT_TRUE(simulator.wait({{"tokens_issued", 1}}));
  write_secret(next_secret);
  expect_secret(next_secret);
  service.process().send_signal(SIGHUP);
  EXPECT_TRUE(simulator.wait({{"tokens_issued", 2}}));
  EXPECT_EQ(simulator.counts().at("token_requests"), 2) << "none with the old secret";
  ASSERT_EQ(result_of(service, "e-1").at("status"), "complete");
  EXPECT_EQ(simulator.counts().at("callback_requests"), 1);
}

TEST_F(Rotation, AFileIsReadAnewForEachFetchWithoutAnySignal) {
  const auto service = start();
  ASSERT_EQ(result_of(service, "e-1").at("status"), "complete");
  write_secret(next_secret);
  expect_secret(next_secret);
  simulator.revoke_tokens();
  ASSERT_EQ(result_of(service, "e-2").at("status"), "complete");
  EXPECT_EQ(simulator.counts().at("token_requests"), 2);
  expect_no_secret_in(service);
}

TEST_F(Rotation, AFileThatIsReplacedTooLateIsPickedUpAllTheSame) {
  const auto service = start();
  ASSERT_EQ(result_of(service, "e-1").at("status"), "complete");
  expect_secret(next_secret);
  simulator.revoke_tokens();
  send(service, "e-2");
  ASSERT_TRUE(service.said("invalid_client"));
  write_secret(next_secret);
  expect_nothing_failed_or_lost(2);
}

TEST_F(Rotation, ASecretThatCannotBeReadStaysAsItIs) {
  Service service = start();
  ASSERT_EQ(result_of(service, "e-1").at("status"), "complete");
  std::filesystem::remove(secret_file());
  service.process().send_signal(SIGHUP);
  ASSERT_TRUE(service.said("the secret of credential 'genesys' stays as it was"));
  simulator.revoke_tokens();
  ASSERT_EQ(result_of(service, "e-2").at("status"), "complete");
  write_secret(next_secret);
  expect_secret(next_secret);
  service.process().send_signal(SIGHUP);
  simulator.revoke_tokens();
  expect_no_secret_in(service);
  ASSERT_EQ(result_of(service, "e-3").at("status"), "complete");
}

TEST_F(Rotation, OfAVariableGoesByTheDotenvFile) {
  const auto write_dotenv = [this](const std::string& secret) {
    std::ofstream(directory.path() / ".env") << "ROTATED_SECRET='" << secret << "'\n";
  };
  set_text("credentials.genesys", "client_secret", "env:ROTATED_SECRET");
  write_dotenv(client_secret);
  Service service = start();
  ASSERT_EQ(result_of(service, "e-1").at("status"), "complete");
  write_dotenv(next_secret);
  expect_secret(next_secret);
  simulator.revoke_tokens();
  service.process().send_signal(SIGHUP);
  ASSERT_EQ(result_of(service, "e-2").at("status"), "complete");
  expect_no_secret_in(service);
}

TEST_F(Rotation, OfABearerTokenGoesByHangup) {
  const auto authorization_of = [this](const std::string& id) {
    return simulator.callbacks(id).back().at("headers").at("authorization").get<std::string>();
  };
  unset("credentials.genesys");
  set_text("credentials.genesys", "kind", "bearer");
  set_text("credentials.genesys", "token", "file:" + secret_file().string());
  simulator.configure({{"callback", {{"fulfillment_token", client_secret}}}});
  Service service = start();
  ASSERT_EQ(result_of(service, "e-1").at("status"), "complete");
  EXPECT_EQ(authorization_of("e-1"), std::string("Bearer ") + client_secret);
  write_secret(next_secret);
  simulator.configure({{"callback", {{"fulfillment_token", next_secret}}}});
  service.process().send_signal(SIGHUP);
  ASSERT_TRUE(service.said("read anew"));
  ASSERT_EQ(result_of(service, "e-2").at("status"), "complete");
  EXPECT_EQ(authorization_of("e-2"), std::string("Bearer ") + next_secret);
  expect_no_secret_in(service);
}

TEST_F(Rotation, IsTheReloadOfSystemd) {
  const NotifySocket systemd(directory.path());
  auto under_systemd = command();
  under_systemd.environment["NOTIFY_SOCKET"] = systemd.path();
  Service service(under_systemd);
  const auto ready = "READY=1\nSTATUS=listening on port " + std::to_string(service.port());
  EXPECT_EQ(systemd.receive(), ready);
  for (int n = 0; n < 3; ++n) {
    service.process().send_signal(SIGHUP);
    EXPECT_THAT(systemd.receive(), testing::StartsWith("RELOADING=1\nMONOTONIC_USEC="));
    EXPECT_EQ(systemd.receive(), ready);
  }
  const auto exit = service.stop();
  ASSERT_TRUE(exit);
  EXPECT_EQ(exit->status, 0);
}

}  // namespace
}  // namespace fulfilld::integration
