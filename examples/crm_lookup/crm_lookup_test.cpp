// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <fulfill/json.hpp>
#include <fulfill/testing.hpp>

namespace {

using namespace std::chrono_literals;
using fulfill::Json;
using fulfill::testing::Bench;

const std::string customer_url = "https://crm.example/customers/42";
const std::string orders_url = "https://crm.example/orders?customer=42&state=open";
const std::string queue_url = "https://crm.example/queues?tier=gold&openOrders=2";

/// A CRM in good health, which knows customer 42.
class CrmLookup : public testing::Test {
 protected:
  CrmLookup() { bench.setting("base_url", "https://crm.example").secret("token", "s3cret"); }

  void customer_is_known() { bench.on("GET", customer_url).answer(200, R"({"name":"Ada","tier":"gold"})"); }
  void two_orders_are_open() { bench.on("GET", orders_url).answer(200, R"([{"id":1},{"id":2}])"); }
  void queue_is_found() { bench.on("GET", queue_url).answer(200, R"({"queue":"vip"})"); }

  auto look_up() { return bench.run(R"({"customerId":"42"})"); }

  Bench bench;
};

TEST_F(CrmLookup, JoinsTheCustomerAndTheOpenOrdersAndTheQueueForBoth) {
  customer_is_known();
  two_orders_are_open();
  queue_is_found();
  EXPECT_EQ(look_up().json(), Json({{"name", "Ada"}, {"openOrders", 2}, {"queue", "vip"}}));
}

TEST_F(CrmLookup, AsksForCustomerAndOrdersAtOnce) {
  bench.on("GET", customer_url).after(300ms).answer(200, R"({"name":"Ada","tier":"gold"})");
  bench.on("GET", orders_url).after(300ms).answer(200, "[]");
  bench.start(R"({"customerId":"42"})");
  EXPECT_EQ(bench.calls().size(), 2U);
}

TEST_F(CrmLookup, ShowsItsTokenToTheCrm) {
  customer_is_known();
  two_orders_are_open();
  queue_is_found();
  look_up();
  ASSERT_EQ(bench.calls().size(), 3U);
  for (const auto& call : bench.calls()) EXPECT_EQ(call.header("Authorization"), "Bearer s3cret");
}

TEST_F(CrmLookup, EscapesWhatTheCallerTypedIn) {
  bench.on("GET", "https://crm.example/customers/4%2F2").answer(404);
  bench.on("GET", "https://crm.example/orders?customer=4%2F2&state=open").answer(200, "[]");
  bench.run(R"({"customerId":"4/2"})");
  EXPECT_EQ(bench.calls()[0].url(), "https://crm.example/customers/4%2F2");
}

TEST_F(CrmLookup, SaysWhenThereIsNoSuchCustomer) {
  bench.on("GET", customer_url).answer(404);
  two_orders_are_open();
  const auto outcome = look_up();
  EXPECT_EQ(outcome.code(), "no_such_customer");
  EXPECT_EQ(outcome.message(), "there is no customer 42");
}

TEST_F(CrmLookup, LeavesOtherFailuresOfTheCrmAsTheyAre) {
  customer_is_known();
  bench.on("GET", orders_url).timeout();
  EXPECT_EQ(look_up().code(), "backend_timeout");
}

TEST_F(CrmLookup, SendsTheCallerToTheDefaultQueueIfTheQueuesAreSilent) {
  customer_is_known();
  two_orders_are_open();
  bench.on("GET", queue_url).timeout();
  bench.setting("default_queue", "waiting_room");
  EXPECT_EQ(look_up().json().at("queue"), "waiting_room");
  EXPECT_EQ(bench.calls().back().timeout(), 1s);
  ASSERT_EQ(bench.logs().size(), 1U);
}

TEST_F(CrmLookup, RefusesAnInputWithoutACustomer) { EXPECT_EQ(bench.run("{}").code(), "bad_input"); }

TEST(CrmLookupSettings, WantATokenAndABaseUrl) {
  Bench without_token;
  without_token.setting("base_url", "https://crm.example");
  EXPECT_EQ(without_token.refusal(), "secret \"token\" is missing");
  Bench without_url;
  without_url.secret("token", "s3cret");
  EXPECT_EQ(without_url.refusal(), "setting \"base_url\" is missing");
}

}  // namespace
