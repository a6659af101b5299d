// SPDX-License-Identifier: Apache-2.0
// The examples, built outside of this project against the installed SDK, in the real fulfilld.
#include "tests/integration/fulfilld_test.hpp"

namespace fulfilld::integration {
namespace {

class Examples : public FulfilldTest {
 protected:
  Examples() {
    set("adapters", "directories",
        Json{FULFILLD_ADAPTERS, HELLO_ADAPTERS, CRM_LOOKUP_ADAPTERS, ORDER_SUBMIT_ADAPTERS}.dump());
    set_text("actions.hello", "adapter", "hello");
    set_text("actions.crm_lookup", "adapter", "crm_lookup");
    set_text("actions.crm_lookup.settings", "base_url", simulator.backend() + "/backend");
    set_text("actions.crm_lookup.secrets", "token", "env:BACKEND_TOKEN");
    set_text("actions.order_submit", "adapter", "order_submit");
    set_text("actions.order_submit.settings", "base_url", simulator.backend() + "/backend");
  }

  /// What the backend answers to targets that contain a text; the first that fits.
  void backend_answers(const Json& faults) const { simulator.configure({{"backend", {{"faults", faults}}}}); }

  [[nodiscard]] Json result_of(const std::string& action, const std::string& data) const {
    const auto service = start();
    const auto reply = service.execute(execute_body("e-1", data), action);
    EXPECT_EQ(reply.status, 202) << reply.body << '\n' << service.log();
    return taken_result("e-1").at("result").at("externalResponse");
  }
};

TEST_F(Examples, HelloGreets) { EXPECT_EQ(result_of("hello", R"({"name":"Ada"})"), Json({{"text", "Hello, Ada!"}})); }

TEST_F(Examples, CrmLookupJoinsThreeAnswers) {
  backend_answers({{{"path", "/customers/42"}, {"text", {{"name", "Ada"}, {"tier", "gold"}}}},
                   {{"path", "/orders?customer=42"}, {"text", {1, 2}}},
                   {{"path", "/queues?tier=gold&openOrders=2"}, {"text", {{"queue", "vip"}}}}});
  EXPECT_EQ(result_of("crm_lookup", R"({"customerId":"42"})"),
            Json({{"name", "Ada"}, {"openOrders", 2}, {"queue", "vip"}}));
}

TEST_F(Examples, OrderSubmitFindsTheOrderWhoseAnswerWasLost) {
  const Json order = {{"id", "o-7"}, {"state", "accepted"}};
  backend_answers({{{"path", "/orders?reference=e-1"}, {"text", Json::array({order})}},
                   {{"path", "/orders"}, {"cut", "close"}},
                   {{"path", "/reservations"}, {"text", Json::object()}}});
  EXPECT_EQ(result_of("order_submit", R"({"sku":"lamp","quantity":2})"),
            Json({{"orderId", "o-7"}, {"state", "accepted"}}));
}

}  // namespace
}  // namespace fulfilld::integration
