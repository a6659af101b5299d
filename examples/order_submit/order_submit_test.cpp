// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <fulfill/json.hpp>
#include <fulfill/testing.hpp>
#include <string>

namespace {

using namespace std::chrono_literals;
using fulfill::Json;
using fulfill::testing::Bench;

const std::string reservations_url = "https://shop.example/reservations";
const std::string orders_url = "https://shop.example/orders";
const std::string order = R"({"id":"o-7","state":"accepted"})";

class OrderSubmit : public testing::Test {
 protected:
  OrderSubmit() { bench.setting("base_url", "https://shop.example"); }

  void stock_is_there() { bench.on("POST", reservations_url).answer(201, "{}"); }

  /// Where the shop is asked what has become of the order.
  std::string lookup_url() const { return orders_url + "?reference=" + bench.execution_id(); }

  auto submit() { return bench.run(R"({"sku":"lamp","quantity":2})"); }

  Bench bench;
};

TEST_F(OrderSubmit, ReservesThenOrders) {
  stock_is_there();
  bench.on("POST", orders_url).answer(201, order);
  EXPECT_EQ(submit().json(), Json({{"orderId", "o-7"}, {"state", "accepted"}}));
  ASSERT_EQ(bench.calls().size(), 2U);
  EXPECT_EQ(Json::parse(bench.calls()[0].body()), Json({{"sku", "lamp"}, {"quantity", 2}}));
  EXPECT_EQ(Json::parse(bench.calls()[1].body()),
            Json({{"sku", "lamp"}, {"quantity", 2}, {"reference", bench.execution_id()}}));
}

TEST_F(OrderSubmit, TellsWhereItIs) {
  stock_is_there();
  bench.on("POST", orders_url).answer(201, order);
  submit();
  EXPECT_EQ(bench.progress(), (std::vector<std::string>{R"({"step":"reserving"})", R"({"step":"ordering"})"}));
}

TEST_F(OrderSubmit, MayRepeatTheReservationButNotTheOrder) {
  stock_is_there();
  bench.on("POST", orders_url).answer(201, order);
  submit();
  ASSERT_EQ(bench.calls().size(), 2U);
  EXPECT_EQ(bench.calls()[0].operation(), fulfill::Operation::idempotent);
  EXPECT_EQ(bench.calls()[1].operation(), fulfill::Operation::unsafe);
}

TEST_F(OrderSubmit, LooksTheOrderUpIfTheAnswerToItIsLost) {
  stock_is_there();
  bench.on("POST", orders_url).timeout();
  bench.on("GET", lookup_url()).answer(200, "[" + order + "]");
  EXPECT_EQ(submit().json().at("orderId"), "o-7");
}

TEST_F(OrderSubmit, LooksTheOrderUpIfTheAnswerToItCannotBeRead) {
  stock_is_there();
  bench.on("GET", lookup_url()).answer(200, "[" + order + "]");
  for (const char* answer : {"<html>", "{}", "[]"}) {
    bench.on("POST", orders_url).answer(201, answer);
    EXPECT_EQ(submit().json().at("orderId"), "o-7") << answer;
  }
}

TEST_F(OrderSubmit, GivesTheShopTimeToWriteItDown) {
  stock_is_there();
  bench.on("POST", orders_url).reset();
  bench.on("GET", lookup_url()).answer(200, "[]").answer(200, "[" + order + "]");
  EXPECT_EQ(submit().json().at("orderId"), "o-7");
}

TEST_F(OrderSubmit, SaysThatNobodyKnowsIfTheShopDoesNot) {
  stock_is_there();
  bench.on("POST", orders_url).timeout();
  bench.on("GET", lookup_url()).answer(200, "[]");
  const auto outcome = submit();
  EXPECT_EQ(outcome.code(), "outcome_unknown");
  EXPECT_EQ(bench.calls().size(), 5U) << "reserved, ordered, asked three times";
}

TEST_F(OrderSubmit, DoesNotLookUpWhatNeverLeft) {
  stock_is_there();
  bench.on("POST", orders_url).unreachable();
  EXPECT_EQ(submit().code(), "backend_unreachable");
}

TEST_F(OrderSubmit, OrdersNothingThatIsNotInStock) {
  bench.on("POST", reservations_url).answer(409);
  const auto outcome = submit();
  EXPECT_EQ(outcome.code(), "out_of_stock");
  EXPECT_EQ(outcome.message(), "there are not 2 of lamp");
  EXPECT_EQ(bench.calls().size(), 1U);
}

TEST_F(OrderSubmit, SaysWhenThePaymentIsRefused) {
  stock_is_there();
  bench.on("POST", orders_url).answer(402);
  EXPECT_EQ(submit().code(), "payment_refused");
}

TEST_F(OrderSubmit, RefusesAnOrderForNothing) {
  EXPECT_EQ(bench.run(R"({"sku":"lamp","quantity":0})").code(), "bad_quantity");
  EXPECT_EQ(bench.run(R"({"sku":"lamp","quantity":"2"})").code(), "bad_input");
}

}  // namespace
