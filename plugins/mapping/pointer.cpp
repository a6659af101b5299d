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

const fulfill::Json* element(const fulfill::Json& array, const std::string& token) noexcept {
  std::size_t index = 0;
  const auto [stop, error] = std::from_chars(token.data(), token.data() + token.size(), index);
  const bool leading_zero = token.size() > 1 && token.front() == '0';
  if (error != std::errc() || stop != token.data() + token.size() || leading_zero || index >= array.size())
    return nullptr;
  return &array[index];
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

const fulfill::Json* Pointer::find(const fulfill::Json& value) const noexcept {
  const fulfill::Json* at = &value;
  for (const auto& token : tokens_) {
    if (at->is_array()) {
      at = element(*at, token);
    } else if (at->is_object()) {
      const auto member = at->find(token);
      at = member == at->end() ? nullptr : &*member;
    } else {
      at = nullptr;
    }
    if (at == nullptr) return nullptr;
  }
  return at;
}

fulfill::Json* Pointer::find(fulfill::Json& value) const noexcept {
  return const_cast<fulfill::Json*>(find(std::as_const(value)));  // it points into `value`
}

}  // namespace mapping
