// SPDX-License-Identifier: Apache-2.0
// What a bench remembers of an execution.
#pragma once

#include <fulfill/abi.h>
#include <chrono>
#include <cstddef>
#include <fulfill/context.hpp>
#include <fulfill/operation.hpp>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fulfill::testing {

namespace detail {
inline std::string_view view(fulfill_text text) noexcept {
  return text.size == 0 ? std::string_view() : std::string_view(text.data, text.size);
}
inline fulfill_text lend(std::string_view text) noexcept { return {text.data(), text.size()}; }
}  // namespace detail

/// A backend call, as the adapter asked for it. What the host adds (credential, Idempotency-Key) is not in it.
class RecordedCall {
 public:
  explicit RecordedCall(const fulfill_request_v1& request)
      : method_(detail::view(request.method)),
        url_(detail::view(request.url)),
        body_(detail::view(request.body)),
        has_body_(request.has_body != 0),
        operation_(static_cast<Operation>(request.operation)),
        timeout_(request.timeout_ms) {
    for (std::size_t i = 0; i < request.field_count; ++i)
      headers_.emplace_back(detail::view(request.fields[i].name), detail::view(request.fields[i].value));
  }

  [[nodiscard]] const std::string& method() const noexcept { return method_; }
  [[nodiscard]] const std::string& url() const noexcept { return url_; }
  /// The value of the first header field of that name, without regard to case; empty if there is none.
  [[nodiscard]] std::string header(std::string_view name) const {
    for (const auto& [its_name, value] : headers_)
      if (same(its_name, name)) return value;
    return {};
  }
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& headers() const noexcept { return headers_; }
  [[nodiscard]] bool has_body() const noexcept { return has_body_; }
  [[nodiscard]] const std::string& body() const noexcept { return body_; }
  /// As declared, or `by_method`.
  [[nodiscard]] Operation operation() const noexcept { return operation_; }
  /// True if the host would not repeat it once it may have been carried out.
  [[nodiscard]] bool is_unsafe() const noexcept {
    if (operation_ != Operation::by_method) return operation_ == Operation::unsafe;
    for (const char* repeatable : {"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
      if (method_ == repeatable) return false;
    return true;
  }
  /// The limit of an attempt that the adapter asked for; 0: that of the action.
  [[nodiscard]] std::chrono::milliseconds timeout() const noexcept { return timeout_; }

  /// For GoogleTest.
  friend void PrintTo(const RecordedCall& call, std::ostream* out) {
    *out << call.method_ << ' ' << call.url_;
    if (call.has_body_) *out << ' ' << call.body_;
  }

 private:
  static bool same(std::string_view a, std::string_view b) noexcept {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i)
      if (lower(a[i]) != lower(b[i])) return false;
    return true;
  }

  std::string method_;
  std::string url_;
  std::vector<std::pair<std::string, std::string>> headers_;
  std::string body_;
  bool has_body_;
  Operation operation_;
  std::chrono::milliseconds timeout_;
};

/// A line that the adapter wrote to the log.
class RecordedLine {
 public:
  RecordedLine(LogLevel level, std::string text) : level_(level), text_(std::move(text)) {}
  [[nodiscard]] LogLevel level() const noexcept { return level_; }
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

  /// For GoogleTest.
  friend void PrintTo(const RecordedLine& line, std::ostream* out) { *out << line.text_; }

 private:
  LogLevel level_;
  std::string text_;
};

}  // namespace fulfill::testing
