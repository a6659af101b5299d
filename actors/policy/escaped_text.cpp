// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/escaped_text.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

namespace fulfilld {
namespace {

std::optional<std::uint32_t> digit(char c, std::uint32_t base) noexcept {
  std::uint32_t value = 16;
  if (c >= '0' && c <= '9') value = static_cast<std::uint32_t>(c - '0');
  if (c >= 'a' && c <= 'f') value = static_cast<std::uint32_t>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') value = static_cast<std::uint32_t>(c - 'A' + 10);
  return value < base ? std::optional(value) : std::nullopt;
}

/// The number in exactly these characters.
std::optional<std::uint32_t> number(std::string_view text, std::uint32_t base) noexcept {
  if (text.empty() || text.size() > 8) return std::nullopt;
  std::uint32_t value = 0;
  for (const char c : text) {
    const auto next = digit(c, base);
    if (!next) return std::nullopt;
    value = value * base + *next;
  }
  return value;
}

Unescaped byte(char value, std::size_t length) noexcept { return {{value}, 1, length}; }

/// RFC 3629.
Unescaped character(std::uint32_t code, std::size_t length) noexcept {
  const auto tail = [code](unsigned shift) { return static_cast<char>(0x80 | (code >> shift & 0x3f)); };
  if (code < 0x80) return byte(static_cast<char>(code), length);
  if (code < 0x800) return {{static_cast<char>(0xc0 | code >> 6), tail(0)}, 2, length};
  if (code < 0x10000) return {{static_cast<char>(0xe0 | code >> 12), tail(6), tail(0)}, 3, length};
  if (code < 0x110000) return {{static_cast<char>(0xf0 | code >> 18), tail(12), tail(6), tail(0)}, 4, length};
  return {};
}

/// The number of a `\uXXXX` at the beginning.
std::optional<std::uint32_t> json_unit(std::string_view text) noexcept {
  if (text.size() < 6 || !text.starts_with("\\u")) return std::nullopt;
  return number(text.substr(2, 4), 16);
}

Unescaped from_json(std::string_view text) noexcept {
  if (const auto unit = json_unit(text)) {
    const auto second = *unit >= 0xd800 && *unit < 0xdc00 ? json_unit(text.substr(6)) : std::nullopt;
    if (second && *second >= 0xdc00 && *second < 0xe000)
      return character(0x10000 + ((*unit - 0xd800) << 10) + (*second - 0xdc00), 12);
    return character(*unit, 6);
  }
  constexpr std::string_view escapes = "\"\\/bfnrt";
  constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
  const auto found = text.size() < 2 ? std::string_view::npos : escapes.find(text[1]);
  return found == std::string_view::npos ? Unescaped{} : byte(meanings[found], 2);
}

Unescaped from_markup(std::string_view text) noexcept {
  constexpr std::size_t longest = 10;
  const auto end = text.substr(0, longest).find(';');
  if (end == std::string_view::npos) return {};
  const auto name = text.substr(1, end - 1);
  if (name.starts_with('#')) {
    const bool hexadecimal = name.starts_with("#x") || name.starts_with("#X");
    const auto code = number(name.substr(hexadecimal ? 2 : 1), hexadecimal ? 16 : 10);
    return code ? character(*code, end + 1) : Unescaped{};
  }
  constexpr std::array<std::pair<std::string_view, char>, 5> names = {
      {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}}};
  for (const auto& [known, meaning] : names)
    if (name == known) return byte(meaning, end + 1);
  return {};
}

}  // namespace

Unescaped unescape(std::string_view text, std::size_t at) noexcept {
  if (at >= text.size()) return {};
  text.remove_prefix(at);
  switch (text.front()) {
    case '+':
      return byte(' ', 1);
    case '%':
      if (const auto value = text.size() < 3 ? std::nullopt : number(text.substr(1, 2), 16))
        return byte(static_cast<char>(*value), 3);
      return {};
    case '\\':
      return from_json(text);
    case '&':
      return from_markup(text);
    default:
      return {};
  }
}

Unescaped unescape(std::string_view text, std::size_t at, int depth) noexcept {
  if (depth == 1) return unescape(text, at);
  // What the escapes of the outer levels stand for, as far as the longest sequence of the innermost may reach.
  constexpr std::size_t longest = 12;
  std::array<char, longest + 3> outer{};
  std::array<std::size_t, longest + 3> ends{};  // in the text, of what each of those bytes comes from
  std::size_t size = 0;
  for (std::size_t from = at; size < longest && from < text.size();) {
    auto meant = may_escape(text[from]) ? unescape(text, from, depth - 1) : Unescaped{};
    // A plus that is no space, as all around it shows, would be lost to it.
    if (meant.count == 0 || text[from] == '+') meant = {{text[from]}, 1, 1};
    from += meant.length;
    for (std::size_t i = 0; i < meant.count; ++i, ++size) {
      outer[size] = meant.bytes[i];
      ends[size] = from;
    }
  }
  auto meant = unescape({outer.data(), size}, 0);
  if (meant.count > 0) meant.length = ends[meant.length - 1] - at;
  return meant;
}

bool may_escape_again(std::string_view text) noexcept {
  constexpr std::array<std::string_view, 6> signs = {"\\\\", "%25", "&amp;", "\\u00", "&#", "%5"};
  return std::any_of(signs.begin(), signs.end(),
                     [text](std::string_view sign) { return text.find(sign) != std::string_view::npos; });
}

}  // namespace fulfilld
