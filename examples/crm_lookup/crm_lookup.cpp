// SPDX-License-Identifier: Apache-2.0
// Who is calling, and to which queue? Customer and open orders at once; then, with both, the queue.
#include <chrono>
#include <cstddef>
#include <fulfill/adapter.hpp>
#include <fulfill/json.hpp>
#include <string>

namespace {

using namespace std::chrono_literals;
using fulfill::Context;
using fulfill::Failed;
using fulfill::get;
using fulfill::HttpError;
using fulfill::Input;
using fulfill::Json;
using fulfill::Response;
using fulfill::Result;
using fulfill::Task;

class CrmLookup final : public fulfill::Adapter {
 public:
  explicit CrmLookup(const fulfill::Settings& settings)
      : base_url_(settings.url("base_url")), default_queue_(settings.text("default_queue", "general")) {
    settings.require_secret("token");
  }

  Task<Result> fulfil(Input input, Context& context) const override {
    const std::string id = input.string("customerId");
    auto [customer, open_orders] = co_await fulfill::when_all(find_customer(id, context), count_orders(id, context));
    const std::string queue = co_await find_queue(text(customer, "tier"), open_orders, context);
    co_return Json{{"name", text(customer, "name")}, {"openOrders", open_orders}, {"queue", queue}};
  }

 private:
  fulfill::Request call(const std::string& path, const Context& context) const {
    return get(base_url_ + path).bearer(context.secret("token"));
  }

  Task<Json> find_customer(std::string id, Context& context) const {
    try {
      const Response answer = co_await context.http(call("/customers/" + fulfill::escape(id), context));
      co_return answer.json();
    } catch (const HttpError& error) {
      if (error.status() == 404) throw Failed("no_such_customer", "there is no customer " + id);
      throw;
    }
  }

  Task<std::size_t> count_orders(std::string id, Context& context) const {
    const Response answer =
        co_await context.http(call("/orders", context).query("customer", id).query("state", "open"));
    const Json orders = answer.json();
    if (!orders.is_array()) throw Failed("backend_bad_answer", "the orders are not a list");
    co_return orders.size();
  }

  /// A caller waits: without an answer within a second the default queue is good enough.
  Task<std::string> find_queue(std::string tier, std::size_t open_orders, Context& context) const {
    try {
      const Response answer = co_await context.http(
          call("/queues", context).query("tier", tier).query("openOrders", std::to_string(open_orders)).timeout(1s));
      co_return text(answer.json(), "queue");
    } catch (const Failed& error) {
      context.log(fulfill::LogLevel::warning, "no queue, so the default one: " + error.message());
      co_return default_queue_;
    }
  }

  /// A backend can send anything: look before you read.
  static std::string text(const Json& object, const std::string& name) {
    if (!object.is_object() || !object.contains(name) || !object.at(name).is_string())
      throw Failed("backend_bad_answer", "the answer has no text \"" + name + "\"");
    return object.at(name);
  }

  std::string base_url_;
  std::string default_queue_;
};

}  // namespace

FULFILL_ADAPTER(CrmLookup, "crm_lookup", "1.0.0")
