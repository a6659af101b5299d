// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <fulfill/task.hpp>

#include <coroutine>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tests/sdk/single_function.hpp"

namespace fulfill {
namespace {

using testing::Witness;

/// A place where a coroutine stops until the test goes on with it.
class Gate {
 public:
  class Awaiter {
   public:
    explicit Awaiter(Gate& gate) noexcept : gate_(gate) {}
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> waiting) const noexcept { gate_.waiting_ = waiting; }
    void await_resume() const noexcept {}

   private:
    Gate& gate_;
  };
  Awaiter operator co_await() noexcept { return Awaiter(*this); }
  void open() { std::exchange(waiting_, nullptr).resume(); }

 private:
  std::coroutine_handle<> waiting_;
};

Task<int> number(int n) { co_return n; }
Task<> nothing() { co_return; }
Task<int> throwing() {
  throw std::runtime_error("inside");
  co_return 0;
}
Task<std::unique_ptr<int>> move_only() { co_return std::make_unique<int>(7); }

TEST(Task, DoesNothingBeforeItIsStarted) {
  bool ran = false;
  const auto make = [&]() -> Task<> {
    ran = true;
    co_return;
  };
  {
    const auto task = make();
    EXPECT_FALSE(ran);
    EXPECT_FALSE(task.done());
  }
  EXPECT_FALSE(ran);
}

TEST(Task, HandsValuesUpThroughNestedTasks) {
  const auto outer = [&]() -> Task<int> {
    co_await nothing();
    const auto pointer = co_await move_only();
    co_return co_await number(1) + co_await number(2) + *pointer;
  };
  const auto task = outer();
  task.start();
  ASSERT_TRUE(task.done());
  EXPECT_EQ(task.take(), 10);
}

TEST(Task, HandsExceptionsUpToWhoeverAwaits) {
  const auto middle = []() -> Task<int> { co_return co_await throwing(); };
  const auto outer = [&]() -> Task<std::string> {
    try {
      co_await middle();
    } catch (const std::runtime_error& error) {
      co_return error.what();
    }
    co_return "nothing was thrown";
  };
  const auto task = outer();
  task.start();
  EXPECT_EQ(task.take(), "inside");
}

TEST(Task, ThrowsOutOfTheOutermostWhenItsValueIsTaken) {
  const auto task = throwing();
  task.start();
  ASSERT_TRUE(task.done());
  EXPECT_THROW((void)task.take(), std::runtime_error);
}

TEST(Task, RunsManyTasksThatEndAtOnceOnAFlatStack) {
  const auto loop = []() -> Task<int> {
    int sum = 0;
    for (int i = 0; i < 20000; ++i) sum += co_await number(1);
    co_return sum;
  };
  const auto task = loop();
  task.start();
  EXPECT_EQ(task.take(), 20000);
}

TEST(Task, CanBeAwaitedOnlyOnce) {
  const auto outer = []() -> Task<int> {
    auto inner = number(3);
    const int first = co_await std::move(inner);
    co_return first + co_await std::move(inner);
  };
  const auto task = outer();
  task.start();
  EXPECT_THROW((void)task.take(), std::logic_error);
}

TEST(Task, DestroysEverythingInTheFramesOfANestedTaskThatWaits) {
  Gate gate;
  const auto inner = [&](Witness) -> Task<> {
    const Witness local;
    co_await gate;
  };
  const auto outer = [&]() -> Task<> {
    const Witness local;
    co_await inner(Witness());
  };
  {
    const auto task = outer();
    task.start();
    EXPECT_GE(Witness::alive(), 3);
    EXPECT_FALSE(task.done());
  }
  EXPECT_EQ(Witness::alive(), 0);
}

TEST(Task, GoesOnWhereItStoppedAndThenDestroysItsTemporariesOnce) {
  Gate gate;
  const auto inner = [&](Witness) -> Task<int> {
    co_await gate;
    co_return 5;
  };
  const auto outer = [&]() -> Task<int> { co_return co_await inner(Witness()); };
  const auto task = outer();
  task.start();
  EXPECT_FALSE(task.done());
  gate.open();
  ASSERT_TRUE(task.done());
  EXPECT_EQ(task.take(), 5);
  EXPECT_EQ(Witness::alive(), 0);
}

TEST(Task, MovedFromAndReplacedFramesAreDestroyedOnce) {
  Gate gate;
  const auto make = [&](Witness) -> Task<> { co_await gate; };
  auto first = make(Witness());
  first.start();
  auto second = make(Witness());
  second.start();
  EXPECT_GE(Witness::alive(), 2);
  first = std::move(second);
  EXPECT_EQ(Witness::alive(), 1);
  first.reset();
  EXPECT_EQ(Witness::alive(), 0);
}

}  // namespace
}  // namespace fulfill
