// SPDX-License-Identifier: Apache-2.0
// Work that may block, each test a sentence of `Context::blocking`. Under AddressSanitizer nothing may be leaked or
// freed twice, in whatever order the work runs, is released, and is given up.
#include <gtest/gtest.h>
#include <fulfill/blocking.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "tests/sdk/scripted_caller.hpp"
#include "tests/sdk/single_function.hpp"

namespace fulfill {
namespace {

using std::chrono_literals::operator""ms;
using testing::kAdapterOf;
using testing::ScriptedCaller;
using testing::Witness;

/// What the host does with the only work, on a thread of its own where one would.
class Host : public ScriptedCaller {
 public:
  using ScriptedCaller::ScriptedCaller;
  void run(std::size_t index = 0) {
    std::thread([work = works.at(index)] { work.run(work.state); }).join();
  }
  void release(std::size_t index = 0) {
    std::thread([work = works.at(index)] { work.release(work.state); }).join();
  }
};

/// Text that counts, as what a function holds and gives.
class Rows {
 public:
  explicit Rows(std::string text) : text_(std::move(text)) {}
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  std::string text_;
  Witness witness_;
};

std::atomic<int> runs = 0;  // NOLINT: of the functions below; adapters are made by the SDK

Task<Result> queries(Context& context) {
  const std::string table = "a table whose name does not fit into a small string";
  const auto query = [table, witness = Witness()] {
    ++runs;
    return Rows("\"rows of " + table + "\"");
  };
  const Rows rows = co_await context.blocking(query);
  co_return Result::raw(rows.text());
}
constexpr auto kRows = "\"rows of a table whose name does not fit into a small string\"";

TEST(Blocking, GivesWhatTheFunctionReturns) {
  runs = 0;
  Host host(kAdapterOf<queries>);
  host.start();
  ASSERT_EQ(host.works.size(), 1u);
  EXPECT_EQ(runs, 0) << "it does not run on the thread of the coroutine";
  host.run();
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(host.endings, 0) << "the coroutine goes on when the host says so, not on that thread";
  host.wake();
  EXPECT_EQ(host.result, kRows);
  host.release();
  EXPECT_EQ(Witness::alive(), 0);
}

Task<Result> declares(Context& context) {
  const auto nothing = [] {};
  co_await context.blocking(nothing);
  co_await context.blocking(nothing).safe();
  co_await context.blocking(nothing).idempotent();
  co_await context.blocking(nothing).unsafe();
  co_return Result::raw("1");
}

TEST(Blocking, TellsTheHostHowOftenItMayBeDone) {
  Host host(kAdapterOf<declares>);
  host.start();
  std::size_t index = 0;
  for (const auto declared : {Operation::by_method, Operation::safe, Operation::idempotent, Operation::unsafe}) {
    ASSERT_EQ(host.works.size(), index + 1);
    EXPECT_EQ(host.works.back().operation, static_cast<std::uint32_t>(declared));
    host.run(index);
    host.release(index++);
    host.wake();
  }
  EXPECT_EQ(host.result, "1");
}

TEST(Blocking, MayBeReleasedBeforeTheCoroutineGoesOn) {
  Host host(kAdapterOf<queries>);
  host.start();
  host.run();
  host.release();
  EXPECT_EQ(host.endings, 0);
  host.wake();
  EXPECT_EQ(host.result, kRows);
  EXPECT_EQ(Witness::alive(), 0);
}

TEST(Blocking, ThatIsReleasedWithoutHavingRunIsAFault) {
  runs = 0;
  Host host(kAdapterOf<queries>);
  host.start();
  host.release();
  host.wake();
  EXPECT_EQ(host.failure_code, "adapter_fault");
  EXPECT_EQ(host.failure_message, "the blocking work never ran");
  EXPECT_EQ(runs, 0);
  EXPECT_EQ(Witness::alive(), 0);
}

enum class Step { run, release, cancel };

/// The steps in their order; then all that the function held and returned has to be gone.
void expect_nothing_left_after(std::initializer_list<Step> steps, int expected_runs) {
  runs = 0;
  Host host(kAdapterOf<queries>);
  host.start();
  for (const Step step : steps) {
    if (step == Step::run) host.run();
    if (step == Step::release) host.release();
    if (step == Step::cancel) host.cancel();
  }
  EXPECT_EQ(Witness::alive(), 0);
  EXPECT_EQ(runs, expected_runs);
  EXPECT_EQ(host.endings, 0);
}

TEST(Blocking, IsFreedOnceInWhateverOrderItRunsIsReleasedAndGivenUp) {
  expect_nothing_left_after({Step::run, Step::release, Step::cancel}, 1);
  expect_nothing_left_after({Step::run, Step::cancel, Step::release}, 1);
  expect_nothing_left_after({Step::release, Step::cancel}, 0);
  expect_nothing_left_after({Step::cancel, Step::release}, 0);
}

TEST(Blocking, DoesNotBeginWhenNobodyWaitsAnyMore) {
  expect_nothing_left_after({Step::cancel, Step::run, Step::release}, 0);
}

Task<Result> does_nothing_useful(Context& context) {
  const int before = runs;
  co_await context.blocking([] { ++runs; });
  co_return Result::raw(std::to_string(runs - before));
}

TEST(Blocking, MayReturnNothing) {
  Host host(kAdapterOf<does_nothing_useful>);
  host.start();
  host.run();
  host.release();
  host.wake();
  EXPECT_EQ(host.result, "1");
}

template <int Kind>
Task<Result> throws(Context& context) {
  const auto work = [witness = Witness()] {
    if constexpr (Kind == 0) throw 42;
    if constexpr (Kind == 1) throw std::runtime_error("the database is gone, says its driver");
    if constexpr (Kind == 2) throw Failed("no_such_customer", "there is no such row");
  };
  co_await context.blocking(work);
  co_return Result::raw("1");
}

template <int Kind>
std::string ending_of_work() {
  Host host(kAdapterOf<throws<Kind>>);
  host.start();
  host.run();
  host.release();
  host.wake();
  EXPECT_EQ(host.endings, 1);
  EXPECT_EQ(Witness::alive(), 0);
  return host.failure_code + ": " + host.failure_message;
}

TEST(Blocking, GivesWhatTheFunctionThrowsOfWhateverType) {
  EXPECT_EQ(ending_of_work<0>(), "adapter_fault: the adapter threw something that is not a std::exception");
  EXPECT_EQ(ending_of_work<1>(), "adapter_fault: the database is gone, says its driver");
  EXPECT_EQ(ending_of_work<2>(), "no_such_customer: there is no such row");
}

Task<Result> is_stubborn(Context& context) {
  auto work = [witness = Witness(), attempts = 0]() mutable {
    ++attempts;
    if (attempts == 1) throw TryAgain("backend_unreachable", "nobody there", 250ms);
    if (attempts == 2) throw BackendBusy("too_many", "full");
    if (attempts == 3) throw std::runtime_error("a defect");
    return attempts;
  };
  co_return Result::raw(std::to_string(co_await context.blocking(work)));
}

fulfill_attempt_v1 attempt(const fulfill_work_v1& work) {
  fulfill_attempt_v1 outcome{};
  outcome.size = sizeof outcome;
  std::thread([&] { work.attempt(work.state, &outcome); }).join();
  return outcome;
}
std::string why(const fulfill_attempt_v1& outcome) {
  return std::string(outcome.failure.code.data, outcome.failure.code.size) + ": " +
         std::string(outcome.failure.message.data, outcome.failure.message.size);
}

TEST(Blocking, TellsTheHostWhetherItCanBeTriedAgainAndWhen) {
  Host host(kAdapterOf<is_stubborn>);
  host.start();
  const fulfill_work_v1 work = host.works.at(0);
  const auto first = attempt(work);
  EXPECT_EQ(first.verdict, std::uint32_t{FULFILL_ATTEMPT_AGAIN});
  EXPECT_EQ(first.after_ms, 250);
  EXPECT_EQ(why(first), "backend_unreachable: nobody there");
  const auto second = attempt(work);
  EXPECT_EQ(second.verdict, std::uint32_t{FULFILL_ATTEMPT_BUSY});
  EXPECT_EQ(second.after_ms, 0);
  EXPECT_EQ(why(second), "too_many: full");
  EXPECT_EQ(attempt(work).verdict, std::uint32_t{FULFILL_ATTEMPT_DONE});
  EXPECT_EQ(attempt(work).verdict, std::uint32_t{FULFILL_ATTEMPT_DONE});
  host.release();
  host.wake();
  EXPECT_EQ(host.result, "4");
  EXPECT_EQ(Witness::alive(), 0);
}

TEST(Blocking, EndsWithWhatItThrewLastWhereItIsNotTriedAgain) {
  Host host(kAdapterOf<is_stubborn>);
  host.start();
  (void)attempt(host.works.at(0));
  (void)attempt(host.works.at(0));
  host.release();
  host.wake();
  EXPECT_EQ(host.failure_code + ": " + host.failure_message, "too_many: full");
  EXPECT_EQ(Witness::alive(), 0);
}

TEST(Blocking, IsAnOrdinaryFailureForAHostThatKnowsOneAttemptOnly) {
  Host host(kAdapterOf<is_stubborn>);
  host.start();
  host.run();
  host.release();
  host.wake();
  EXPECT_EQ(host.failure_code + ": " + host.failure_message, "backend_unreachable: nobody there");
  EXPECT_EQ(Witness::alive(), 0);
}

TEST(Blocking, SaysThatItHasNotBegunWhereNobodyWaitsAnyMore) {
  Host host(kAdapterOf<is_stubborn>);
  host.start();
  host.cancel();
  EXPECT_EQ(attempt(host.works.at(0)).verdict, std::uint32_t{FULFILL_ATTEMPT_NOT_BEGUN});
  host.release();
  EXPECT_EQ(Witness::alive(), 0);
}

Task<Result> returns_an_odd_kind(Context& context) {
  static const std::string lasting = "kept";
  auto gives_away = [held = std::make_unique<int>(4)]() mutable { return std::move(held); };
  auto pointer = co_await context.blocking(gives_away);
  auto copy = co_await context.blocking([]() -> const std::string& { return lasting; });
  static_assert(std::is_same_v<decltype(copy), std::string>, "nothing refers to the thread's own objects");
  int calls = 0;
  const auto counts = [calls]() mutable { return ++calls; };
  const int first = co_await context.blocking(counts);
  const int second = co_await context.blocking(counts);
  co_return Result::raw("\"" + std::to_string(*pointer) + copy + std::to_string(first + second) + "\"");
}

TEST(Blocking, TakesFunctionsAndResultsThatCanOnlyBeMovedAndCopiesOthers) {
  Host host(kAdapterOf<returns_an_odd_kind>);
  host.start();
  for (std::size_t i = 0; i < 4; ++i) {
    ASSERT_EQ(host.works.size(), i + 1);
    host.run(i);
    host.release(i);
    host.wake();
  }
  EXPECT_EQ(host.result, "\"4kept2\"");
}

std::atomic<bool> working = false;          // NOLINT
std::atomic<std::thread::id> destroyed_on;  // NOLINT

/// A result that says where it ends.
class Traced {
 public:
  Traced() noexcept = default;
  Traced(Traced&& other) noexcept : owner_(std::exchange(other.owner_, false)) {}
  Traced& operator=(Traced&&) = delete;
  ~Traced() {
    if (owner_) destroyed_on = std::this_thread::get_id();
  }

