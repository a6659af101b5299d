// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <fulfill/detail/json_number.hpp>
#include <fulfill/detail/json_string.hpp>

namespace fulfill::detail {

/// What keeps a text from being taken as JSON.
enum class JsonProblem { none, not_json, not_utf8, too_deep };

/// To walk, copy or print a value takes stack for each level: whoever sent it must not decide how much.
inline constexpr std::size_t kDeepestJson = 256;

/// Reads JSON (RFC 8259) from end to end, and tells `Sink` what it finds: `null()`, `boolean(value)`, `number(text)`,
/// `text(inside, escaped)` and `key(inside, escaped)` (what stands between the quotes; `unescaped` makes the text of
/// it), `begin_array()`, `end_array()`, `begin_object()`, `end_object()`. Numbers are handed on as they are written, of
/// whatever size; a lone surrogate is no mistake; a byte order mark before it all is passed over (RFC 8259, 8.1).
template <typename Sink>
class JsonScanner {
 public:
  JsonScanner(std::string_view text, Sink& sink, std::size_t deepest = kDeepestJson)
      : text_(text), sink_(sink), deepest_(deepest) {}

  [[nodiscard]] JsonProblem scan() {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (text_.starts_with(kByteOrderMark)) at_ = kByteOrderMark.size();
    skip_blank();
    while (true) {
      if (!value()) return why();
      // Behind a value: the ends of what it is in, then a comma, or nothing.
      while (true) {
        skip_blank();
        if (open_.empty()) return at_ == text_.size() ? JsonProblem::none : why();
        if (!take(open_.back() == '[' ? ']' : '}')) break;
        close();
      }
      if (!take(',')) return why();
      skip_blank();
      if (open_.back() == '{' && !key()) return why();
    }
  }

 private:
  /// A scalar, an empty array or object, or the beginning of one, up to its first value.
  bool value() {
    while (true) {
      if (at_ == text_.size()) return false;
      const char c = text_[at_];
      if (c != '[' && c != '{') return scalar(c);
      if (open_.size() == deepest_) {
        problem_ = JsonProblem::too_deep;
        return false;
      }
      ++at_;
      open_ += c;
      c == '[' ? sink_.begin_array() : sink_.begin_object();
      skip_blank();
      if (take(c == '[' ? ']' : '}')) {
        close();
        return true;
      }
      if (c == '{' && !key()) return false;
    }
  }

  bool scalar(char c) {
    if (c == '"') {
      bool escaped = false;
      std::string_view inside;
      if (!quoted(inside, escaped)) return false;
      sink_.text(inside, escaped);
      return true;
    }
    if (word("null")) {
      sink_.null();
      return true;
    }
    if (word("true")) {
      sink_.boolean(true);
      return true;
    }
    if (word("false")) {
      sink_.boolean(false);
      return true;
    }
    const std::size_t length = json_number_length(text_.substr(at_));
    if (length == 0) return false;
    sink_.number(text_.substr(at_, length));
    at_ += length;
    return true;
  }

  bool key() {
    bool escaped = false;
    std::string_view inside;
    if (at_ == text_.size() || text_[at_] != '"' || !quoted(inside, escaped)) return false;
    sink_.key(inside, escaped);
    skip_blank();
    if (!take(':')) return false;
    skip_blank();
    return true;
  }

  bool quoted(std::string_view& inside, bool& escaped) {
    const std::string_view rest = text_.substr(at_ + 1);
    const std::size_t length = json_string_length(rest, escaped);
    if (length == std::string_view::npos) return false;
    inside = rest.substr(0, length);
    at_ += length + 2;
    return true;
  }

  void close() {
    open_.back() == '[' ? sink_.end_array() : sink_.end_object();
    open_.pop_back();
  }

  bool take(char c) {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool word(std::string_view wanted) {
    if (text_.compare(at_, wanted.size(), wanted) != 0) return false;
    at_ += wanted.size();
    return true;
  }
  void skip_blank() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t'))
      ++at_;
  }
  [[nodiscard]] JsonProblem why() const {
    if (problem_ != JsonProblem::none) return problem_;
    return is_utf8(text_) ? JsonProblem::not_json : JsonProblem::not_utf8;
  }

  std::string_view text_;
  Sink& sink_;
  std::size_t deepest_;
  std::size_t at_ = 0;
  std::string open_;  // the brackets that stand open
  JsonProblem problem_ = JsonProblem::none;
};

/// Takes what a scanner finds, and forgets it.
class NoSink {
 public:
  void null() const noexcept {}
  void boolean(bool) const noexcept {}
  void number(std::string_view) const noexcept {}
  void text(std::string_view, bool) const noexcept {}
  void key(std::string_view, bool) const noexcept {}
  void begin_array() const noexcept {}
  void end_array() const noexcept {}
  void begin_object() const noexcept {}
  void end_object() const noexcept {}
};

[[nodiscard]] inline JsonProblem json_problem(std::string_view text, std::size_t deepest = kDeepestJson) {
  NoSink sink;
  return JsonScanner<NoSink>(text, sink, deepest).scan();
}

/// The predicate of a sentence about it: `is not JSON`.
[[nodiscard]] inline std::string predicate(JsonProblem problem) {
  switch (problem) {
    case JsonProblem::too_deep:
      return "is nested deeper than 256 levels";
    case JsonProblem::not_utf8:
      return "is not JSON: it is not UTF-8, and no other charset is named";
    case JsonProblem::not_json:
    case JsonProblem::none:
      break;
  }
  return "is not JSON";
}

}  // namespace fulfill::detail
