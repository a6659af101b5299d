// SPDX-License-Identifier: Apache-2.0
#include "content_type.hpp"

#include <algorithm>
#include <cstddef>

#include "xml_text.hpp"

namespace soap {
namespace {

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  return lower;
}

/// Up to the next semicolon outside of quotes.
std::string_view take_parameter(std::string_view& rest) {
  bool quoted = false;
  std::size_t at = 0;
  for (; at < rest.size() && (quoted || rest[at] != ';'); ++at) {
    if (rest[at] == '"') quoted = !quoted;
    if (rest[at] == '\\' && quoted) ++at;
  }
  const std::string_view part = rest.substr(0, at);
  rest.remove_prefix(std::min(at + 1, rest.size()));
  return trimmed(part);
}

std::string without_quotes(std::string_view value) {
  if (value.size() < 2 || !value.starts_with('"') || !value.ends_with('"')) return std::string(value);
  std::string text;
  value = value.substr(1, value.size() - 2);
  for (std::size_t at = 0; at < value.size(); ++at) {
    if (value[at] == '\\' && at + 1 < value.size()) ++at;
    text += value[at];
  }
  return text;
}

}  // namespace

ContentType::ContentType(std::string_view value) : media_type_(lower_case(take_parameter(value))) {
  while (!value.empty()) {
    const std::string_view part = take_parameter(value);
    const auto equals = part.find('=');
    if (equals == std::string_view::npos) continue;
    parameters_.emplace_back(lower_case(trimmed(part.substr(0, equals))),
                             without_quotes(trimmed(part.substr(equals + 1))));
  }
}

std::string_view ContentType::parameter(std::string_view name) const noexcept {
  for (const auto& [its_name, value] : parameters_)
    if (its_name == name) return value;
  return {};
}

bool ContentType::may_be_soap() const noexcept {
  if (media_type_.empty() || media_type_ == "text/xml" || media_type_ == "application/xml") return true;
  return media_type_.ends_with("+xml") && media_type_ != "application/xhtml+xml";
}

}  // namespace soap
