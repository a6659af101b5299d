// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <coroutine>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <fulfill/abi.h>
#include <fulfill/detail/waiting.hpp>
#include <fulfill/error.hpp>
#include <fulfill/http.hpp>
#include <fulfill/result.hpp>
#include <fulfill/settings.hpp>

namespace fulfill {

enum class LogLevel : std::int32_t {
  debug = FULFILL_LOG_DEBUG,
  info = FULFILL_LOG_INFO,
  warning = FULFILL_LOG_WARNING,
  error = FULFILL_LOG_ERROR,
};

namespace detail {
inline Failed failed(const fulfill_failure& failure) {
  return Failed(std::string(failure.code.data, failure.code.size),
                std::string(failure.message.data, failure.message.size));
}
}  // namespace detail

class HttpCall;
class Sleep;
template <typename Function>
class Blocking;

/// What an adapter may ask of fulfilld during one execution. Lives as long as the execution's coroutine. Use it only
/// from inside that coroutine and the tasks it awaits, never from a thread of your own; nothing here blocks.
class Context {
 public:
  Context(const fulfill_start_v1& start, const Settings& settings) noexcept
      : host_(*start.host), caller_(start.caller), deadline_ns_(start.deadline_ns), settings_(settings) {}
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  /// `Response answer = co_await ctx.http(get(url))`. One backend call with all its retries. Throws HttpError if it
  /// does not succeed.
  [[nodiscard]] HttpCall http(Request request);

  /// `co_await ctx.sleep(200ms)`. Waits without holding a thread.
  [[nodiscard]] Sleep sleep(std::chrono::milliseconds duration);

  /// `auto query = [id](std::stop_token stop) { return find(id, stop); };`
  /// `auto rows = co_await ctx.blocking(query).safe();`
  /// Runs a function on one of the few threads of this action that may block (`blocking_threads`), and gives what it
  /// returns or throws. It may take a std::stop_token: a stop is requested when nobody waits any more (deadline,
  /// shutdown), and a function that goes on regardless keeps its thread from others. The coroutine may be gone by then:
  /// capture by value, and touch neither the Context nor a reference into the coroutine. The adapter object stays. What
  /// it captures and returns may be destroyed on that thread. Too many waiting: Failed("queue_full"). Say whether it
  /// may be done twice, as of a call: `safe()`, `idempotent()`, or `unsafe()`, which is what it is taken for else. The
  /// function is copied, or moved if it cannot be copied. If it throws TryAgain or BackendBusy it may be called again.
  /// Unless all that it captures is trivially destructible, it needs a name: g++ 12 destroys twice what a lambda inside
  /// a co_await expression captures; that does not compile.
  template <typename Function>
  [[nodiscard]] Blocking<std::decay_t<Function>> blocking(Function&& function);

  /// Reports interim progress, one JSON value. May be dropped; a result never is.
  void progress(const Result& result) { host_.progress(caller_, lend(result.text())); }

  /// Writes a log line that carries the execution's id. Never log a secret.
  void log(LogLevel level, std::string_view text) { host_.log(caller_, static_cast<std::int32_t>(level), lend(text)); }

  /// A secret of the action, valid as long as the execution's coroutine. Failed("missing_secret") if there is none.
  [[nodiscard]] std::string_view secret(std::string_view name) const {
    fulfill_text value{nullptr, 0};
    if (host_.secret(caller_, lend(name), &value) == 0)
      throw Failed("missing_secret", "the action has no secret " + detail::quoted(name));
    return {value.data, value.size};
  }

  /// When the host ends the execution, wherever it is: its coroutine is destroyed, destructors run.
  [[nodiscard]] std::chrono::steady_clock::time_point deadline() const noexcept {
    return std::chrono::steady_clock::time_point(
        std::chrono::duration_cast<std::chrono::steady_clock::duration>(std::chrono::nanoseconds(deadline_ns_)));
  }

  /// The action's settings, which the adapter read in its constructor.
  [[nodiscard]] const Settings& settings() const noexcept { return settings_; }

