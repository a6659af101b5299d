// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <coroutine>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <type_traits>
#include <utility>

#include <fulfill/abi.h>
#include <fulfill/context.hpp>
#include <fulfill/detail/waiting.hpp>
#include <fulfill/error.hpp>
#include <fulfill/operation.hpp>

namespace fulfill {

namespace detail {

template <typename Function>
decltype(auto) call_with_stop(Function& function, const std::stop_token& stop) {
  if constexpr (std::is_invocable_v<Function&, std::stop_token>) {
    return function(stop);
  } else {
    return function();
  }
}

/// Shared by the coroutine that waits and the thread that works: whoever is last frees it.
template <typename Function>
class BlockingState {
 public:
  using Value = std::remove_cvref_t<decltype(call_with_stop(std::declval<Function&>(), std::stop_token()))>;

  explicit BlockingState(Function function) : function_(std::move(function)) {}

  /// Nobody waits any more.
  void stop() noexcept { stop_.request_stop(); }

  /// Once more, if `outcome` says AGAIN or BUSY. The texts in it live until then.
  void attempt(fulfill_attempt_v1& outcome) noexcept {
    outcome.verdict = FULFILL_ATTEMPT_NOT_BEGUN;
    if (stop_.stop_requested()) return;
    outcome.verdict = FULFILL_ATTEMPT_DONE;
    exception_ = nullptr;
    try {
      if constexpr (std::is_void_v<Value>) {
        call_with_stop(function_, stop_.get_token());
        value_.emplace(true);
      } else {
        value_.emplace(call_with_stop(function_, stop_.get_token()));
      }
    } catch (const BackendBusy& busy) {
      exception_ = std::current_exception();
      tell(FULFILL_ATTEMPT_BUSY, busy, outcome);
    } catch (const TryAgain& again) {
      exception_ = std::current_exception();
      tell(FULFILL_ATTEMPT_AGAIN, again, outcome);
    } catch (...) {
      exception_ = std::current_exception();
    }
  }

  Value take() {
    if (exception_) std::rethrow_exception(exception_);
    if (!value_) throw Failed("adapter_fault", "the blocking work never ran");
    if constexpr (!std::is_void_v<Value>) return std::move(*value_);
  }

 private:
  static void tell(std::uint32_t verdict, const TryAgain& why, fulfill_attempt_v1& outcome) noexcept {
    outcome.verdict = verdict;
    outcome.after_ms = why.after().count();
    outcome.failure = {{why.code().data(), why.code().size()}, {why.message().data(), why.message().size()}};
  }

  Function function_;
  std::stop_source stop_;
  std::optional<std::conditional_t<std::is_void_v<Value>, bool, Value>> value_;
  std::exception_ptr exception_;
};

}  // namespace detail

/// What `Context::blocking` returns; await it at once, or hand it to `when_all`. Work that is not declared is taken for
/// unsafe: `co_await ctx.blocking(query).safe()`.
template <typename Function>
class [[nodiscard]] Blocking final : private detail::Waiting {
  using State = detail::BlockingState<Function>;

 public:
  Blocking(Context& context, Function function)
      : context_(context), state_(std::make_shared<State>(std::move(function))) {}
  Blocking(Blocking&&) noexcept = default;
  ~Blocking() override {
    if (state_) state_->stop();
  }

  /// Says how often it may be done. After a crash of the process an execution runs again if all that it may have done
  /// is safe or idempotent. Before unsafe work begins, the journal has a note of it; after a crash the execution then
  /// ends as `outcome_unknown`.
  Blocking&& operation(Operation operation) && noexcept {
    operation_ = operation;
    return std::move(*this);
  }
  Blocking&& safe() && noexcept { return std::move(*this).operation(Operation::safe); }
  Blocking&& idempotent() && noexcept { return std::move(*this).operation(Operation::idempotent); }
  Blocking&& unsafe() && noexcept { return std::move(*this).operation(Operation::unsafe); }

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> coroutine) {
    fulfill_work_v1 work{};
    work.size = sizeof work;
    work.state = new std::shared_ptr<State>(state_);
    work.run = [](void* state) {
      fulfill_attempt_v1 the_only_one{};
      (*static_cast<std::shared_ptr<State>*>(state))->attempt(the_only_one);
    };
    work.release = [](void* state) { delete static_cast<std::shared_ptr<State>*>(state); };
    work.operation = static_cast<std::uint32_t>(operation_);
    work.attempt = [](void* state, fulfill_attempt_v1* outcome) {
      (*static_cast<std::shared_ptr<State>*>(state))->attempt(*outcome);
    };
    fulfill_failure failure{};
    const std::uint64_t operation = context_.host_.blocking(context_.caller_, &work, &failure);
    if (operation == 0) throw detail::failed(failure);
    context_.waiting_.add(*this, operation, coroutine);
  }
  auto await_resume() { return state_->take(); }

 private:
  void done(const fulfill_answer_v1*) override {}

  Context& context_;
  std::shared_ptr<State> state_;
  Operation operation_ = Operation::by_method;
};

template <typename Function>
Blocking<std::decay_t<Function>> Context::blocking(Function&& function) {
  using Kept = std::decay_t<Function>;
#if defined(__GNUC__) && !defined(__clang__)
  static_assert(
      std::is_lvalue_reference_v<Function> || std::is_trivially_destructible_v<Kept>,
      "g++ 12 destroys twice what a lambda written inside a co_await expression captures. Name it before, and "
      "pass it by that name: auto work = [id] { ... }; co_await context.blocking(work);");
#endif
  if constexpr (std::is_constructible_v<Kept, Function&&>) {
    return Blocking<Kept>(*this, std::forward<Function>(function));
  } else {
    return Blocking<Kept>(*this, std::move(function));
  }
}

}  // namespace fulfill
