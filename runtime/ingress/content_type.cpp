// SPDX-License-Identifier: Apache-2.0
#include "runtime/ingress/content_type.hpp"

#include <algorithm>

namespace fulfilld {
namespace {

std::string_view trim(std::string_view text) noexcept {
  constexpr std::string_view blank = " \t";
  const auto first = text.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blank) + 1 - first);
}

/// `lower` is in lower case.
bool equals(std::string_view text, std::string_view lower) noexcept {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + ('a' - 'A') : a) == b; });
}

}  // namespace

bool is_json_content_type(std::string_view value) noexcept {
  const auto semicolon = value.find(';');
  if (!equals(trim(value.substr(0, semicolon)), "application/json")) return false;
  if (semicolon == std::string_view::npos) return true;
  const auto parameter = trim(value.substr(semicolon + 1));
  return parameter.empty() || equals(parameter, "charset=utf-8") || equals(parameter, "charset=\"utf-8\"");
}

}  // namespace fulfilld
