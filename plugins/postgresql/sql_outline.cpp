// SPDX-License-Identifier: Apache-2.0
#include "sql_outline.hpp"

#include <charconv>

namespace postgresql {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool starts_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

}  // namespace

SqlOutline::SqlOutline(std::string_view sql) {
  while (at_ < sql.size()) {
    const std::string_view rest = sql.substr(at_);
    if (rest.starts_with("--")) {
      const auto end = sql.find('\n', at_);
      at_ = end == std::string_view::npos ? sql.size() : end;
    } else if (rest.starts_with("/*")) {
      skip_block_comment(sql);
    } else if (rest.front() == ';') {
      in_statement_ = false;
      ++at_;
    } else if (is_space(rest.front())) {
      ++at_;
    } else {
      note_token();
      if (rest.front() == '\'' || rest.front() == '"')
        skip_quoted(sql, /*backslash_escapes=*/false);
      else if (rest.front() == '$')
        read_dollar(sql);
      else if (starts_word(rest.front()))
        read_word(sql);
      else
        ++at_;
    }
  }
}

void SqlOutline::note_token() noexcept {
  if (!in_statement_) ++statements_;
  in_statement_ = true;
}

void SqlOutline::skip_past(std::string_view sql, std::string_view end) {
  const auto found = sql.find(end, at_);
  complete_ = complete_ && found != std::string_view::npos;
  at_ = found == std::string_view::npos ? sql.size() : found + end.size();
}

/// A doubled quote reads as the end of one text and the beginning of the next, which comes to the same.
void SqlOutline::skip_quoted(std::string_view sql, bool backslash_escapes) {
  const char quote = sql[at_++];
  while (at_ < sql.size() && sql[at_] != quote) at_ += backslash_escapes && sql[at_] == '\\' ? 2 : 1;
  complete_ = complete_ && at_ < sql.size();
  at_ = at_ < sql.size() ? at_ + 1 : sql.size();
}

void SqlOutline::skip_block_comment(std::string_view sql) {
  std::size_t depth = 0;  // they nest
  do {
    if (at_ >= sql.size()) {
      complete_ = false;
      return;
    }
    const std::string_view rest = sql.substr(at_);
    const bool opens = rest.starts_with("/*");
    const bool closes = rest.starts_with("*/");
    if (opens) ++depth;
    if (closes) --depth;
    at_ += opens || closes ? 2 : 1;
  } while (depth > 0);
}

/// `$1`, or a text in `$tag$`.
void SqlOutline::read_dollar(std::string_view sql) {
  const std::size_t begin = at_++;
  if (at_ < sql.size() && is_digit(sql[at_])) {
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(sql.data() + at_, sql.data() + sql.size(), number);
    if (error == std::errc()) placeholders_.insert(number);
    at_ = static_cast<std::size_t>(end - sql.data());
    return;
  }
  while (at_ < sql.size() && (starts_word(sql[at_]) || is_digit(sql[at_]))) ++at_;
  if (at_ >= sql.size() || sql[at_] != '$') return;
  ++at_;
  skip_past(sql, sql.substr(begin, at_ - begin));
}

/// A word may hold dollars: in `price$1` is no placeholder. `E'...'` is a text with backslashes.
void SqlOutline::read_word(std::string_view sql) {
  const std::size_t begin = at_;
  while (at_ < sql.size() && (starts_word(sql[at_]) || is_digit(sql[at_]) || sql[at_] == '$')) ++at_;
  const std::string_view word = sql.substr(begin, at_ - begin);
  if ((word == "E" || word == "e") && at_ < sql.size() && sql[at_] == '\'')
    skip_quoted(sql, /*backslash_escapes=*/true);
}

}  // namespace postgresql
