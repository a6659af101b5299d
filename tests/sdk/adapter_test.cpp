// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <fulfill/adapter.hpp>

#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>

#include "tests/sdk/scripted_caller.hpp"

namespace fulfill {
namespace {

using std::chrono_literals::operator""ms;
using testing::ScriptedCaller;

template <typename Type>
constexpr fulfill_descriptor_v1 kDescriptor = detail::describe<Type>("sample", "1.0.0");

/// Two calls, the second with what the first gave.
class TwoCalls final : public Adapter {
  Task<Result> fulfil(Input input, Context& context) const override {
    const Response first = co_await context.http(get("http://b/first").query("id", input.execution_id()));
    const Response second = co_await context.http(post("http://b/second").body(std::string(first.body())));
    co_return Result::pass_on(second);
  }
};

TEST(Adapter, MakesItsCallsOneAfterTheOther) {
  ScriptedCaller host(kDescriptor<TwoCalls>);
  host.start();
  ASSERT_EQ(host.calls.size(), 1u);
  EXPECT_EQ(host.calls[0].url, "http://b/first?id=e-1");
  host.answer(200, "one");
  ASSERT_EQ(host.calls.size(), 2u);
  EXPECT_EQ(host.calls[1].body, "one");
  host.answer(200, "\"two\"");
  EXPECT_EQ(host.result, "\"two\"");
  EXPECT_TRUE(host.result_from_backend);
  EXPECT_EQ(host.endings, 1);
}

TEST(Adapter, IgnoresAnswersToOperationsThatItDoesNotKnow) {
  ScriptedCaller host(kDescriptor<TwoCalls>);
  host.start();
  host.answer_to(99, 200, "x");
  EXPECT_EQ(host.calls.size(), 1u);
  host.answer(200, "one");
  host.answer_to(1, 200, "again");
  EXPECT_EQ(host.calls.size(), 2u);
}

TEST(Adapter, EndsWithTheReasonOfACallThatFailed) {
  ScriptedCaller host(kDescriptor<TwoCalls>);
  host.start();
  host.answer(0, "", "backend_timeout", false);
  EXPECT_EQ(host.failure_code, "backend_timeout");
  EXPECT_EQ(host.failure_message, "it did not work");
  EXPECT_EQ(host.endings, 1);
}

TEST(Adapter, EndsWithTheReasonOfACallThatCannotBeMade) {
  ScriptedCaller host(kDescriptor<TwoCalls>);
  host.refuse_calls = "request_not_allowed";
  host.start();
  EXPECT_EQ(host.failure_code, "request_not_allowed");
  EXPECT_EQ(host.failure_message, "not this one");
}

class TakesAnyStatus final : public Adapter {
  Task<Result> fulfil(Input, Context& context) const override {
    try {
      const Response answer = co_await context.http(get("http://b/").any_status());
      co_return Result::raw(std::to_string(answer.status()));
    } catch (const HttpError& error) {
      co_return Result::raw("\"" + error.code() + "\"");
    }
  }
};

TEST(Adapter, TakesAnyStatusWhereItSaysSoButNoBrokenExchange) {
  ScriptedCaller host(kDescriptor<TakesAnyStatus>);
  host.start();
  host.answer(404, "gone", "backend_status");
  EXPECT_EQ(host.result, "404");
  ScriptedCaller broken(kDescriptor<TakesAnyStatus>);
  broken.start();
  broken.answer(200, "", "answer_too_large", false);
  EXPECT_EQ(broken.result, "\"answer_too_large\"");
}

class LooksAtTheError final : public Adapter {
  Task<Result> fulfil(Input, Context& context) const override {
    try {
      (void)co_await context.http(get("http://b/"));
    } catch (const HttpError& error) {
      if (error.status() == 404) throw Failed("no_such_customer", std::string(error.response().body()));
      throw;
    }
    co_return Result::raw("1");
  }
};

TEST(Adapter, TurnsAStatusIntoAFailureOfItsOwn) {
  ScriptedCaller host(kDescriptor<LooksAtTheError>);
  host.start();
  host.answer(404, "no Ann here", "backend_status");
  EXPECT_EQ(host.failure_code, "no_such_customer");
  EXPECT_EQ(host.failure_message, "no Ann here");
}

class UsesEverything final : public Adapter {
 public:
  explicit UsesEverything(const Settings& settings) {
    (void)settings.url("base_url");
    settings.require_secret("key");
  }

