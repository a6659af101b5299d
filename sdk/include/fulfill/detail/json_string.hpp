// SPDX-License-Identifier: Apache-2.0
// Texts of JSON: their characters, what is between their quotes, and how they are written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace fulfill::detail {

inline constexpr std::uint32_t kReplacement = 0xFFFD;

/// Length of the character of UTF-8 (RFC 3629) at the beginning of `text`, which is not empty; 0 if there is none.
constexpr std::size_t utf8_length(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xC0) != 0x80) return 0;
  const unsigned second = byte(1);
  const bool too_long = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  const bool surrogate = first == 0xED && second > 0x9F;
  const bool too_large = first == 0xF4 && second > 0x8F;
  return too_long || surrogate || too_large ? 0 : length;
}

inline bool is_utf8(std::string_view text) noexcept {
  constexpr std::uint64_t kHighs = 0x8080808080808080U;
  while (!text.empty()) {
    std::uint64_t eight = kHighs;
    if (text.size() >= sizeof eight) std::memcpy(&eight, text.data(), sizeof eight);
    const std::size_t length = (eight & kHighs) == 0 ? sizeof eight : utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

/// Appends a character in UTF-8; U+FFFD in place of a surrogate, which is half of one.
inline void append_utf8(std::string& text, std::uint32_t character) {
  if ((character >= 0xD800 && character <= 0xDFFF) || character > 0x10FFFF) character = kReplacement;
  if (character < 0x80) {
    text += static_cast<char>(character);
    return;
  }
  if (character < 0x800) {
    text += static_cast<char>(0xC0 | character >> 6);
  } else {
    if (character < 0x10000) {
      text += static_cast<char>(0xE0 | character >> 12);
    } else {
      text += static_cast<char>(0xF0 | character >> 18);
      text += static_cast<char>(0x80 | (character >> 12 & 0x3F));
    }
    text += static_cast<char>(0x80 | (character >> 6 & 0x3F));
  }
  text += static_cast<char>(0x80 | (character & 0x3F));
}

constexpr bool is_high_surrogate(std::uint32_t unit) noexcept { return unit >= 0xD800 && unit < 0xDC00; }
constexpr bool is_low_surrogate(std::uint32_t unit) noexcept { return unit >= 0xDC00 && unit < 0xE000; }
constexpr std::uint32_t joined(std::uint32_t high, std::uint32_t low) noexcept {
  return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
}

/// The value of four hexadecimal digits at the beginning of `text`, or a number above 0xFFFF if they are none.
constexpr std::uint32_t hex4(std::string_view text) noexcept {
  constexpr std::uint32_t kNone = 0x10000;
  if (text.size() < 4) return kNone;
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const char c = text[i];
    const char lower = c >= 'A' && c <= 'F' ? static_cast<char>(c + ('a' - 'A')) : c;
    if (lower >= '0' && lower <= '9') {
      value = value << 4 | static_cast<std::uint32_t>(lower - '0');
    } else if (lower >= 'a' && lower <= 'f') {
      value = value << 4 | static_cast<std::uint32_t>(lower - 'a' + 10);
    } else {
      return kNone;
    }
  }
  return value;
}

/// Length of what stands between the quotes of a JSON text; `rest` begins right behind the first of them.
/// `npos` if it never ends, or holds what may not stand there; `escaped`: it holds a backslash.
inline std::size_t json_string_length(std::string_view rest, bool& escaped) noexcept {
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  constexpr std::uint64_t kHighs = 0x8080808080808080U;
  constexpr std::string_view kEscapes = "\"\\/bfnrtu";
  std::size_t at = 0;
  while (true) {
    // Eight at a time, as long as all of them are plain ASCII. A false alarm is only looked at more closely.
    while (rest.size() - at >= sizeof(std::uint64_t)) {
      std::uint64_t eight = 0;
      std::memcpy(&eight, rest.data() + at, sizeof eight);
      const std::uint64_t quote = (eight ^ kOnes * '"') - kOnes;
      const std::uint64_t backslash = (eight ^ kOnes * '\\') - kOnes;
      if (((eight | (eight - kOnes * 0x20) | quote | backslash) & kHighs) != 0) break;
      at += sizeof eight;
    }
    if (at == rest.size()) return std::string_view::npos;
    const char c = rest[at];
    if (c == '"') return at;
    if (static_cast<unsigned char>(c) < 0x20) return std::string_view::npos;
    if (c != '\\') {
      const std::size_t length = utf8_length(rest.substr(at));
      if (length == 0) return std::string_view::npos;
      at += length;
      continue;
    }
    escaped = true;
    if (at + 1 == rest.size() || kEscapes.find(rest[at + 1]) == std::string_view::npos) return std::string_view::npos;
    if (rest[at + 1] == 'u' && hex4(rest.substr(at + 2)) > 0xFFFF) return std::string_view::npos;
    at += rest[at + 1] == 'u' ? 6 : 2;
  }
}

/// The text that is written between the quotes of a JSON text that is well-formed. A surrogate without its other half
/// (`\ud83d`, the first half of a character that somebody cut in two) is U+FFFD.
inline std::string unescaped(std::string_view inside) {
  constexpr std::string_view kNames = "bfnrt";
  constexpr std::string_view kMeanings = "\b\f\n\r\t";
  std::string text;
  text.reserve(inside.size());
  while (true) {
    const std::size_t plain = inside.find('\\');
    text += inside.substr(0, plain);
    if (plain == std::string_view::npos) return text;
    const char name = inside[plain + 1];
    inside.remove_prefix(plain + 2);
    if (name != 'u') {
      const std::size_t known = kNames.find(name);
      text += known == std::string_view::npos ? name : kMeanings[known];
      continue;
    }
    std::uint32_t character = hex4(inside);
    inside.remove_prefix(4);
    if (is_high_surrogate(character) && inside.starts_with("\\u") && is_low_surrogate(hex4(inside.substr(2)))) {
      character = joined(character, hex4(inside.substr(2)));
      inside.remove_prefix(6);
    }
    append_utf8(text, character);
  }
}

/// Appends a text in quotes. What is not UTF-8 stays what it is.
inline void append_quoted(std::string& json, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  json += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      json += '\\';
      json += c;
    } else if (static_cast<unsigned char>(c) >= 0x20) {
      json += c;
    } else if (c == '\n') {
      json += "\\n";
    } else if (c == '\r') {
      json += "\\r";
    } else if (c == '\t') {
      json += "\\t";
    } else if (c == '\b') {
      json += "\\b";
    } else if (c == '\f') {
      json += "\\f";
    } else {
      json += "\\u00";
      json += kHex[static_cast<unsigned char>(c) >> 4];
      json += kHex[static_cast<unsigned char>(c) & 15];
    }
  }
  json += '"';
}

}  // namespace fulfill::detail