  /// What the run waits for; for the SDK itself.
  [[nodiscard]] detail::WaitingList& waiting() noexcept { return waiting_; }

 private:
  friend class HttpCall;
  friend class Sleep;
  template <typename Function>
  friend class Blocking;
  static fulfill_text lend(std::string_view text) noexcept { return {text.data(), text.size()}; }

  const fulfill_host_v1& host_;
  fulfill_caller* caller_;
  std::int64_t deadline_ns_;
  const Settings& settings_;
  detail::WaitingList waiting_;
};

/// What `Context::http` returns; await it at once, or hand it to `when_all`.
class [[nodiscard]] HttpCall final : private detail::Waiting {
 public:
  HttpCall(Context& context, Request request)
      : context_(context),
        request_(std::move(request)),
        any_status_(request_.takes_any_status()),
        unsafe_(request_.is_unsafe()) {}

  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> coroutine);
  Response await_resume();

 private:
  void done(const fulfill_answer_v1* answer) override;

  Context& context_;
  Request request_;  // emptied once the host has it: executions wait in great number
  bool any_status_;
  bool unsafe_;
  std::string code_;  // empty: it succeeded
  std::string message_;
  Response response_;
};

/// What `Context::sleep` returns; await it at once, or hand it to `when_all`.
class [[nodiscard]] Sleep final : private detail::Waiting {
 public:
  Sleep(Context& context, std::chrono::milliseconds duration) noexcept : context_(context), duration_(duration) {}

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> coroutine) {
    fulfill_failure failure{};
    const std::uint64_t operation = context_.host_.sleep(context_.caller_, duration_.count(), &failure);
    if (operation == 0) throw detail::failed(failure);
    context_.waiting_.add(*this, operation, coroutine);
  }
  void await_resume() const noexcept {}

 private:
  void done(const fulfill_answer_v1*) override {}

  Context& context_;
  std::chrono::milliseconds duration_;
};

inline HttpCall Context::http(Request request) { return HttpCall(*this, std::move(request)); }
inline Sleep Context::sleep(std::chrono::milliseconds duration) { return Sleep(*this, duration); }

inline bool HttpCall::await_suspend(std::coroutine_handle<> coroutine) {
  std::string absolute;
  std::string_view url = request_.url();
  if (url.starts_with('/')) {
    absolute = context_.settings_.url("base_url", "");
    if (absolute.ends_with('/')) absolute.pop_back();
    absolute += url;
    url = absolute;
  }
  std::vector<fulfill_field> fields;
  fields.reserve(request_.headers().size());
  for (const auto& [name, value] : request_.headers()) fields.push_back({Context::lend(name), Context::lend(value)});

  fulfill_request_v1 request{};
  request.size = sizeof request;
  request.method = Context::lend(request_.method());
  request.url = Context::lend(url);
  request.fields = fields.data();
  request.field_count = fields.size();
  request.body = Context::lend(request_.body());
  request.has_body = request_.has_body() ? 1 : 0;
  request.operation = static_cast<std::uint32_t>(request_.operation());
  request.timeout_ms = request_.timeout().count();

  fulfill_failure failure{};
  const std::uint64_t operation = context_.host_.http(context_.caller_, &request, &failure);
  if (operation != 0) {
    request_ = Request({}, {});
    context_.waiting_.add(*this, operation, coroutine);
    return true;
  }
  code_.assign(failure.code.data, failure.code.size);
  message_.assign(failure.message.data, failure.message.size);
  return false;
}

inline void HttpCall::done(const fulfill_answer_v1* answer) {
  response_ = Response(*answer);
  response_.of_unsafe_call_ = unsafe_;
  const bool taken = answer->failure.code.size == 0 || (answer->complete != 0 && any_status_);
  if (taken) return;
  code_.assign(answer->failure.code.data, answer->failure.code.size);
  message_.assign(answer->failure.message.data, answer->failure.message.size);
}

inline Response HttpCall::await_resume() {
  if (!code_.empty()) throw HttpError(std::move(code_), std::move(message_), std::move(response_));
  return std::move(response_);
}

}  // namespace fulfill
