// SPDX-License-Identifier: Apache-2.0
// All tokens are revoked under load, several times: those of the platform, and those of a backend.
#include <chrono>
#include <future>
#include <thread>

#include "tests/chaos/in_time_test.hpp"

namespace fulfilld::chaos {
namespace {

using namespace std::chrono_literals;

class RevokedTokens : public InTimeTest {
 protected:
  RevokedTokens() {
    set_text("credentials.crm", "client_id", "client");
    set_text("credentials.crm", "client_secret", "env:CLIENT_SECRET");
    set_text("credentials.crm", "token_url", simulator.token_url());
    set_text("credentials.crm", "retry.backoff", "20ms");
    set_text("actions.protected", "credential", "crm");
    set_text("actions.protected", "retry.backoff", "20ms");
    set_text("actions.protected.settings", "url", simulator.backend() + "/backend/protected");
  }
};

TEST_F(RevokedTokens, CostNeitherAnExecutionNorManyTokenRequests) {
  Figures figures("revoked tokens");
  const int revocations = times(5, 20);
  const auto service = start();
  auto load = std::async(std::launch::async, [&] {
    return send_at_rate(service.port(), orders("e", times(600, 12000), "protected"), 200);
  });
  ASSERT_TRUE(simulator.wait({{"callbacks", 1}}));
  for (int i = 0; i < revocations; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(times(300, 2500) + 60 * (i % 5)));
    simulator.revoke_tokens();
  }
  const auto sent = load.get();
  wait_for_results(count_accepted(sent));

  const auto results = results_of(sent);
  const auto counts = simulator.counts();
  const auto record = simulator.record();
  const auto refused = [&](const char* side) {
    std::uint64_t count = 0;
    for (const auto& entry : record.at(side)) count += entry.at("status") == 401 ? 1 : 0;
    return count;
  };
  figures.add(results.complete, "complete");
  figures.add(results.failures(), "failed");
  figures.add(results.missing.size(), "lost");
  figures.add(static_cast<std::uint64_t>(revocations), "revocations");
  figures.add(counts.at("token_requests"), "token requests for two credentials");
  figures.add(refused("backend"), "backend calls refused");
  figures.add(refused("callback"), "callbacks refused");
  figures.print();

  expect_all_accepted(sent);
  expect_one_result_each(results);
  EXPECT_EQ(results.failures(), 0U) << results.reasons();
  EXPECT_GT(refused("backend"), 0U);
  EXPECT_GT(refused("callback"), 0U);
  EXPECT_LE(counts.at("token_requests"), 2 * (revocations + 1));
}

}  // namespace
}  // namespace fulfilld::chaos