 private:
  Task<Result> fulfil(Input input, Context& context) const override {
    context.log(LogLevel::warning, "begun");
    context.progress(Result::raw("{\"step\":1}"));
    co_await context.sleep(250ms);
    const auto key = std::string(context.secret("key"));
    (void)co_await context.http(post("/orders").json(input).header("X-Key", key).timeout(100ms).unsafe());
    const auto left = std::chrono::duration_cast<std::chrono::seconds>(context.deadline().time_since_epoch());
    (void)context.secret("none");
    co_return Result::raw(std::to_string(left.count()));
  }
};

TEST(Adapter, ReachesAllThatTheHostOffers) {
  ScriptedCaller host(kDescriptor<UsesEverything>);
  host.settings = {{"base_url", "http://b:8080/api/"}};
  host.secrets = {{"key", "k-1"}};
  host.start();
  ASSERT_EQ(host.refusal, "");
  ASSERT_EQ(host.logs.size(), 1u);
  EXPECT_EQ(host.logs[0].first, FULFILL_LOG_WARNING);
  EXPECT_EQ(host.progress, std::vector<std::string>{"{\"step\":1}"});
  EXPECT_EQ(host.sleeps, std::vector<std::int64_t>{250});
  host.wake();
  ASSERT_EQ(host.calls.size(), 1u);
  const auto& call = host.calls[0];
  EXPECT_EQ(call.url, "http://b:8080/api/orders");
  EXPECT_EQ(call.body_address, host.input.data());
  EXPECT_EQ(call.operation, std::uint32_t{FULFILL_OPERATION_UNSAFE});
  EXPECT_EQ(call.timeout_ms, 100);
  EXPECT_EQ(call.headers.back().second, "k-1");
  host.answer(200, "{}");
  EXPECT_EQ(host.failure_code, "missing_secret");
}

TEST(Adapter, IsRefusedByNameForWrongSettings) {
  ScriptedCaller missing(kDescriptor<UsesEverything>);
  EXPECT_FALSE(missing.create());
  EXPECT_EQ(missing.refusal, "setting \"base_url\" is missing");
  ScriptedCaller unknown(kDescriptor<TwoCalls>);
  unknown.settings = {{"colour", "red"}};
  EXPECT_FALSE(unknown.create());
  EXPECT_EQ(unknown.refusal, "unknown setting \"colour\"; known: base_url");
}

template <int Kind>
class Throws final : public Adapter {
  Task<Result> fulfil(Input, Context& context) const override {
    if constexpr (Kind >= 10) (void)co_await context.http(get("http://b/"));
    if constexpr (Kind % 10 == 0) throw 42;
    if constexpr (Kind % 10 == 1) throw std::runtime_error("a defect");
    if constexpr (Kind % 10 == 2) throw Failed("out_of_stock", "none left");
    co_return Result::raw("1");
  }
};

template <int Kind>
std::string ending_of_adapter() {
  ScriptedCaller host(kDescriptor<Throws<Kind>>);
  host.start();
  if (Kind >= 10) host.answer(200, "{}");
  EXPECT_EQ(host.endings, 1);
  return host.failure_code + ": " + host.failure_message;
}

TEST(Adapter, ThatThrowsAnythingIsAFaultBeforeAndAfterItsFirstWait) {
  const std::string unknown = "adapter_fault: the adapter threw something that is not a std::exception";
  EXPECT_EQ(ending_of_adapter<0>(), unknown);
  EXPECT_EQ(ending_of_adapter<1>(), "adapter_fault: a defect");
  EXPECT_EQ(ending_of_adapter<2>(), "out_of_stock: none left");
  EXPECT_EQ(ending_of_adapter<10>(), unknown);
  EXPECT_EQ(ending_of_adapter<11>(), "adapter_fault: a defect");
  EXPECT_EQ(ending_of_adapter<12>(), "out_of_stock: none left");
}

class ThrowsInItsConstructor final : public Adapter {
 public:
  ThrowsInItsConstructor() { throw 1; }

 private:
  Task<Result> fulfil(Input, Context&) const override { co_return Result::raw("1"); }
};

TEST(Adapter, WhoseConstructorThrowsIsRefused) {
  ScriptedCaller host(kDescriptor<ThrowsInItsConstructor>);
  EXPECT_FALSE(host.create());
  EXPECT_EQ(host.refusal, "the adapter's constructor threw something that is not a std::exception");
}

class WaitsForNothing final : public Adapter {
  Task<Result> fulfil(Input, Context&) const override {
    co_await std::suspend_always();
    co_return Result::raw("1");
  }
};

TEST(Adapter, ThatWaitsForNothingTheHostKnowsOfFailsAtOnce) {
  ScriptedCaller host(kDescriptor<WaitsForNothing>);
  host.start();
  EXPECT_EQ(host.failure_code, "adapter_fault");
}

class IsNoCoroutine final : public Adapter {
  Task<Result> fulfil(Input, Context&) const override { throw std::logic_error("no frame yet"); }
};

TEST(Adapter, ThatThrowsBeforeItHasAFrameIsAFault) {
  ScriptedCaller host(kDescriptor<IsNoCoroutine>);
  host.start();
  EXPECT_EQ(host.failure_message, "no frame yet");
}

}  // namespace
}  // namespace fulfill
