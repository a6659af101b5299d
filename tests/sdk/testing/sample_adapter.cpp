// SPDX-License-Identifier: Apache-2.0
// Does what the field `do` of its input says; see bench_test.cpp.
#include <chrono>
#include <fulfill/adapter.hpp>
#include <fulfill/json.hpp>
#include <string>

namespace {

using namespace std::chrono_literals;
using fulfill::Context;
using fulfill::Input;
using fulfill::Json;
using fulfill::Result;
using fulfill::Task;

/// Tells the log that it is gone.
class Farewell {
 public:
  explicit Farewell(Context& context) noexcept : context_(context) {}
  Farewell(const Farewell&) = delete;
  Farewell& operator=(const Farewell&) = delete;
  ~Farewell() { context_.log(fulfill::LogLevel::info, "gone"); }

 private:
  Context& context_;
};

class Sample final : public fulfill::Adapter {
 public:
  explicit Sample(const fulfill::Settings& settings) : base_url_(settings.url("base_url", "http://b")) {
    (void)settings.has_secret("token");
  }

  Task<Result> fulfil(Input input, Context& context) const override {
    const std::string what = input.string("do");
    if (what == "get") co_return Result::pass_on(co_await context.http(fulfill::get(base_url_ + "/x")));
    if (what == "post") co_return Result::pass_on(co_await context.http(post()));
    if (what == "any_status") {
      const auto answer = co_await context.http(fulfill::get(base_url_ + "/x").any_status());
      co_return Json{{"status", answer.status()}, {"kind", answer.header("X-Kind")}};
    }
    if (what == "sleep") {
      const Farewell farewell(context);
      co_await context.sleep(5s);
      co_return Json("slept");
    }
    if (what == "block") co_return Json(co_await context.blocking([] { return 42; }).safe());
    if (what == "insist") {
      const int wanted = static_cast<int>(input.integer("attempts"));
      auto work = [wanted, made = 0]() mutable {
        if (++made < wanted) throw fulfill::BackendBusy("backend_unreachable", "attempt " + std::to_string(made));
        return made;
      };
      co_return Json(co_await context.blocking(work));
    }
    if (what == "spin")
      for (;;) co_await context.sleep(0ms);
    if (what == "report") {
      context.progress(Json{{"step", 1}});
      context.log(fulfill::LogLevel::warning, "about to end");
      co_return Json(context.secret("token"));
    }
    if (what == "garbage") co_return Result::raw("{");
    if (what == "relative") co_await context.http(fulfill::get("x"));
    if (what == "inject") co_await context.http(fulfill::get(base_url_).header("X", "a\r\nb"));
    throw fulfill::Failed("what_now", "nothing is known of " + what);
  }

 private:
  fulfill::Request post() const {
    return fulfill::post(base_url_ + "/x").form("a", "1").timeout(3s).header("X-One", "1");
  }

  std::string base_url_;
};

}  // namespace

FULFILL_ADAPTER(Sample, "sample", "1.0.0")
