// SPDX-License-Identifier: Apache-2.0
// A backend's credential for which there is no token: its executions say why, and do not wait for what will not come.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/integration/fulfilld_test.hpp"

namespace fulfilld::integration {
namespace {

using namespace std::chrono_literals;

constexpr const char* wrong_secret = "hush-this is-wrong";

class TokenFailure : public FulfilldTest {
 protected:
  TokenFailure() {
    write_secret(wrong_secret);
    set_text("credentials.crm", "client_id", "client");
    set_text("credentials.crm", "client_secret", "file:" + (directory.path() / "secret").string());
    set_text("credentials.crm", "token_url", simulator.token_url());
    set_text("credentials.crm", "retry.backoff", "20ms");
    set_text("credentials.crm", "retry.backoff_max", "200ms");
    set_text("actions.crm", "credential", "crm");
    set_text("actions.crm", "deadline", "60s");
    set_text("actions.crm.settings", "url", simulator.backend() + "/backend/crm");
  }

  void write_secret(const std::string& text) const {
    const auto next = directory.path() / "next";
    std::ofstream(next) << text << "\n";
    std::filesystem::rename(next, directory.path() / "secret");
  }

  [[nodiscard]] Json crm_result(const Service& service, const std::string& id) const {
    EXPECT_EQ(service.execute(execute_body(id), "crm").status, 202);
    return taken_result(id);
  }
};

TEST_F(TokenFailure, IsToldInTheResultAndInTheLogLongBeforeTheDeadline) {
  const auto service = start();
  const auto begin = std::chrono::steady_clock::now();
  const auto result = crm_result(service, "e-1").at("result");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 30s) << "half of the deadline";
  EXPECT_EQ(result.at("errorCode"), "no_token");
  const auto message = result.at("errorMessage").get<std::string>();
  EXPECT_THAT(message, testing::HasSubstr("credential 'crm': status 401 (invalid_client: "));
  EXPECT_THAT(message, testing::Not(testing::HasSubstr("hush")));
  EXPECT_TRUE(service.said("token of credential 'crm' not to be had: status 401 (invalid_client"));
  EXPECT_THAT(service.log(), testing::Not(testing::HasSubstr("hush")));
  EXPECT_TRUE(simulator.backend_calls().empty());
}

TEST_F(TokenFailure, IsOverOnceTheSecretIsRight) {
  const auto service = start();
  ASSERT_EQ(crm_result(service, "e-1").at("status"), "failed");
  write_secret(client_secret);
  ASSERT_TRUE(service.said("token of credential 'crm' fetched"));
  EXPECT_EQ(crm_result(service, "e-2").at("status"), "complete");
}

TEST_F(TokenFailure, ThatLastsToTheDeadlineIsNoDeadline) {
  write_secret(client_secret);
  set_text("actions.crm", "deadline", "2s");
  set_text("actions.crm", "callback_reserve", "1s");
  set_text("actions.crm", "retry.attempt_timeout", "500ms");
  set_text("credentials.crm", "token_url", "http://127.0.0.1:1/token");
  const auto service = start();
  const auto result = crm_result(service, "e-1").at("result");
  EXPECT_EQ(result.at("errorCode"), "no_token");
  EXPECT_THAT(result.at("errorMessage").get<std::string>(), testing::HasSubstr("credential 'crm': "));
  EXPECT_THAT(result.at("errorMessage").get<std::string>(), testing::HasSubstr("refused"));
}

}  // namespace
}  // namespace fulfilld::integration
