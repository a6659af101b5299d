// SPDX-License-Identifier: Apache-2.0
// The one header that an adapter needs (and <fulfill/json.hpp> for JSON by nlohmann).
#pragma once

#include <fulfill/abi.h>
#include <fulfill/blocking.hpp>
#include <fulfill/context.hpp>
#include <fulfill/detail/run.hpp>
#include <fulfill/error.hpp>
#include <fulfill/http.hpp>
#include <fulfill/input.hpp>
#include <fulfill/result.hpp>
#include <fulfill/settings.hpp>
#include <fulfill/task.hpp>
#include <fulfill/when_all.hpp>

namespace fulfill {

/// Base of every adapter. One object serves all executions of one action, many at a time and on several threads:
/// that is why `fulfil` is const. What belongs to one execution lives in its coroutine, which needs no lock.
///
/// Constructed with `const Settings&` (or without arguments) when the action is loaded; whatever the constructor
/// throws refuses the action.
class Adapter {
 public:
  Adapter() = default;
  Adapter(const Adapter&) = delete;
  Adapter& operator=(const Adapter&) = delete;
  virtual ~Adapter() = default;

  /// Carries out one execution: a coroutine that ends by `co_return` of a Result, or by an exception. Never block in
  /// it. It may be destroyed at any `co_await` (deadline, shutdown): clean up in destructors.
  virtual Task<Result> fulfil(Input input, Context& context) const = 0;
};

namespace detail {

inline void Run::start() noexcept {
  guarded([this] {
    task_.emplace(instance_.adapter().fulfil(input_, context_));
    task_->start();
  });
}

}  // namespace detail
}  // namespace fulfill

#include <fulfill/detail/exports.hpp>
