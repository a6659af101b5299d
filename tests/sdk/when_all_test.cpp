// SPDX-License-Identifier: Apache-2.0
// Several things at once, each test a sentence of <fulfill/when_all.hpp>. Under AddressSanitizer nothing may be leaked
// or used after its end, in whatever order the answers come and wherever the run is cancelled.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <fulfill/when_all.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "tests/sdk/scripted_caller.hpp"
#include "tests/sdk/single_function.hpp"

namespace fulfill {
namespace {

using std::chrono_literals::operator""ms;
using ::testing::ElementsAre;
using testing::kAdapterOf;
using testing::ScriptedCaller;
using testing::Witness;

template <typename... Awaitables>
using TupleOf = decltype(when_all(std::declval<Awaitables>()...));

static_assert(std::is_same_v<TupleOf<HttpCall, Sleep, Task<int>, Task<>>,
                             Task<std::tuple<Response, std::monostate, int, std::monostate>>>);
static_assert(std::is_same_v<TupleOf<std::vector<HttpCall>>, Task<std::vector<Response>>>);
static_assert(std::is_same_v<TupleOf<std::vector<Sleep>>, Task<std::vector<std::monostate>>>);
static_assert(std::is_same_v<TupleOf<Task<std::tuple<int, int>>, Task<std::unique_ptr<int>>>,
                             Task<std::tuple<std::tuple<int, int>, std::unique_ptr<int>>>>);

/// A task with something in its frame. Gives the text of the answer.
Task<std::string> fetch(Context& context, std::string path, Witness = {}) {
  const Witness local;
  const Response answer = co_await context.http(get("http://backend.example/a/path/that/is/long/" + path));
  co_return std::string(answer.body());
}

Task<int> at_once(int value) { co_return value; }
Task<int> failing_with(int value) {
  throw value;
  co_return 0;
}

std::vector<std::string> names_of_calls(const ScriptedCaller& host) {
  std::vector<std::string> names;
  for (const auto& call : host.calls) names.push_back(call.url.substr(call.url.rfind('/') + 1));
  return names;
}

/// Answers that operation with its own number.
void answer(ScriptedCaller& host, std::uint64_t number) { host.answer_to(number, 200, std::to_string(number)); }

/// Calls `check` with each order of the numbers 1 to `count`.
template <std::size_t count, typename Check>
void in_every_order(Check check) {
  std::array<std::uint64_t, count> order;
  for (std::size_t i = 0; i < count; ++i) order[i] = i + 1;
  do {
    SCOPED_TRACE(::testing::PrintToString(order));
    check(order);
  } while (std::next_permutation(order.begin(), order.end()));
}

Task<Result> mixed(Context& context) {
  auto [a, slept, b, c] =
      co_await when_all(fetch(context, "a"), context.sleep(7ms), context.http(get("http://b/b")), fetch(context, "c"));
  static_assert(std::is_same_v<decltype(slept), std::monostate>);
  co_return Result::raw("\"" + a + "," + std::string(b.body()) + "," + c + "\"");
}

TEST(WhenAll, StartsAllInTheirOrderBeforeItWaits) {
  ScriptedCaller host(kAdapterOf<mixed>);
  host.start();
  EXPECT_THAT(names_of_calls(host), ElementsAre("a", "b", "c"));
  EXPECT_EQ(host.calls[0].number, 1u);
  EXPECT_THAT(host.sleeps, ElementsAre(7));
  EXPECT_EQ(host.calls[1].number, 3u) << "the sleep, second of its arguments, was begun second";
  EXPECT_EQ(host.endings, 0);
}

TEST(WhenAll, GivesEachResultInItsPlaceInWhateverOrderTheyCome) {
  in_every_order<4>([](const auto& order) {
    ScriptedCaller host(kAdapterOf<mixed>);
    host.start();
    for (const auto operation : order) {
      EXPECT_EQ(host.endings, 0) << "it waits for the last";
      operation == 2 ? host.wake(operation) : answer(host, operation);
    }
    EXPECT_EQ(host.result, "\"1,3,4\"");
    EXPECT_EQ(host.endings, 1);
    EXPECT_EQ(Witness::alive(), 0);
  });
}

TEST(WhenAll, IsCancelledAtEachOfItsWaitsWhileSeveralAreUnderWay) {
  in_every_order<4>([](const auto& order) {
    for (std::size_t answered = 0; answered < order.size(); ++answered) {
      ScriptedCaller host(kAdapterOf<mixed>);
      host.start();
      for (std::size_t i = 0; i < answered; ++i) order[i] == 2 ? host.wake(2) : answer(host, order[i]);
      host.cancel();
      EXPECT_EQ(Witness::alive(), 0) << "after " << answered << " answers";
      EXPECT_EQ(host.endings, 0);
    }
  });
}

Task<Result> moves_only(Context& context) {
  const auto pointer = [](Context& context_, int value) -> Task<std::unique_ptr<int>> {
    co_await context_.sleep(1ms);
    co_return std::make_unique<int>(value);
  };
  auto [first, second] = co_await when_all(pointer(context, 4), pointer(context, 2));
  co_return Result::raw(std::to_string(*first) + std::to_string(*second));
}

TEST(WhenAll, GivesWhatCanOnlyBeMoved) {
  ScriptedCaller host(kAdapterOf<moves_only>);
  host.start();
  host.wake(2);
  host.wake(1);
  EXPECT_EQ(host.result, "42");
}

/// Two calls and a sleep; if one of them throws, says how much of the others is left, makes a last call.
Task<Result> recovers(Context& context) {
  std::string what;
  try {
    (void)co_await when_all(fetch(context, "a"), fetch(context, "b"), context.sleep(1ms));
    what = "nothing";
  } catch (const HttpError& error) {
    what = error.code() + ", left: " + std::to_string(Witness::alive());
  }
  const Response last = co_await context.http(get("http://b/last"));
  co_return Result::raw("\"" + what + ", then " + std::string(last.body()) + "\"");
}

TEST(WhenAll, EndsTheOthersWhereTheyStandAsSoonAsOneThrows) {
  for (const std::uint64_t failing : {1, 2}) {
    ScriptedCaller host(kAdapterOf<recovers>);
    host.start();
    EXPECT_GT(Witness::alive(), 0);
    host.answer_to(failing, 503, "", "backend_status");
    EXPECT_EQ(Witness::alive(), 0) << "their destructors have run";
    EXPECT_THAT(names_of_calls(host), ElementsAre("a", "b", "last"));
    answer(host, 3 - failing);
    host.wake(3);
    EXPECT_EQ(host.endings, 0) << "an answer to one that has ended is ignored";
    host.answer_to(4, 200, "last");
    EXPECT_EQ(host.result, "\"backend_status, left: 0, then last\"");
  }
}

TEST(WhenAll, TakesTheFirstExceptionThatComes) {
  ScriptedCaller host(kAdapterOf<recovers>);
  host.start();
  host.answer_to(2, 0, "", "backend_timeout", false);
  host.answer_to(1, 503, "", "backend_status");
  host.answer_to(4, 200, "last");
  EXPECT_EQ(host.result, "\"backend_timeout, left: 0, then last\"");
}

Task<Result> fails(Context& context) {
  (void)co_await when_all(fetch(context, "a"), fetch(context, "b"));
  co_return Result::raw("1");
}

TEST(WhenAll, LetsTheExceptionOutOfTheExecutionIfNobodyTakesIt) {
  ScriptedCaller host(kAdapterOf<fails>);
  host.start();
  answer(host, 1);
  host.answer_to(2, 0, "", "backend_unreachable", false);
  EXPECT_EQ(host.failure_code, "backend_unreachable");
  EXPECT_EQ(host.endings, 1);
  EXPECT_EQ(Witness::alive(), 0);
}

Task<Result> fails_at_once(Context& context) {
  int thrown = 0;
  try {
    (void)co_await when_all(fetch(context, "begun"), failing_with(1), failing_with(2), fetch(context, "never"));
  } catch (int value) {
    thrown = value;
  }
  const int left = Witness::alive();
  co_await context.sleep(1ms);
  co_return Result::raw("[" + std::to_string(thrown) + "," + std::to_string(left) + "]");
}

TEST(WhenAll, BeginsNothingAfterAFailureBeforeTheFirstWait) {
  ScriptedCaller host(kAdapterOf<fails_at_once>);
  host.start();
  EXPECT_THAT(names_of_calls(host), ElementsAre("begun"));
  answer(host, 1);
  EXPECT_EQ(host.endings, 0);
  host.wake();
  EXPECT_EQ(host.result, "[1,0]");
}

TEST(WhenAll, TreatsACallThatCannotBeMadeLikeOneThatFails) {
  ScriptedCaller host(kAdapterOf<fails>);
  host.refuse_calls = "request_not_allowed";
  host.start();
  EXPECT_EQ(host.failure_code, "request_not_allowed");
  EXPECT_EQ(Witness::alive(), 0);
}

Task<Result> goes_on_without_one(Context& context) {
  const auto or_nothing = [](Context& context_) -> Task<std::string> {
    try {
      co_return co_await fetch(context_, "b");
    } catch (const HttpError&) {
      co_return "nothing";
    }
  };
  auto [a, b] = co_await when_all(fetch(context, "a"), or_nothing(context));
  co_return Result::raw("\"" + a + "," + b + "\"");
}

TEST(WhenAll, GoesOnWithoutOneThatCatchesItsOwnFailure) {
  ScriptedCaller host(kAdapterOf<goes_on_without_one>);
  host.start();
  host.answer_to(2, 503, "", "backend_status");
  EXPECT_EQ(host.endings, 0);
  answer(host, 1);
  EXPECT_EQ(host.result, "\"1,nothing\"");
}

Task<Result> nested(Context& context) {
  auto [left, right] = co_await when_all(when_all(fetch(context, "a"), fetch(context, "b")),
                                         when_all(fetch(context, "c"), fetch(context, "d")));
  const std::string all = std::get<0>(left) + std::get<1>(left) + std::get<0>(right) + std::get<1>(right);
  co_return Result::raw(all);
}

TEST(WhenAll, CanBeNested) {
  in_every_order<4>([](const auto& order) {
    ScriptedCaller host(kAdapterOf<nested>);
    host.start();
    for (const auto operation : order) answer(host, operation);
    EXPECT_EQ(host.result, "1234");
  });
}

TEST(WhenAll, EndsWhatIsNestedInItAtAnyPointByFailureAndByCancellation) {
  in_every_order<4>([](const auto& order) {
    for (std::size_t answered = 0; answered < order.size(); ++answered) {
      ScriptedCaller failing(kAdapterOf<nested>);
      ScriptedCaller cancelled(kAdapterOf<nested>);
      failing.start();
      cancelled.start();
      for (std::size_t i = 0; i < answered; ++i) {
        answer(failing, order[i]);
        answer(cancelled, order[i]);
      }
      cancelled.cancel();
      failing.answer_to(order[answered], 500, "", "backend_status");
      EXPECT_EQ(failing.failure_code, "backend_status");
      EXPECT_EQ(cancelled.endings, 0);
      EXPECT_EQ(Witness::alive(), 0) << answered;
    }
  });
}

Task<Result> many(Context& context) {
  std::vector<Task<std::string>> tasks;
  for (const char* name : {"a", "b", "c"}) tasks.push_back(fetch(context, name));
  std::string all;
  for (const auto& text : co_await when_all(std::move(tasks))) all += text;
  co_return Result::raw(all);
}

TEST(WhenAllOfAVector, GivesAVectorInTheSameOrder) {
  in_every_order<3>([](const auto& order) {
    ScriptedCaller host(kAdapterOf<many>);
    host.start();
    EXPECT_THAT(names_of_calls(host), ElementsAre("a", "b", "c"));
    for (const auto operation : order) answer(host, operation);
    EXPECT_EQ(host.result, "123");
    EXPECT_EQ(Witness::alive(), 0);
  });
}

TEST(WhenAllOfAVector, EndsTheOthersByFailureAndByCancellation) {
  in_every_order<3>([](const auto& order) {
    for (std::size_t answered = 0; answered < order.size(); ++answered) {
      ScriptedCaller failing(kAdapterOf<many>);
      ScriptedCaller cancelled(kAdapterOf<many>);
      failing.start();
      cancelled.start();
      for (std::size_t i = 0; i < answered; ++i) {
        answer(failing, order[i]);
        answer(cancelled, order[i]);
      }
      cancelled.cancel();
      failing.answer_to(order[answered], 500, "", "backend_status");
      EXPECT_EQ(failing.failure_code, "backend_status");
      EXPECT_EQ(Witness::alive(), 0) << answered;
    }
  });
}

Task<Result> calls_and_sleeps(Context& context) {
  std::vector<HttpCall> calls;
  for (const char* path : {"http://b/x", "http://b/y"}) calls.push_back(context.http(get(path)));
  std::vector<Sleep> sleeps;
  for (int i = 0; i < 2; ++i) sleeps.push_back(context.sleep(1ms));
  auto [answers, slept] = co_await when_all(when_all(std::move(calls)), when_all(std::move(sleeps)));
  co_return Result::raw(std::string(answers[1].body()) + std::to_string(answers.size() + slept.size()));
}

TEST(WhenAllOfAVector, TakesCallsAndSleepsAsTheyAre) {
  ScriptedCaller host(kAdapterOf<calls_and_sleeps>);
  host.start();
  host.wake(4);
  answer(host, 2);
  host.wake(3);
  answer(host, 1);
  EXPECT_EQ(host.result, "24");
}

Task<Result> of_nothing(Context&) {
  const std::tuple<> none = co_await when_all();
  const std::vector<int> empty = co_await when_all(std::vector<Task<int>>());
  co_return Result::raw(std::to_string(empty.size() + std::tuple_size_v<decltype(none)>));
}

TEST(WhenAll, OfNothingEndsAtOnce) {
  ScriptedCaller host(kAdapterOf<of_nothing>);
  host.start();
  EXPECT_EQ(host.result, "0");
}

Task<Result> calls_never_awaited(Context& context) {
  { const auto calls = when_all(context.http(get("http://b/")), fetch(context, "a")); }
  co_return Result::raw(std::to_string(Witness::alive()));
}

TEST(WhenAll, DoesNothingUnlessItIsAwaited) {
  ScriptedCaller host(kAdapterOf<calls_never_awaited>);
  host.start();
  EXPECT_TRUE(host.calls.empty());
  EXPECT_EQ(host.result, "0");
}

// On a deep stack these would end the process: 100,000 frames of whatever size are more than it has.
constexpr int kMany = 100'000;

Task<Result> loops_over_ready_tasks(Context&) {
  long sum = 0;
  for (int i = 0; i < kMany; ++i) {
    auto [one, two] = co_await when_all(at_once(1), at_once(2));
    sum += one + two;
  }
  co_return Result::raw(std::to_string(sum));
}

TEST(WhenAll, RunsALoopOverTasksThatEndAtOnceOnAFlatStack) {
  ScriptedCaller host(kAdapterOf<loops_over_ready_tasks>);
  host.start();
  EXPECT_EQ(host.result, "300000");
}

Task<Result> many_ready_tasks(Context& context) {
  std::vector<Task<int>> tasks;
  for (int i = 0; i < kMany; ++i) tasks.push_back(at_once(1));
  auto [ones, slept] = co_await when_all(when_all(std::move(tasks)), context.sleep(1ms));
  co_return Result::raw(std::to_string(ones.size()));
}

TEST(WhenAllOfAVector, RunsAHundredThousandTasksOnAFlatStack) {
  ScriptedCaller host(kAdapterOf<many_ready_tasks>);
  host.start();
  EXPECT_EQ(host.endings, 0);
  host.wake();
  EXPECT_EQ(host.result, "100000");
}

/// After each wait, a stretch of tasks that end at once; the stack begins anew where the host calls.
Task<Result> loops_after_a_wait(Context& context) {
  long sum = 0;
  for (int wait = 0; wait < 3; ++wait) {
    (void)co_await when_all(context.sleep(1ms), context.sleep(1ms));
    for (int i = 0; i < kMany / 10; ++i) {
      try {
        (void)co_await when_all(at_once(1), failing_with(1));
      } catch (int one) {
        sum += one;
      }
    }
  }
  co_return Result::raw(std::to_string(sum));
}

TEST(WhenAll, KeepsTheStackFlatAfterAWaitAndByExceptions) {
  ScriptedCaller host(kAdapterOf<loops_after_a_wait>);
  host.start();
  for (std::uint64_t operation = 1; operation <= 6; ++operation) host.wake(operation);
  EXPECT_EQ(host.result, "30000");
}

}  // namespace
}  // namespace fulfill