 private:
  bool owner_ = true;
  Witness witness_;
};

Task<Result> waits_for_a_stop(Context& context) {
  (void)co_await context.blocking([](std::stop_token stop) {
    working = true;
    while (!stop.stop_requested()) std::this_thread::yield();
    return Traced();
  });
  co_return Result::raw("1");
}

TEST(Blocking, AsksTheFunctionToStopWhenNobodyWaitsAnyMoreAndDestroysItsResultOnThatThread) {
  working = false;
  Host host(kAdapterOf<waits_for_a_stop>);
  host.start();
  std::thread thread([work = host.works.at(0)] {
    work.run(work.state);
    work.release(work.state);
  });
  while (!working) std::this_thread::yield();
  host.cancel();
  const auto id = thread.get_id();
  thread.join();
  EXPECT_EQ(destroyed_on.load(), id);
  EXPECT_EQ(Witness::alive(), 0);
}

Task<Result> looks_at_its_token(Context& context) {
  const bool stop = co_await context.blocking([](const std::stop_token& token) { return token.stop_requested(); });
  co_return Result::raw(stop ? "true" : "false");
}

TEST(Blocking, AsksNobodyToStopAsLongAsSomebodyWaits) {
  Host host(kAdapterOf<looks_at_its_token>);
  host.start();
  host.run();
  host.release();
  host.wake();
  EXPECT_EQ(host.result, "false");
}

Task<Result> makes_do_without(Context& context) {
  std::string code = "none";
  try {
    const auto work = [witness = Witness()] { ++runs; };
    co_await context.blocking(work);
  } catch (const Failed& failed) {
    code = failed.code();
  }
  co_await context.sleep(1ms);
  co_return Result::raw("\"" + code + ", left: " + std::to_string(Witness::alive()) + "\"");
}

TEST(Blocking, IsAFailureOfItsOwnWhereTooManyWait) {
  runs = 0;
  Host refused(kAdapterOf<queries>);
  refused.refuse_works = "queue_full";
  refused.start();
  EXPECT_EQ(refused.failure_code, "queue_full");
  EXPECT_EQ(refused.failure_message, "not this one");
  EXPECT_EQ(Witness::alive(), 0);

  Host caught(kAdapterOf<makes_do_without>);
  caught.refuse_works = "queue_full";
  caught.start();
  caught.wake();
  EXPECT_EQ(caught.result, "\"queue_full, left: 0\"");
  EXPECT_EQ(runs, 0);
}

Task<Result> work_never_awaited(Context& context) {
  {
    const auto work = [witness = Witness()] { ++runs; };
    const auto pending = context.blocking(work);
  }
  co_return Result::raw(std::to_string(Witness::alive()));
}

TEST(Blocking, DoesNothingUnlessItIsAwaited) {
  Host host(kAdapterOf<work_never_awaited>);
  host.start();
  EXPECT_TRUE(host.works.empty());
  EXPECT_EQ(host.result, "0");
}

Task<Result> two_queries(Context& context) {
  const auto query = [](std::string text) {
    return [text = std::move(text), witness = Witness()](std::stop_token stop) {
      return stop.stop_requested() ? "stopped" : text;
    };
  };
  const auto one = query("1");
  const auto two = query("2");
  auto [first, answer, second] =
      co_await when_all(context.blocking(one), context.http(get("http://b/")), context.blocking(two));
  co_return Result::raw(first + std::string(answer.body()) + second);
}

TEST(Blocking, RunsBesideOtherThingsThatAreWaitedFor) {
  Host host(kAdapterOf<two_queries>);
  host.start();
  host.run(1);
  host.wake(3);
  host.answer_to(2, 200, "0");
  host.run(0);
  host.release(1);
  host.wake(1);
  EXPECT_EQ(host.result, "102");
  host.release(0);
  EXPECT_EQ(Witness::alive(), 0);
}

TEST(Blocking, IsGivenUpWhenWhatItIsAwaitedWithFails) {
  Host host(kAdapterOf<two_queries>);
  host.start();
  host.run(0);
  host.answer_to(2, 500, "", "backend_status");
  EXPECT_EQ(host.failure_code, "backend_status");
  host.run(1);
  host.wake(1);
  host.wake(3);
  host.release(0);
  host.release(1);
  EXPECT_EQ(Witness::alive(), 0);
  EXPECT_EQ(host.endings, 1);
}

}  // namespace
}  // namespace fulfill
