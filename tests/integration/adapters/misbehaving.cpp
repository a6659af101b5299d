// SPDX-License-Identifier: Apache-2.0
// Does wrong what `do` in its input says, as far as a process survives it.
#include <chrono>
#include <coroutine>
#include <fulfill/adapter.hpp>
#include <fulfill/json.hpp>
#include <limits>
#include <new>
#include <stop_token>
#include <string>
#include <thread>

namespace {

using namespace std::chrono_literals;

class NoStdException {};

/// Does not end before it is asked to.
void work_until_stopped(const std::stop_token& stop) {
  while (!stop.stop_requested()) std::this_thread::sleep_for(1ms);
}

class Misbehaving final : public fulfill::Adapter {
  fulfill::Task<fulfill::Result> fulfil(fulfill::Input input, fulfill::Context& context) const override {
    const auto wish = input.json().value("do", "complete");
    if (wish == "throw_int") throw 42;
    if (wish == "throw_class") throw NoStdException();
    if (wish == "throw_bad_alloc") throw std::bad_alloc();
    if (wish == "throw_in_work") co_await context.blocking([] { throw NoStdException(); });
    if (wish == "garbage") co_return fulfill::Result::raw("{\"a\":");
    if (wish == "nothing") co_return fulfill::Result::raw("");
    if (wish == "wait_for_nobody") co_await std::suspend_always();
    if (wish == "sleep_for_ever") co_await context.sleep(std::chrono::milliseconds::max());
    if (wish == "work_for_ever") co_await context.blocking(work_until_stopped);
    if (wish == "keep_the_thread") std::this_thread::sleep_for(200ms);
    if (wish == "flood")
      for (int i = 0; i < 100000; ++i) {
        context.log(fulfill::LogLevel::error, std::string(10000, 'x'));
        context.progress(fulfill::Result::raw("\"" + std::to_string(i) + "\""));
      }
    if (wish == "a_thousand_calls") {
      std::vector<fulfill::HttpCall> calls;
      for (int i = 0; i < 1000; ++i) calls.push_back(context.http(fulfill::get("http://127.0.0.1:1/")));
      co_await fulfill::when_all(std::move(calls));
    }
    co_return fulfill::Json{{"did", wish}};
  }
};

}  // namespace

FULFILL_ADAPTER(Misbehaving, "misbehaving", "1.0.0")
