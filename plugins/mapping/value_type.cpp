// SPDX-License-Identifier: Apache-2.0
#include "value_type.hpp"

#include <utility>

namespace mapping {
namespace {

using fulfill::Document;
using fulfill::detail::is_digit;

/// The JSON number that a text says: `59.80`; `007` and `.5`, which JSON would not take, are 7 and 0.5.
std::optional<Document> number_in(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const bool begins_with_dot = text.starts_with('.');
  if (begins_with_dot && (text.size() == 1 || !is_digit(text[1]))) return std::nullopt;
  while (text.size() > 1 && text[0] == '0' && is_digit(text[1])) text.remove_prefix(1);
  std::string number = std::string(negative ? "-" : "") + (begins_with_dot ? "0" : "");
  const auto dot = text.find('.');
  const bool bare_dot = dot != std::string_view::npos && (dot + 1 == text.size() || !is_digit(text[dot + 1]));
  if (bare_dot) {  // `5.` and `5.e3`
    number.append(text.substr(0, dot)).append(text.substr(dot + 1));
  } else {
    number += text;
  }
  if (!fulfill::detail::is_json_number(number)) return std::nullopt;
  return Document::number(number);
}

std::optional<Document> number(const Document& value) {
  if (value.is_number()) return value;
  return value.is_text() ? number_in(value.text()) : std::nullopt;
}

std::optional<Document> integer(const Document& value) {
  const auto found = number(value);
  const std::string whole = found ? fulfill::detail::whole_number(found->digits()) : std::string();
  return whole.empty() ? std::nullopt : std::optional(Document::number(whole));
}

std::optional<Document> boolean(const Document& value) {
  if (value.is_boolean()) return value;
  const std::string word = value.is_number() ? fulfill::detail::whole_number(value.digits())
                           : value.is_text() ? value.text()
                                             : std::string();
  if (word == "true" || word == "1") return Document(true);
  if (word == "false" || word == "0") return Document(false);
  return std::nullopt;
}

}  // namespace

std::optional<std::string> text_of(const Document& value) {
  if (value.is_text()) return value.text();
  if (value.is_number()) return value.digits();
  if (value.is_boolean()) return value.boolean() ? "true" : "false";
  return std::nullopt;
}

std::optional<Document> converted(const Document& value, ValueType type) {
  switch (type) {
    case ValueType::any:
      return value;
    case ValueType::string:
      if (auto text = text_of(value)) return Document(std::move(*text));
      return std::nullopt;
    case ValueType::number:
      return number(value);
    case ValueType::integer:
      return integer(value);
    case ValueType::boolean:
      return boolean(value);
    case ValueType::list:
      return value.is_array() ? std::optional(value) : std::nullopt;
  }
  return std::nullopt;
}

Document literal(std::string_view text) {
  auto value = Document::parse(text);
  return value ? std::move(*value) : Document(text);
}

}  // namespace mapping
