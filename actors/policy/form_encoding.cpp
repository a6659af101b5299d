// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/form_encoding.hpp"

namespace fulfilld {

std::string form_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '.' || c == '_' || c == '~' || c == '*';
    const auto byte = static_cast<unsigned char>(c);
    if (plain)
      encoded += c;
    else
      ((encoded += '%') += digits[byte >> 4]) += digits[byte & 15];
  }
  return encoded;
}

}  // namespace fulfilld
