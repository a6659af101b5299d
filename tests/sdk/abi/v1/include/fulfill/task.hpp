// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace fulfill {

template <typename T = void>
class Task;

namespace detail {

/// What the promises of all tasks share: who waits for the task, and the exception it ended with.
class TaskPromiseBase {
 public:
  std::suspend_always initial_suspend() const noexcept { return {}; }

  /// Passes control straight to the waiting coroutine (symmetric transfer), or back to who started this one.
  class FinalAwaiter {
   public:
    FinalAwaiter() noexcept {}
    bool await_ready() const noexcept { return false; }
    template <typename Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> ended) const noexcept {
      return ended.promise().continuation_;
    }
    void await_resume() const noexcept {}
  };
  FinalAwaiter final_suspend() const noexcept { return FinalAwaiter(); }

  void unhandled_exception() noexcept { exception_ = std::current_exception(); }
  void set_continuation(std::coroutine_handle<> continuation) noexcept { continuation_ = continuation; }

 protected:
  TaskPromiseBase() noexcept = default;
  void rethrow_if_failed() const {
    if (exception_) std::rethrow_exception(exception_);
  }

 private:
  std::coroutine_handle<> continuation_ = std::noop_coroutine();
  std::exception_ptr exception_;
};

template <typename T>
class TaskPromise final : public TaskPromiseBase {
 public:
  TaskPromise() noexcept = default;
  Task<T> get_return_object() noexcept;

  template <typename Value>
  requires std::is_constructible_v<T, Value&&>
  void return_value(Value&& value) { value_.emplace(std::forward<Value>(value)); }

  T take() {
    rethrow_if_failed();
    return std::move(*value_);
  }

 private:
  std::optional<T> value_;
};

template <>
class TaskPromise<void> final : public TaskPromiseBase {
 public:
  TaskPromise() noexcept = default;
  Task<void> get_return_object() noexcept;
  void return_void() const noexcept {}
  void take() const { rethrow_if_failed(); }
};

}  // namespace detail

/// A coroutine that yields one `T` (movable, not a reference). It does not start before it is awaited, it is awaited
/// at most once, and an exception that leaves it comes out of the `co_await`. The Task owns the coroutine's frame:
/// destroying the Task destroys the frame and every object in it, wherever the coroutine stands. Not thread-safe.
template <typename T>
class [[nodiscard]] Task {
  static_assert(!std::is_reference_v<T>, "return a pointer or a value");

 public:
  using promise_type = detail::TaskPromise<T>;

  explicit Task(std::coroutine_handle<promise_type> frame) noexcept : frame_(frame) {}
  Task(Task&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
  Task& operator=(Task&& other) noexcept {
    if (this != &other) {
      reset();
      frame_ = std::exchange(other.frame_, nullptr);
    }
    return *this;
  }
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;
  ~Task() { reset(); }

  /// Starts the task and waits for its end. A task that ends at once does not suspend the one that awaits it, so a loop
  /// over such tasks has a flat stack even where the compiler makes no tail calls (g++ without -O2, or with ASan).
  class Awaiter {
   public:
    explicit Awaiter(std::coroutine_handle<promise_type> frame) noexcept : frame_(frame) {}
    bool await_ready() const {
      if (!frame_ || frame_.done()) throw std::logic_error("a task can be awaited only once");
      return false;
    }
    bool await_suspend(std::coroutine_handle<> waiting) const {
      frame_.resume();
      if (frame_.done()) return false;
      frame_.promise().set_continuation(waiting);
      return true;
    }
    T await_resume() const { return frame_.promise().take(); }

   private:
    std::coroutine_handle<promise_type> frame_;
  };
  Awaiter operator co_await() && noexcept { return Awaiter(frame_); }

  /// For whoever drives the outermost task, which nobody awaits: runs it up to its first wait.
  void start() const { frame_.resume(); }
  /// True once it has ended, by a value or by an exception.
  [[nodiscard]] bool done() const noexcept { return frame_ && frame_.done(); }
  /// The value of a task that is done, or throws what it ended with. Once.
  T take() const { return frame_.promise().take(); }
  /// Destroys the frame, and with it everything that lives in it.
  void reset() noexcept {
    if (frame_) std::exchange(frame_, nullptr).destroy();
  }

 private:
  std::coroutine_handle<promise_type> frame_;
};

namespace detail {

template <typename T>
Task<T> TaskPromise<T>::get_return_object() noexcept {
  return Task<T>(std::coroutine_handle<TaskPromise>::from_promise(*this));
}

inline Task<void> TaskPromise<void>::get_return_object() noexcept {
  return Task<void>(std::coroutine_handle<TaskPromise>::from_promise(*this));
}

}  // namespace detail

}  // namespace fulfill
