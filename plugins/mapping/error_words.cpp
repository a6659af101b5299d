// SPDX-License-Identifier: Apache-2.0
#include "error_words.hpp"

#include <algorithm>
#include <cstddef>

namespace mapping {
namespace {

constexpr std::size_t kLongestWord = 64;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_word(std::string_view word) {
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '_' || c == '.' || c == '-'; };
  return !word.empty() && word.size() <= kLongestWord && std::all_of(word.begin(), word.end(), allowed);
}

}  // namespace

bool is_status_pattern(std::string_view text) noexcept {
  if (text.size() != 3 || text[0] < '1' || text[0] > '9') return false;
  return text.substr(1) == "xx" || (is_digit(text[1]) && is_digit(text[2]));
}

bool matches(std::string_view pattern, int status) noexcept {
  const std::string digits = std::to_string(status);
  return pattern == digits || (pattern.substr(1) == "xx" && pattern[0] == digits[0] && digits.size() == 3);
}

bool has_final_status(const fulfill::HttpError& error) noexcept {
  return error.code() == "backend_status" || error.code() == "backend_redirect";
}

ErrorWords::ErrorWords(const Section& section, bool statuses_only) {
  for (const auto& entry : section.entries("errors")) {
    if (statuses_only && !is_status_pattern(entry.name()))
      throw wrong_setting(entry.setting(),
                          "must name a status such as errors.404, or a class of them such as errors.4xx");
    if (!is_word(entry.text()))
      throw wrong_setting(entry.setting(), "must be a word of at most 64 of a-z, 0-9, _, . and -");
    words_.emplace(entry.name(), entry.text());
  }
}

std::optional<std::string> ErrorWords::for_status(int status) const {
  const std::string digits = std::to_string(status);
  if (auto word = for_code(digits)) return word;
  return for_code(digits.substr(0, 1) + "xx");
}

std::optional<std::string> ErrorWords::for_code(std::string_view code) const {
  const auto found = words_.find(code);
  return found == words_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace mapping
