// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fulfill/abi.h>
#include <fulfill/error.hpp>
#include <fulfill/json_reader.hpp>

namespace fulfill {

/// A header field of an answer. Views into the Response that it came from.
class Header {
 public:
  Header(std::string_view name, std::string_view value) noexcept : name_(name), value_(value) {}
  [[nodiscard]] std::string_view name() const noexcept { return name_; }
  [[nodiscard]] std::string_view value() const noexcept { return value_; }

 private:
  std::string_view name_;
  std::string_view value_;
};

/// A backend's answer. Owns its bytes; movable and copyable; any thread, one at a time.
class Response {
 public:
  Response() = default;

  /// Copies what the host lends.
  explicit Response(const fulfill_answer_v1& answer) : status_(answer.status) {
    std::size_t total = answer.body.size;
    for (std::size_t i = 0; i < answer.field_count; ++i)
      total += answer.fields[i].name.size + answer.fields[i].value.size;
    bytes_.reserve(total);
    ends_.reserve(2 * answer.field_count);
    for (std::size_t i = 0; i < answer.field_count; ++i) {
      append(answer.fields[i].name);
      ends_.push_back(bytes_.size());
      append(answer.fields[i].value);
      ends_.push_back(bytes_.size());
    }
    append(answer.body);
  }

  /// The HTTP status; 0 if the exchange broke before there was one.
  [[nodiscard]] int status() const noexcept { return status_; }
  /// True for 2xx.
  [[nodiscard]] bool ok() const noexcept { return status_ >= 200 && status_ < 300; }
  /// The bytes of the body, as long as this Response is neither moved nor destroyed.
  [[nodiscard]] std::string_view body() const noexcept {
    return std::string_view(bytes_).substr(ends_.empty() ? 0 : ends_.back());
  }

  [[nodiscard]] std::size_t header_count() const noexcept { return ends_.size() / 2; }
  /// The header field at that place, in the order of arrival; `index` < `header_count()`.
  [[nodiscard]] Header header(std::size_t index) const noexcept {
    const std::size_t begin = index == 0 ? 0 : ends_[2 * index - 1];
    const std::string_view bytes(bytes_);
    return Header(bytes.substr(begin, ends_[2 * index] - begin),
                  bytes.substr(ends_[2 * index], ends_[2 * index + 1] - ends_[2 * index]));
  }
  /// The value of the first header field of that name, without regard to case; empty if there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const noexcept {
    for (std::size_t i = 0; i < header_count(); ++i)
      if (const Header field = header(i); same(field.name(), name)) return field.value();
    return {};
  }

  /// The body as `fulfill::Json`; if it is not JSON, or nested deeper than 256 levels, `Failed("backend_bad_answer",
  /// ...)`.
  template <typename Library = void>
  [[nodiscard]] auto json() const {
    return JsonReader<Library>::answer(body());
  }

 private:
  void append(fulfill_text text) {
    if (text.size != 0) bytes_.append(text.data, text.size);
  }
  static bool same(std::string_view a, std::string_view b) noexcept {
    if (a.size() != b.size()) return false;
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
    for (std::size_t i = 0; i < a.size(); ++i)
      if (lower(a[i]) != lower(b[i])) return false;
    return true;
  }

  int status_ = 0;
  std::string bytes_;              // name, value, name, value, ..., body: one block of memory
  std::vector<std::size_t> ends_;  // end of each name and value in it
};

/// A backend call did not succeed, after all retries. Left alone, it ends the execution with the same reason.
class HttpError : public Failed {
 public:
  HttpError(std::string code, std::string message, Response response)
      : Failed(std::move(code), std::move(message)), response_(std::move(response)) {}

  /// The answer's status; 0 if there was none (`code()` tells: backend_timeout, backend_unreachable, ...).
  [[nodiscard]] int status() const noexcept { return response_.status(); }
  /// What was read of the answer.
  [[nodiscard]] const Response& response() const noexcept { return response_; }

 private:
  Response response_;
};

}  // namespace fulfill
