// SPDX-License-Identifier: Apache-2.0
// An adapter that uses all that version 1.0.0 of the SDK offers: what its input names under "do". Built against the
// headers of that version by two compilers, and against those of an SDK to come.
#include <chrono>
#include <cstdint>
#include <fulfill/adapter.hpp>
#include <fulfill/json.hpp>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace {

using fulfill::Context;
using fulfill::Input;
using fulfill::Json;
using fulfill::Response;
using fulfill::Result;
using fulfill::Task;
using namespace std::chrono_literals;

/// What the constructor finds in the settings, as JSON.
Json read(const fulfill::Settings& settings) {
  Json found = {{"action", settings.action()},
                {"base_url", settings.url("base_url")},
                {"greeting", settings.text("greeting")},
                {"colour", settings.text("colour", "none")},
                {"limit", settings.integer("limit", 1, 10)},
                {"loud", settings.flag("loud", false)},
                {"method", settings.choice("method", {"PUT", "POST"}, "POST")},
                {"has_spare", settings.has_secret("spare")}};
  for (const auto& name : settings.names("headers")) found["headers"][name] = settings.text("headers." + name);
  for (std::size_t i = 0; i < settings.count("steps"); ++i)
    found["steps"].push_back(settings.url("steps." + std::to_string(i) + ".url"));
  settings.require_secret("token");
  return found;
}

class Frozen final : public fulfill::Adapter {
 public:
  explicit Frozen(const fulfill::Settings& settings) : settings_(read(settings)) {}

  Task<Result> fulfil(Input input, Context& context) const override {
    const std::string what = input.string("do");
    if (what == "settings") co_return settings_;
    if (what == "http") co_return co_await calls(input, context);
    if (what == "pass_on") co_return Result::pass_on(co_await context.http(fulfill::get("/things")));
    if (what == "any_status") co_return co_await takes_any_status(context);
    if (what == "sleep") co_return co_await sleeps(context);
    if (what == "when_all") co_return co_await all_at_once(context);
    if (what == "many") co_return co_await many_at_once(context);
    if (what == "blocking") co_return co_await works(input, context);
    if (what == "blocking_throws") co_await context.blocking([] { throw fulfill::Failed("no_row", "there is none"); });
    if (what == "reports") co_return reports(input, context);
    if (what == "fail") throw fulfill::Failed("out_of_stock", "none left");
    if (what == "throw") throw std::runtime_error("a defect");
    if (what == "throw_int") throw 1;
    if (what == "no_secret") (void)context.secret("none");
    if (what == "garbage") co_return Result::raw("{");
    if (what == "no_url") (void)co_await context.http(fulfill::get("ftp://b/"));
    throw fulfill::Failed("bad_input", "unknown: " + what);
  }

 private:
  Task<Result> calls(Input input, Context& context) const {
    const Json body = {{"number", input.integer("number")}, {"loud", input.boolean("loud")}};
    const Response answer =
        co_await context.http(fulfill::post("/orders").query("customer", "a b").json(body).idempotent().timeout(100ms));
    const Response other = co_await context.http(fulfill::put("http://other/")
                                                     .bearer(context.secret("token"))
                                                     .header("X-Id", std::string(input.execution_id()))
                                                     .form("a", "1 2")
                                                     .form("b", "3"));
    co_return Json{{"status", answer.status()},
                   {"type", answer.header("content-type")},
                   {"fields", answer.header_count()},
                   {"body", answer.json()},
                   {"other", other.body()}};
  }

  Task<Result> takes_any_status(Context& context) const {
    const Response answer = co_await context.http(fulfill::del("/things/1").any_status());
    try {
      (void)co_await context.http(fulfill::get("/things/2"));
    } catch (const fulfill::HttpError& error) {
      co_return Json{answer.status(), error.status(), error.code(), error.message(), error.response().body()};
    }
    co_return Result::raw("null");
  }

  Task<Result> sleeps(Context& context) const {
    const auto before = context.deadline();
    co_await context.sleep(250ms);
    co_return Result::raw(context.deadline() == before ? "\"slept\"" : "\"the deadline has moved\"");
  }

  Task<std::string> fetch(Context& context, std::string path) const {
    const Response answer = co_await context.http(fulfill::get(std::move(path)));
    co_return std::string(answer.body());
  }

  Task<Result> all_at_once(Context& context) const {
    auto [first, nothing, second, third] =
        co_await fulfill::when_all(context.http(fulfill::get("/first")), context.sleep(1ms), fetch(context, "/second"),
                                   context.blocking([] { return 3; }));
    (void)nothing;
    co_return Json{first.body(), second, third};
  }

  Task<Result> many_at_once(Context& context) const {
    std::vector<Task<std::string>> tasks;
    for (int i = 0; i < 3; ++i) tasks.push_back(fetch(context, "/" + std::to_string(i)));
    const std::vector<std::string> texts = co_await fulfill::when_all(std::move(tasks));
    co_return Json(texts);
  }

  Task<Result> works(Input input, Context& context) const {
    const auto work = [text = input.string("text")](std::stop_token stop) {
      return stop.stop_requested() ? "stopped" : "worked on " + text;
    };
    const std::string done = co_await context.blocking(work).safe();
    co_return Json(done);
  }

  static Result reports(const Input& input, Context& context) {
    context.progress(Json{{"step", 1}});
    context.progress(Result::raw("not JSON"));
    context.log(fulfill::LogLevel::warning, "a line");
    return Json{context.secret("token"), input.action(), input.execution_id(), context.settings().text("greeting")};
  }

  Json settings_;
};

}  // namespace

FULFILL_ADAPTER(Frozen, "frozen", "1.0.0")
