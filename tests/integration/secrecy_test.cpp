// SPDX-License-Identifier: Apache-2.0
// What leaves the process, but in requests to those it is meant for, holds no secret; and the log says what is no
// secret.
#include "tests/integration/fulfilld_test.hpp"

namespace fulfilld::integration {
namespace {

using testing::HasSubstr;
using testing::Not;

class Secrecy : public FulfilldTest {
 protected:
  /// The backend refuses every call with these words.
  void refuse_with(const std::string& words) {
    simulator.configure({{"backend", {{"faults", {{{"status", 403}, {"text", {{"message", words}}}}}}}}});
  }

  void use_rest() {
    unset("actions.default.secrets");
    set_text("actions.default", "adapter", "rest");
    set_text("actions.default.secrets", "key", "env:BACKEND_TOKEN");
  }

  /// The failed result of an execution, and the log, without the secret.
  void expect_hidden(const std::string& id, const std::string& secret) {
    auto service = start();
    const auto result = result_of(service, id);
    EXPECT_EQ(result.at("status"), "failed");
    EXPECT_THAT(result.dump(), HasSubstr("***"));
    ASSERT_TRUE(service.logged("delivered", id));
    ASSERT_TRUE(service.stop());
    EXPECT_THAT(result.dump(), Not(HasSubstr(secret)));
    EXPECT_THAT(service.log(), Not(HasSubstr(secret)));
  }
};

TEST_F(Secrecy, AFailedResultHidesTheBearerTokenThatTheBackendQuotes) {
  refuse_with("'Bearer secret-of-the-backend' is no key=value pair");
  expect_hidden("e-1", "secret-of-the-backend");
}

TEST_F(Secrecy, AFailedResultHidesTheSecretOfATemplate) {
  use_rest();
  set_text("actions.default.settings", "headers.X-Key", "k-{{secret:key}}");
  refuse_with("wrong: k-secret-of-the-backend, k%2Dsecret%2Dof%2Dthe%2Dbackend");
  expect_hidden("e-1", "secret");
}

TEST_F(Secrecy, AFailedResultHidesThePasswordOfHttpBasic) {
  use_rest();
  unset("actions.default.secrets");
  set_text("actions.default.secrets", "password", "env:BACKEND_TOKEN");
  set_text("actions.default.settings", "username", "fulfilld");
  refuse_with("wrong: Basic ZnVsZmlsbGQ6c2VjcmV0LW9mLXRoZS1iYWNrZW5k");  // fulfilld:secret-of-the-backend
  expect_hidden("e-1", "c2VjcmV0LW9mLXRoZS1iYWNrZW5k");
}

TEST_F(Secrecy, TheLogTellsTheCodeOfAnAdapter) {
  use_rest();
  set_text("actions.default.settings", "headers.X-Key", "{{secret:key}}");
  set_text("actions.default.settings", "query.id", "{{/id}}");
  const auto service = start();
  EXPECT_EQ(result_of(service, "e-1").at("result").at("errorCode"), "bad_input");
  ASSERT_TRUE(service.logged("delivered", "e-1"));
  EXPECT_EQ(service.events("failed", "e-1").at(0).at("code"), "bad_input");
}

TEST_F(Secrecy, TheLogTellsWhereAnAttemptWentAndWasSentOnTo) {
  use_rest();
  set_text("actions.default.settings", "headers.X-Key", "{{secret:key}}");
  set_text("actions.default.settings", "url", simulator.backend() + "/backend/{{/id}}/orders?card={{/card}}");
  simulator.configure(
      {{"backend", {{"faults", {{{"status", 307}, {"location", "https://www.shop.example/x?card=4711"}}}}}}});
  const auto service = start();
  EXPECT_EQ(result_of(service, "e-1", R"({"id":"c-42","card":"4711"})").at("status"), "failed");
  ASSERT_TRUE(service.logged("delivered", "e-1"));
  const auto attempt = service.events("attempt_ended", "e-1").at(0);
  EXPECT_EQ(attempt.at("method"), "GET");
  EXPECT_EQ(attempt.at("target"), simulator.backend());
  EXPECT_EQ(attempt.at("path"), "/backend/*/orders");
  EXPECT_EQ(attempt.at("location"), "https://www.shop.example/x");
  EXPECT_THAT(service.log(), Not(HasSubstr("4711")));
}

}  // namespace
}  // namespace fulfilld::integration
