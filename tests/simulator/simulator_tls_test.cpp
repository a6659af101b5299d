// SPDX-License-Identifier: Apache-2.0
// The simulator under TLS, seen by the engine that it is there to try.
#include <gtest/gtest.h>

#include <string>

#include "runtime/egress/asio_http_engine.hpp"
#include "tests/integration/certificate.hpp"
#include "tests/integration/scratch_directory.hpp"
#include "tests/integration/simulator_client.hpp"
#include "tests/runtime/egress/test_exchange.hpp"

namespace fulfilld::integration {
namespace {

using namespace std::chrono_literals;

class SimulatorTls : public ::testing::Test {
 protected:
  /// One POST over a new connection, after `accept` has been set for the backend.
  HttpFailure end_of_call(const Json& accept, std::chrono::milliseconds limit) {
    simulator_.configure({{"accept", {{"backend", accept}}}});
    AsioHttpEngine engine(loop_, settings());
    const auto port =
        static_cast<std::uint16_t>(std::stoi(simulator_.backend().substr(simulator_.backend().rfind(':') + 1)));
    const auto exchange =
        fulfilld::testing::make_post(fulfilld::testing::make_url("https", "127.0.0.1", port, "/backend/crm"), "{}");
    exchange->request.time_limit = limit;
    engine.start(exchange);
    EXPECT_TRUE(exchange->wait());
    return exchange->answer.failure;
  }

  [[nodiscard]] EgressSettings settings() const {
    EgressSettings settings;
    settings.ca_file = certificate_.certificate;
    return settings;
  }

  const ScratchDirectory directory_{"fulfilld-simulator-tls"};
  const Certificate certificate_{directory_.path()};
  const SimulatorClient simulator_{FULFILLD_SIMULATOR,
                                   {"--tls-certificate", certificate_.certificate, "--tls-key", certificate_.key}};
  IoLoop loop_;
};

TEST_F(SimulatorTls, SlowsTheHandshakeDown) {
  EXPECT_EQ(end_of_call({{"drip_ms", 1}}, patience), HttpFailure::none);
  EXPECT_EQ(end_of_call({{"drip_ms", 200}}, 500ms), HttpFailure::tls);
  EXPECT_EQ(simulator_.counts().at("backend_calls"), 1);
}

TEST_F(SimulatorTls, BreaksTheHandshakeOffInItsMiddle) {
  EXPECT_EQ(end_of_call({{"kind", "silent"}, {"after", 300}}, 500ms), HttpFailure::tls);
  EXPECT_EQ(end_of_call({{"kind", "reset"}, {"after", 300}}, patience), HttpFailure::tls);
  EXPECT_EQ(end_of_call({{"kind", "close"}, {"after", 300}}, patience), HttpFailure::tls);
  EXPECT_EQ(simulator_.counts().at("backend_calls"), 0);
  EXPECT_EQ(end_of_call({{"kind", "reset"}, {"after", 100000}}, patience), HttpFailure::none);
}

TEST_F(SimulatorTls, LeavesWhoeverConnectsWithoutAnAnswer) {
  EXPECT_EQ(end_of_call({{"kind", "unreachable"}}, 500ms), HttpFailure::connect);
  EXPECT_EQ(end_of_call(Json::object(), patience), HttpFailure::none);
}

}  // namespace
}  // namespace fulfilld::integration
