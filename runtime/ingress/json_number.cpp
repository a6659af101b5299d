// SPDX-License-Identifier: Apache-2.0
#include "runtime/ingress/json_number.hpp"

namespace fulfilld {
namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// Takes a number apart from left to right.
class NumberReader {
 public:
  explicit NumberReader(std::string_view text) noexcept : text_(text) {}

  std::size_t length() noexcept {
    take('-');
    if (!take('0') && !digits()) return 0;
    if (take('.') && !digits()) return 0;
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      if (!digits()) return 0;
    }
    return at_;
  }

 private:
  bool take(char c) noexcept {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  bool digits() noexcept {
    const auto from = at_;
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    return at_ > from;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

std::size_t end_of_string(std::string_view text, std::size_t opening_quote) noexcept {
  for (auto i = opening_quote + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      return i + 1;
    }
  }
  return text.size();
}

}  // namespace

std::size_t json_number_length(std::string_view text) noexcept { return NumberReader(text).length(); }

std::string with_plain_numbers(std::string_view text) {
  std::string plain(text);
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '"') {
      i = end_of_string(text, i);
    } else if (is_digit(text[i]) || text[i] == '-') {
      const auto length = json_number_length(text.substr(i));
      if (length == 0) return plain;
      plain.replace(i, length, length, ' ');
      plain[i] = '0';
      i += length;
    } else {
      ++i;
    }
  }
  return plain;
}

}  // namespace fulfilld
