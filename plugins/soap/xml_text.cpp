// SPDX-License-Identifier: Apache-2.0
#include "xml_text.hpp"

#include <algorithm>
#include <cstdint>
#include <fulfill/detail/json_string.hpp>

namespace soap {
namespace {

constexpr std::uint32_t kNoCharacter = 0xFFFFFFFF;

/// Takes one character of UTF-8 from the front of `text`, which is not empty; `kNoCharacter` if it is none.
std::uint32_t take_character(std::string_view& text) noexcept {
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t length = first < 0x80 ? 1 : first < 0xC0 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (length == 0 || first > 0xF4 || text.size() < length) return kNoCharacter;
  std::uint32_t character = length == 1 ? first : first & (0x7F >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xC0) != 0x80) return kNoCharacter;
    character = character << 6 | (byte & 0x3F);
  }
  constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};  // below it the encoding is longer than need be
  text.remove_prefix(length);
  return character < kLeast[length] ? kNoCharacter : character;
}

bool is_xml_character(std::uint32_t character) noexcept {
  if (character < 0x20) return character == '\t' || character == '\n' || character == '\r';
  return character < 0xD800 || (character > 0xDFFF && character < 0xFFFE) ||
         (character > 0xFFFF && character <= 0x10FFFF);
}

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

}  // namespace

bool is_xml_text(std::string_view text) noexcept {
  while (!text.empty())
    if (!is_xml_character(take_character(text))) return false;
  return true;
}

std::string escape_xml(std::string_view text, bool quoted) {
  std::string escaped;
  escaped.reserve(text.size());
  for (const char c : text) {
    if (c == '&') {
      escaped += "&amp;";
    } else if (c == '<') {
      escaped += "&lt;";
    } else if (c == '>') {
      escaped += "&gt;";
    } else if (c == '"' && quoted) {
      escaped += "&quot;";
    } else if (c == '\'' && quoted) {
      escaped += "&#39;";
    } else if (c == '\r') {  // a parser would read a line feed
      escaped += "&#13;";
    } else if (c == '\n' && quoted) {  // a parser would read a space
      escaped += "&#10;";
    } else if (c == '\t' && quoted) {
      escaped += "&#9;";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view kSpace = " \t\r\n";
  const auto begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

std::string_view beginning(std::string_view text, std::size_t most) noexcept {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
  return text.substr(0, most);
}

std::string printable(std::string_view bytes, std::size_t most) {
  std::string text(beginning(bytes, most));
  const unsigned last = fulfill::detail::is_utf8(text) ? 0xFF : 0x7E;
  for (char& c : text) {
    if (c == '\n' || c == '\r' || c == '\t') c = ' ';
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F || byte > last) c = '?';
  }
  return text;
}

bool same_word(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace soap
