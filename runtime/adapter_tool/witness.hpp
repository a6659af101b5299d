// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "actors/ports/adapter.hpp"
#include "actors/ports/http_engine.hpp"

namespace fulfilld {

/// One attempt at a call, as it goes out and comes back.
struct Attempt {
  std::size_t call = 0;      ///< the adapter's calls are counted from 1; 0: the host's own, for a token
  std::uint32_t number = 1;  ///< of the call's attempts
  std::string method;
  std::string url;  ///< where the adapter sent it, even if it went elsewhere
  std::shared_ptr<const std::string> body;
  HttpFailure failure = HttpFailure::none;
  bool sent = false;  ///< a byte of it may have arrived
  int status = 0;
  std::string detail;
  std::chrono::milliseconds elapsed{0};
};

/// Something that an execution waits for.
struct Suspension {
  enum class Kind { call, sleep, blocking };
  Kind kind = Kind::call;
  std::size_t call = 0;  ///< its number, of a call
  OperationClass operation = OperationClass::safe;
  std::string what;  ///< for a person: "GET https://...", "a sleep of 200 ms", "blocking work"
};

/// Sees all that one execution does. Each function is called from whatever thread it happens on.
class Witness {
 public:
  virtual ~Witness() = default;
  virtual void suspended(const Suspension& suspension) = 0;
  virtual void attempt_ended(const Attempt& attempt) = 0;
  virtual void retry_planned(std::chrono::milliseconds delay) = 0;
  virtual void progressed(std::string_view json) = 0;
  /// The result, byte for byte.
  virtual void completed(std::string_view json) = 0;
  /// A failure as the adapter tells it: what the host makes of it, and hides in it, shows here.
  virtual void failed(Reason reason, std::string_view message) = 0;
  virtual void said(LogLevel level, std::string_view text) = 0;
  /// The host itself, e.g. of a token that it fetches.
  virtual void noted(LogLevel level, std::string_view text) = 0;
  /// The adapter's code has had the thread for so long, at that point.
  virtual void stayed(std::string_view where, std::chrono::microseconds duration) = 0;
};

/// Shared: an attempt may come back when its execution is long over.
using WitnessPtr = std::shared_ptr<Witness>;

}  // namespace fulfilld
