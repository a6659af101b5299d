// SPDX-License-Identifier: Apache-2.0
#include "runtime/ingress/content_type.hpp"

#include <algorithm>

#include "runtime/ingress/header_text.hpp"

namespace fulfilld {
namespace {

/// Up to the semicolon that ends a parameter: one inside of quotes does not.
std::size_t end_of_parameter(std::string_view text) noexcept {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quoted && text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      quoted = !quoted;
    } else if (text[i] == ';' && !quoted) {
      return i;
    }
  }
  return text.size();
}

std::string_view unquoted(std::string_view text) noexcept {
  const bool quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
  return quoted ? text.substr(1, text.size() - 2) : text;
}

/// Of one `name=value`: a charset that JSON cannot have.
bool names_another_charset(std::string_view parameter) noexcept {
  const auto equals = std::min(parameter.find('='), parameter.size());
  if (!equals_ignoring_case(trimmed(parameter.substr(0, equals)), "charset")) return false;
  const auto charset = unquoted(trimmed(parameter.substr(std::min(equals + 1, parameter.size()))));
  return !equals_ignoring_case(charset, "utf-8") && !equals_ignoring_case(charset, "utf8") &&
         !equals_ignoring_case(charset, "us-ascii");
}

}  // namespace

bool is_json_content_type(std::string_view value) noexcept {
  auto end = end_of_parameter(value);
  if (!equals_ignoring_case(trimmed(value.substr(0, end)), "application/json")) return false;
  while (end < value.size()) {
    value.remove_prefix(end + 1);
    end = end_of_parameter(value);
    if (names_another_charset(value.substr(0, end))) return false;
  }
  return true;
}

}  // namespace fulfilld
