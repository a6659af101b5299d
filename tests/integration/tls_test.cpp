// SPDX-License-Identifier: Apache-2.0
// The same way by https: only to a peer whose certificate is trusted.
#include <algorithm>

#include "tests/integration/certificate.hpp"
#include "tests/integration/fulfilld_test.hpp"

namespace fulfilld::integration {
namespace {

class Tls : public FulfilldTest {
 protected:
  const Certificate certificate{directory.path()};
  SimulatorClient secure{FULFILLD_SIMULATOR,
                         {"--tls-certificate", certificate.certificate, "--tls-key", certificate.key}};

  /// fulfilld with the system's trust, which is nothing but our own certificate.
  [[nodiscard]] Service start_trusting() const {
    auto trusting = command();
    trusting.environment["SSL_CERT_FILE"] = certificate.certificate;
    return Service(trusting);
  }

  /// Those at the backend: the callback is an attempt as well, and may be logged by now.
  static long backend_attempts(const Service& service, const std::string& id) {
    const auto attempts = service.events("attempt_ended", id);
    return std::count_if(attempts.begin(), attempts.end(),
                         [](const Json& attempt) { return attempt.at("direction") == "backend"; });
  }
};

TEST_F(Tls, CarriesTokenCallAndResult) {
  set_text("credentials.genesys", "token_url", secure.token_url());
  set_text("actions.default.settings", "url", secure.backend() + "/backend/crm");
  const auto service = start_trusting();
  for (int i = 0; i < 3; ++i) {
    const auto id = "e-" + std::to_string(i);
    const auto body = Json{{"fulfillmentUrl", secure.fulfillment_url(id)}, {"data", {{"n", i}}}}.dump();
    ASSERT_EQ(service.execute(body).status, 202);
    ASSERT_TRUE(secure.wait({{"callbacks", i + 1}}));
  }
  EXPECT_EQ(secure.outcomes().at("e-2"), Json::parse(R"({"complete":1,"failed":0})"));
  EXPECT_EQ(secure.counts().at("backend_connections"), 1) << "a TLS connection is used again too";
}

TEST_F(Tls, IsRefusedToAPeerThatNobodyTrusts) {
  set_text("actions.default.settings", "url", secure.backend() + "/backend/crm");
  const auto service = start();
  const auto result = result_of(service, "e-1").at("result");
  EXPECT_EQ(result.at("errorCode"), "backend_tls");
  EXPECT_THAT(result.at("errorMessage").get<std::string>(), testing::HasSubstr("egress.ca_file"));
  EXPECT_EQ(backend_attempts(service, "e-1"), 1) << "it cannot change by itself";
  EXPECT_EQ(secure.counts().at("backend_calls"), 0);
}

TEST_F(Tls, IsAskedForWhereSomebodyMeantPlainHttp) {
  auto url = secure.backend() + "/backend/crm";
  ASSERT_THAT(url, testing::StartsWith("https://"));
  set_text("actions.default.settings", "url", "http://" + url.substr(8));
  const auto service = start_trusting();
  const auto result = result_of(service, "e-1").at("result");
  EXPECT_EQ(result.at("errorCode"), "backend_tls");
  EXPECT_THAT(result.at("errorMessage").get<std::string>(), testing::HasSubstr("the port speaks TLS: use https://"));
  EXPECT_EQ(backend_attempts(service, "e-1"), 1);
}

TEST_F(Tls, IsNotSpokenByAPlainPort) {
  const auto url = simulator.backend() + "/backend/crm";
  ASSERT_THAT(url, testing::StartsWith("http://"));
  set_text("actions.default.settings", "url", "https://" + url.substr(7));
  set_text("actions.default", "retry.attempt_timeout", "500ms");
  const auto service = start();
  const auto result = result_of(service, "e-1").at("result");
  EXPECT_EQ(result.at("errorCode"), "backend_tls");
  EXPECT_THAT(result.at("errorMessage").get<std::string>(), testing::HasSubstr("speak TLS"));
}

TEST_F(Tls, IsGivenUpWhenTheHandshakeNeverEnds) {
  set_text("actions.default.settings", "url", secure.backend() + "/backend/crm");
  set_text("actions.default", "retry.attempt_timeout", "250ms");
  secure.configure({{"accept", {{"backend", {{"kind", "silent"}}}}}});
  const auto service = start_trusting();
  EXPECT_EQ(result_of(service, "e-1").at("result").at("errorCode"), "backend_tls");
  EXPECT_EQ(secure.counts().at("backend_connections"), 3);
}

}  // namespace
}  // namespace fulfilld::integration
