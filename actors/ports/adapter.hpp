// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "actors/execution.hpp"
#include "actors/ports/blocking_threads.hpp"
#include "actors/ports/clock.hpp"
#include "actors/ports/http_engine.hpp"

namespace fulfilld {

/// Number of an operation that a running adapter waits for; chosen by the host, unique in its run, never 0.
using OperationId = std::uint64_t;

/// What an adapter says of a call, or of blocking work; decides whether it may be made twice.
enum class OperationClass : std::uint8_t {
  safe,        ///< changes nothing
  idempotent,  ///< may be repeated under the same Idempotency-Key
  unsafe,      ///< must not be repeated once it may have been carried out
};

enum class LogLevel : std::uint8_t { debug, info, warning, error };

/// A backend call that an adapter asks for.
struct AdapterCall {
  HttpRequest request;  ///< the host adds authorization where the action has a credential
  OperationClass operation = OperationClass::idempotent;
  std::chrono::milliseconds time_limit{0};  ///< 0: the action's attempt timeout; more than that is cut to it
};

/// What a running adapter may ask of its host. Called only from inside `AdapterRun`'s functions, that is on the
/// thread of the fulfillment actor that runs it.
class AdapterHost {
 public:
  virtual ~AdapterHost() = default;
  virtual OperationId http(AdapterCall call) = 0;
  virtual OperationId sleep(std::chrono::milliseconds duration) = 0;
  /// Has the work run where it may block. 0: too much waits already, and the work is gone.
  virtual OperationId blocking(std::unique_ptr<BlockingWork> work, OperationClass operation) = 0;
  virtual void progress(std::string_view json) = 0;
  virtual void log(LogLevel level, std::string_view text) = 0;
  /// The run is over, with a JSON value (checked by the caller to be valid JSON). Later calls are ignored.
  virtual void complete(std::string json) = 0;
  /// The run is over. `code` is a reason's wire name, or the adapter's own word with `Reason::adapter_failed`.
  virtual void fail(Reason reason, std::string code, std::string message) = 0;
};

/// One execution inside an adapter. Its destructor cancels it: the coroutine's frame is destroyed, wherever it is.
/// No function throws: what goes wrong in an adapter becomes `AdapterHost::fail(adapter_fault, ...)`.
class AdapterRun {
 public:
  virtual ~AdapterRun() = default;
  virtual void start() = 0;
  /// The answer to `http`: final, after all retries.
  virtual void http_done(OperationId operation, const HttpAnswer& answer) = 0;
  /// The end of a `sleep`, or of `blocking` work.
  virtual void done(OperationId operation) = 0;
};

/// An adapter, loaded and configured for one action.
class Adapter {
 public:
  virtual ~Adapter() = default;
  /// Makes a run; it does nothing before `start`. `host` outlives the run. Any thread.
  virtual std::unique_ptr<AdapterRun> make_run(AdapterHost& host, ExecutionPtr execution, MonotonicTime deadline) = 0;
};
using AdapterPtr = std::shared_ptr<Adapter>;

}  // namespace fulfilld
