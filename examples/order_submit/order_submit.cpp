// SPDX-License-Identifier: Apache-2.0
// Orders something, once. Nobody must get two because an answer was lost, and nobody none because we gave up too soon.
#include <chrono>
#include <cstdint>
#include <fulfill/adapter.hpp>
#include <fulfill/json.hpp>
#include <string>
#include <string_view>

namespace {

using namespace std::chrono_literals;
using fulfill::Context;
using fulfill::Failed;
using fulfill::HttpError;
using fulfill::Input;
using fulfill::Json;
using fulfill::Response;
using fulfill::Result;
using fulfill::Task;

class OrderSubmit final : public fulfill::Adapter {
 public:
  explicit OrderSubmit(const fulfill::Settings& settings) : base_url_(settings.url("base_url")) {}

  Task<Result> fulfil(Input input, Context& context) const override {
    const std::string sku = input.string("sku");
    const auto quantity = input.integer("quantity");
    if (quantity < 1) throw Failed("bad_quantity", "an order is for one at least");

    context.progress(Json{{"step", "reserving"}});
    co_await reserve(sku, quantity, context);
    context.progress(Json{{"step", "ordering"}});
    const Json order = co_await place(sku, quantity, input.execution_id(), context);
    co_return Json{{"orderId", order.at("id")}, {"state", order.at("state")}};
  }

 private:
  /// The shop knows a repetition by its Idempotency-Key, which the host adds: it may be made again until it succeeds.
  Task<void> reserve(const std::string& sku, std::int64_t quantity, Context& context) const {
    const Json body = {{"sku", sku}, {"quantity", quantity}};
    try {
      co_await context.http(fulfill::post(base_url_ + "/reservations").json(body).idempotent());
    } catch (const HttpError& error) {
      if (error.status() == 409)
        throw Failed("out_of_stock", "there are not " + std::to_string(quantity) + " of " + sku);
      throw;
    }
  }

  /// Here the shop takes each POST for a new order: none is made again once it may have arrived. If that is unknown,
  /// the shop is asked what has become of it, by the reference that the order carries.
  Task<Json> place(const std::string& sku, std::int64_t quantity, std::string_view reference, Context& context) const {
    const Json body = {{"sku", sku}, {"quantity", quantity}, {"reference", reference}};
    try {
      const Response answer = co_await context.http(fulfill::post(base_url_ + "/orders").json(body).unsafe());
      Json order = answer.json();
      if (!is_order(order)) throw answer.unreadable("the order has no id, or no state");
      co_return order;
    } catch (const HttpError& error) {
      if (error.status() == 402) throw Failed("payment_refused", "the shop refused the payment");
      if (error.code() != "outcome_unknown") throw;
      context.log(fulfill::LogLevel::warning, "no answer to the order; looking it up");
    } catch (const Failed& unreadable) {  // the shop has the order, and said so in words that mean nothing to us
      context.log(fulfill::LogLevel::warning, unreadable.message() + "; looking it up");
    }
    co_return co_await look_up(reference, context);
  }

  /// It may still be on its way into the shop's books: asks three times before it gives up.
  Task<Json> look_up(std::string_view reference, Context& context) const {
    for (int asked = 0; asked < 3; ++asked) {
      co_await context.sleep(2s);
      const Response answer = co_await context.http(fulfill::get(base_url_ + "/orders").query("reference", reference));
      const Json orders = answer.json();
      if (orders.is_array() && !orders.empty() && is_order(orders.front())) co_return orders.front();
    }
    throw Failed("outcome_unknown", "the shop may have the order " + std::string(reference) + ", or may not");
  }

  static bool is_order(const Json& order) {
    return order.is_object() && order.contains("id") && order.contains("state");
  }

  std::string base_url_;
};

}  // namespace

FULFILL_ADAPTER(OrderSubmit, "order_submit", "1.0.0")
