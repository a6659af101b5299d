// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fulfill/task.hpp>

#include <coroutine>
#include <cstddef>
#include <exception>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace fulfill::detail {

/// What awaiting it gives, possibly void.
template <typename Awaitable>
class GivenBy {};
template <typename Awaitable>
requires requires(Awaitable& awaiter) { awaiter.await_resume(); }
class GivenBy<Awaitable> {
 public:
  using Type = decltype(std::declval<Awaitable&>().await_resume());
};
template <typename T>
class GivenBy<Task<T>> {
 public:
  using Type = T;
};
template <typename Awaitable>
using Given = typename GivenBy<Awaitable>::Type;

/// The same, as something that can be kept.
template <typename Awaitable>
using Awaited =
    std::conditional_t<std::is_void_v<Given<Awaitable>>, std::monostate, std::remove_cvref_t<Given<Awaitable>>>;

/// What a coroutine that waits for several tasks, and those tasks, know of each other.
class Join {
 public:
  explicit Join(std::size_t tasks) noexcept : left_(tasks) {}
  Join(const Join&) = delete;
  Join& operator=(const Join&) = delete;

  /// All have arrived, or one has failed.
  [[nodiscard]] bool decided() const noexcept { return left_ == 0 || failed(); }
  [[nodiscard]] bool failed() const noexcept { return exception_ != nullptr; }
  void rethrow_if_failed() const {
    if (exception_) std::rethrow_exception(exception_);
  }

  void fail(std::exception_ptr exception) noexcept {
    if (!exception_) exception_ = std::move(exception);
  }
  void wait(std::coroutine_handle<> waiting) noexcept { waiting_ = waiting; }
  /// Who goes on now that one more has arrived.
  [[nodiscard]] std::coroutine_handle<> arrive() noexcept {
    --left_;
    if (!decided() || !waiting_) return std::noop_coroutine();
    return std::exchange(waiting_, nullptr);
  }

 private:
  std::size_t left_;
  std::exception_ptr exception_;
  std::coroutine_handle<> waiting_;
};

/// The last words of a task: it never goes on from there, so whoever waits may destroy it.
class JoinArrival {
 public:
  explicit JoinArrival(Join& join) noexcept : join_(join) {}
  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<>) const noexcept { return join_.arrive(); }
  void await_resume() const noexcept {}

 private:
  Join& join_;
};

/// Starts all tasks and waits for the last, or for the first that fails; then the others are destroyed.
class JoinWait {
 public:
  JoinWait(Join& join, std::vector<Task<void>>& tasks) noexcept : join_(join), tasks_(tasks) {}
  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> waiting) const {
    for (const Task<void>& task : tasks_) {
      task.start();
      if (join_.failed()) return false;
    }
    if (join_.decided()) return false;
    join_.wait(waiting);
    return true;
  }
  void await_resume() const {
    tasks_.clear();
    join_.rethrow_if_failed();
  }

 private:
  Join& join_;
  std::vector<Task<void>>& tasks_;
};

/// One of several: keeps in `slot` what it gives.
template <typename Awaitable>
Task<void> into(Awaitable awaitable, std::optional<Awaited<Awaitable>>& slot, Join& join) {
  try {
    if constexpr (std::is_void_v<Given<Awaitable>>) {
      co_await std::move(awaitable);
      slot.emplace();
    } else {
      slot.emplace(co_await std::move(awaitable));
    }
  } catch (...) {
    join.fail(std::current_exception());
  }
  co_await JoinArrival(join);
}

template <typename... Values, typename... Awaitables>
std::vector<Task<void>> tasks_into(Join& join, std::tuple<std::optional<Values>...>& slots, Awaitables... awaitables) {
  std::vector<Task<void>> tasks;
  tasks.reserve(sizeof...(Awaitables));
  std::apply([&](auto&... slot) { (tasks.push_back(into(std::move(awaitables), slot, join)), ...); }, slots);
  return tasks;
}

template <typename... Values>
std::tuple<Values...> taken(std::tuple<std::optional<Values>...>& slots) {
  return std::apply([](auto&... slot) { return std::tuple<Values...>(std::move(*slot)...); }, slots);
}

}  // namespace fulfill::detail
