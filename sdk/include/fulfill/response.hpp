// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fulfill/abi.h>
#include <fulfill/charset.hpp>
#include <fulfill/document.hpp>
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

  /// The body in UTF-8, decoded from the charset that Content-Type names, without a byte order mark. `unreadable` if
  /// that charset cannot be decoded. Without one it is taken as it is, and may be no UTF-8.
  [[nodiscard]] std::string text() const { return decoded().take(); }

  /// The body, decoded, as `fulfill::Json`, whose numbers are 64-bit integers and doubles; `unreadable` if it is not
  /// JSON, is nested deeper than 256 levels, or has a number beyond the largest double.
  template <typename Library = void>
  [[nodiscard]] auto json() const {
    const DecodedText text = decoded();
    try {
      return JsonReader<Library>::answer(text.view());
    } catch (const Failed& failed) {
      throw unreadable(failed.message());
    }
  }

  /// The body, decoded, as a Document, whose numbers are what was sent; `unreadable` if it is not JSON, or nested
  /// deeper than 256 levels.
  [[nodiscard]] Document document() const {
    const DecodedText text = decoded();
    if (auto document = Document::parse(text.view())) return std::move(*document);
    throw not_json(detail::json_problem(text.view()));
  }

  /// The body, decoded, if it is JSON, byte for byte; `unreadable` if it is none, or nested deeper than 256 levels.
  /// `null` if it is empty or blank.
  [[nodiscard]] std::string json_text() const {
    DecodedText text = decoded();
    if (is_blank(text.view())) return "null";
    const auto problem = detail::json_problem(text.view());
    if (problem != detail::JsonProblem::none) throw not_json(problem);
    return std::move(text).take();
  }

  /// True if this is the answer to an unsafe call, with a 2xx: it has been carried out, whatever the rest of it says.
  [[nodiscard]] bool is_done_unsafe() const noexcept { return ok() && of_unsafe_call_; }

  /// What to throw if the answer cannot be read: `outcome_unknown` if `is_done_unsafe()`, as "failed" would be taken
  /// for "nothing was done"; else `backend_bad_answer`. `problem`: a sentence.
  [[nodiscard]] Failed unreadable(const std::string& problem) const {
    if (!is_done_unsafe()) return Failed("backend_bad_answer", problem);
    return Failed("outcome_unknown", "the backend answered " + std::to_string(status_) +
                                         ", so it may have been carried out, but " + problem);
  }

 private:
  friend class HttpCall;

  /// With the media type of what came in its place (a login page, say), unless that says JSON or nothing.
  [[nodiscard]] Failed not_json(detail::JsonProblem problem) const {
    constexpr std::size_t longest = 100;
    std::string_view type = header("Content-Type");
    type = type.substr(0, std::min(type.find_first_of(";, \t"), longest));
    std::string sentence = "the backend's answer " + detail::predicate(problem);
    const bool says_json = type.size() >= 4 && same(type.substr(type.size() - 4), "json");
    if (problem == detail::JsonProblem::not_json && !type.empty() && !says_json)
      sentence.append(" but ").append(type).append(", status ").append(std::to_string(status_));
    return unreadable(sentence);
  }
  [[nodiscard]] DecodedText decoded() const {
    try {
      return DecodedText(body(), charset_of(header("Content-Type")));
    } catch (const CharsetError& error) {
      throw unreadable(std::string("the backend's answer ") + error.what());
    }
  }
  static bool is_blank(std::string_view text) noexcept {
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
  }
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
  bool of_unsafe_call_ = false;
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
