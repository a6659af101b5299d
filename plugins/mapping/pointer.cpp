// SPDX-License-Identifier: Apache-2.0
#include "pointer.hpp"

#include <charconv>
#include <cstddef>
#include <system_error>
#include <utility>

namespace mapping {
namespace {

std::optional<std::string> unescaped(std::string_view token) {
  std::string text;
  for (std::size_t i = 0; i < token.size(); ++i) {
    if (token[i] != '~') {
      text += token[i];
      continue;
    }
    ++i;
    if (i == token.size() || (token[i] != '0' && token[i] != '1')) return std::nullopt;
    text += token[i] == '0' ? '~' : '/';
  }
  return text;
}

const fulfill::Document* element(const fulfill::Document& array, const std::string& token) noexcept {
  std::size_t index = 0;
  const auto [stop, error] = std::from_chars(token.data(), token.data() + token.size(), index);
  const bool leading_zero = token.size() > 1 && token.front() == '0';
  if (error != std::errc() || stop != token.data() + token.size() || leading_zero) return nullptr;
  return array.find(index);
}

}  // namespace

std::optional<Pointer> Pointer::parse(std::string_view text) {
  Pointer pointer;
  if (text.empty()) return pointer;
  if (text.front() != '/') return std::nullopt;
  while (!text.empty()) {
    text.remove_prefix(1);
    const std::string_view token = text.substr(0, text.find('/'));
    auto name = unescaped(token);
    if (!name) return std::nullopt;
    pointer.tokens_.push_back(std::move(*name));
    text.remove_prefix(token.size());
  }
  return pointer;
}

const fulfill::Document* Pointer::find(const fulfill::Document& value) const noexcept {
  const fulfill::Document* at = &value;
  for (const auto& token : tokens_) {
    at = at->is_array() ? element(*at, token) : at->find(std::string_view(token));
    if (at == nullptr) return nullptr;
  }
  return at;
}

}  // namespace mapping
