// SPDX-License-Identifier: Apache-2.0
// A run is destroyed at each of its waits in turn; under AddressSanitizer nothing may be leaked, or freed twice.
#include <gtest/gtest.h>
#include <fulfill/adapter.hpp>

#include <chrono>
#include <string>
#include <utility>

#include "tests/sdk/scripted_caller.hpp"
#include "tests/sdk/single_function.hpp"

namespace fulfill {
namespace {

using std::chrono_literals::operator""ms;
using testing::ScriptedCaller;
using testing::Witness;

class Deep final : public Adapter {
  static Task<std::string> fetch(Context& context, std::string path, Witness) {
    const Witness local;
    const Response answer = co_await context.http(get("http://backend.example/a/rather/long/path" + path)
                                                      .header("X-A-Rather-Long-Header", "with a rather long value")
                                                      .query("q", "text that does not fit into a small string"));
    co_await context.sleep(1ms);
    co_return std::string(answer.body());
  }

  Task<Result> fulfil(Input input, Context& context) const override {
    const Witness local;
    std::string all(input.data());
    for (int i = 0; i < 2; ++i) all += co_await fetch(context, std::to_string(i), Witness());
    try {
      (void)co_await context.http(post("http://b/").body("a body that does not fit into a small string"));
    } catch (const HttpError&) {
      all += "!";
    }
    co_await context.sleep(1ms);
    co_return Result::raw("\"" + std::to_string(all.size()) + "\"");
  }
};

constexpr fulfill_descriptor_v1 kDeep = detail::describe<Deep>("deep", "1.0.0");

/// Takes the run that many steps far and reports whether it has ended.
bool advance(ScriptedCaller& host, int steps) {
  host.start();
  std::size_t calls = 0;
  for (int i = 0; i < steps && host.endings == 0; ++i) {
    if (host.calls.size() > calls) {
      calls = host.calls.size();
      const bool fails = calls == 3;
      host.answer(fails ? 500 : 200, "an answer that does not fit into a small string", fails ? "backend_status" : "");
    } else {
      host.wake();
    }
  }
  return host.endings != 0;
}

TEST(Cancellation, DestroysEveryObjectAtEachSuspensionPoint) {
  constexpr int kWaits = 6;
  for (int steps = 0; steps <= kWaits; ++steps) {
    ScriptedCaller host(kDeep);
    EXPECT_EQ(advance(host, steps), steps == kWaits) << steps;
    EXPECT_EQ(Witness::alive() > 0, steps < kWaits) << steps;
    host.cancel();
    EXPECT_EQ(Witness::alive(), 0) << steps;
    EXPECT_EQ(host.endings, steps == kWaits ? 1 : 0) << "a cancelled run reports nothing";
  }
}

TEST(Cancellation, FramesAreGoneBeforeTheHostHearsOfTheEnd) {
  ScriptedCaller host(kDeep);
  ASSERT_TRUE(advance(host, 6));
  EXPECT_EQ(Witness::alive(), 0);
  EXPECT_TRUE(host.result.has_value());
}

}  // namespace
}  // namespace fulfill
