// SPDX-License-Identifier: Apache-2.0
#include "runtime/ingress/json_number.hpp"

#include <cstddef>
#include <fulfill/detail/json_number.hpp>

namespace fulfilld {
namespace {

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

std::string with_plain_numbers(std::string_view text) {
  std::string plain(text);
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '"') {
      i = end_of_string(text, i);
    } else if (fulfill::detail::is_digit(text[i]) || text[i] == '-') {
      const auto length = fulfill::detail::json_number_length(text.substr(i));
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
