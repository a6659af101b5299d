// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <fulfill/response.hpp>

namespace fulfill {

/// What an execution succeeds with: one JSON value. `co_return` a `fulfill::Json` (with <fulfill/json.hpp>), or
/// build it from text. The host checks that it is JSON.
class Result {
 public:
  /// From a JSON library's value: anything whose `dump()` returns its text.
  template <typename Value>
  requires requires(const Value& value) { std::string(value.dump()); }
  Result(const Value& value) : text_(value.dump()) {}  // NOLINT(google-explicit-constructor): for co_return

  /// From JSON text that the adapter wrote. If it is not JSON, the execution ends as `adapter_fault`.
  [[nodiscard]] static Result raw(std::string json) { return Result(std::move(json), false); }

  /// A backend's answer, byte for byte, but decoded from the charset that it names, and without a byte order mark; an
  /// empty or blank body is `null`. If it is not JSON, or in no known charset, it throws `Response::unreadable`.
  [[nodiscard]] static Result pass_on(const Response& answer) { return Result(answer.json_text(), true); }

  /// The JSON text.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  /// True for `pass_on`.
  [[nodiscard]] bool from_backend() const noexcept { return from_backend_; }

 private:
  Result(std::string text, bool from_backend) : text_(std::move(text)), from_backend_(from_backend) {}

  std::string text_;
  bool from_backend_ = false;
};

}  // namespace fulfill
