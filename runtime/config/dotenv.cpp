// SPDX-License-Identifier: Apache-2.0
#include "runtime/config/dotenv.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace fulfilld {
namespace {

constexpr std::string_view blanks = " \t\r";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool is_variable_name(std::string_view name) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && !(name[0] >= '0' && name[0] <= '9') && std::all_of(name.begin(), name.end(), fits);
}

std::string expanded(std::string_view quoted) {
  std::string text;
  for (std::size_t i = 0; i < quoted.size(); ++i) {
    const char next = quoted[i] == '\\' && i + 1 < quoted.size() ? quoted[i + 1] : '\0';
    const char plain = next == 'n' ? '\n' : next == 'r' ? '\r' : next == '"' || next == '\\' ? next : '\0';
    text += plain == '\0' ? quoted[i] : plain;
    if (plain != '\0') ++i;
  }
  return text;
}

class Parser {
 public:
  Parser(std::string_view text, const std::string& name) : text_(text), name_(name) {
    if (text_.starts_with("\xef\xbb\xbf")) text_.remove_prefix(3);
  }

  Dotenv parse() && {
    while (at_ < text_.size()) assignment();
    return std::move(result_);
  }

 private:
  std::string_view line_end() {
    const auto end = std::min(text_.find('\n', at_), text_.size());
    const auto rest = text_.substr(at_, end - at_);
    at_ = std::min(end + 1, text_.size());
    ++line_;
    return rest;
  }

  void assignment() {
    const std::uint32_t line = line_ + 1;
    const std::size_t start = at_;
    std::string_view content = trimmed(line_end());
    if (content.empty() || content[0] == '#') return;
    if (content.starts_with("export ") || content.starts_with("export\t")) content = trimmed(content.substr(7));
    const auto equals = content.find('=');
    const std::string_view variable = trimmed(content.substr(0, equals));
    if (equals == std::string_view::npos || !is_variable_name(variable)) {
      report(line, "is not NAME=value, a comment or an empty line");
      return;
    }
    // Back to the value: in quotes it may go on behind the end of the line.
    at_ = text_.find('=', start) + 1;
    --line_;
    at_ = std::min(text_.find_first_not_of(blanks, at_), text_.size());
    if (const auto text = value(line)) result_.variables[std::string(variable)] = {*text, line};
  }

  std::optional<std::string> value(std::uint32_t line) {
    const char quote = at_ < text_.size() ? text_[at_] : '\n';
    if (quote != '"' && quote != '\'' && quote != '`') return unquoted();
    std::size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != quote) end += quote == '"' && text_[end] == '\\' ? 2 : 1;
    if (end >= text_.size()) {
      report(line, "has a quote that is never closed");
      line_end();
      return std::nullopt;
    }
    const std::string_view inside = text_.substr(at_ + 1, end - at_ - 1);
    line_ += static_cast<std::uint32_t>(std::count(inside.begin(), inside.end(), '\n'));
    at_ = end + 1;
    const std::string_view rest = trimmed(line_end());
    if (!rest.empty() && rest[0] != '#') {
      report(line, "has something behind the closing quote");
      return std::nullopt;
    }
    return quote == '"' ? expanded(inside) : std::string(inside);
  }

  std::string unquoted() {
    const std::string_view rest = line_end();
    if (rest.starts_with('#')) return {};
    return std::string(trimmed(rest.substr(0, std::min(rest.find(" #"), rest.find("\t#")))));
  }

  void report(std::uint32_t line, std::string sentence) {
    result_.problems.push_back({{name_, line}, "", std::move(sentence)});
  }

  std::string_view text_;
  const std::string& name_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 0;  ///< lines behind `at_`
  Dotenv result_;
};

}  // namespace

Dotenv parse_dotenv(std::string_view text, const std::string& name) { return Parser(text, name).parse(); }

}  // namespace fulfilld
