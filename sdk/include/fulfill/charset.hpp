// SPDX-License-Identifier: Apache-2.0
// Answers in other encodings than UTF-8.
#pragma once

#include <iconv.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fulfill/detail/json_string.hpp>

namespace fulfill {

namespace detail {

inline std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return lower;
}

inline std::string_view without_blanks(std::string_view text) noexcept {
  constexpr std::string_view kBlank = " \t";
  const std::size_t begin = text.find_first_not_of(kBlank);
  return begin == std::string_view::npos ? std::string_view()
                                         : text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

/// UTF-16 (`width` 2) or UTF-32 (4) to UTF-8. Whatever is no character becomes U+FFFD, half a code unit at the end too.
inline std::string from_wide(std::string_view bytes, std::size_t width, bool big_endian) {
  const auto unit_at = [&](std::size_t at) {
    std::uint32_t unit = 0;
    for (std::size_t i = 0; i < width; ++i)
      unit = unit << 8 | static_cast<unsigned char>(bytes[at + (big_endian ? i : width - 1 - i)]);
    return unit;
  };
  std::string text;
  text.reserve(bytes.size());
  std::size_t at = 0;
  for (; bytes.size() - at >= width; at += width) {
    std::uint32_t character = unit_at(at);
    if (width == 2 && is_high_surrogate(character) && bytes.size() - at >= 4 && is_low_surrogate(unit_at(at + 2))) {
      character = joined(character, unit_at(at + 2));
      at += 2;
    }
    append_utf8(text, character);
  }
  if (at != bytes.size()) append_utf8(text, kReplacement);
  return text;
}

/// True if UTF-16 or UTF-32 cannot be: what is sent there has some ASCII in it, which has a zero byte then.
inline bool is_narrow(std::string_view bytes) noexcept { return bytes.find('\0') == std::string_view::npos; }
/// The order of bytes where no byte order mark tells it: what is sent begins with a character of ASCII.
inline bool looks_big_endian(std::string_view bytes) noexcept { return !bytes.empty() && bytes.front() == '\0'; }

/// True for what is the same in all the encodings that iconv is asked for, and in what nobody knows.
inline bool is_plain_ascii(std::string_view bytes) noexcept {
  return std::all_of(bytes.begin(), bytes.end(),
                     [](char c) { return (c >= ' ' && c <= '~') || (c >= '\t' && c <= '\r'); });
}

/// Those that iconv is asked for, by name as it comes from a stranger: encodings that are in use, and no more.
inline bool is_known_charset(std::string_view name) noexcept {
  constexpr std::string_view kPrefixes[] = {"iso-8859-", "iso8859-", "iso_8859-", "latin", "windows-12",
                                            "cp125",     "cp85",     "ibm85",     "koi8-"};
  constexpr std::string_view kNames[] = {"cp437", "ibm437",    "macintosh", "windows-874", "tis-620",
                                         "gbk",   "gb2312",    "gb18030",   "big5",        "big5-hkscs",
                                         "sjis",  "shift_jis", "euc-jp",    "euc-kr"};
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; };
  if (name.size() > 20 || !std::all_of(name.begin(), name.end(), plain)) return false;
  return std::any_of(std::begin(kPrefixes), std::end(kPrefixes),
                     [&](auto prefix) { return name.starts_with(prefix); }) ||
         std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

/// Nothing if this system has no such encoding. A byte that means nothing in it becomes U+FFFD.
inline std::optional<std::string> by_iconv(std::string_view bytes, const std::string& charset) {
  const auto kFailed = reinterpret_cast<iconv_t>(std::intptr_t{-1});  // NOLINT(performance-no-int-to-ptr): its API
  const iconv_t converter = iconv_open("UTF-8", charset.c_str());
  if (converter == kFailed) return std::nullopt;
  std::string text;
  char* in = const_cast<char*>(bytes.data());  // it is only read
  std::size_t in_left = bytes.size();
  while (in_left > 0) {
    char room[4096];
    char* out = room;
    std::size_t out_left = sizeof room;
    const bool stopped = iconv(converter, &in, &in_left, &out, &out_left) == static_cast<std::size_t>(-1);
    const int error = errno;
    text.append(room, sizeof room - out_left);
    if (!stopped || error == E2BIG) continue;
    append_utf8(text, kReplacement);
    if (error == EINVAL) break;  // it ends within a character
    ++in;
    --in_left;
  }
  iconv_close(converter);
  return text;
}

}  // namespace detail

/// The parameter `charset` of a Content-Type (RFC 9110, 8.3.2), without quotes; empty if there is none.
[[nodiscard]] inline std::string charset_of(std::string_view content_type) {
  while (true) {
    const std::size_t semicolon = content_type.find(';');
    if (semicolon == std::string_view::npos) return {};
    content_type.remove_prefix(semicolon + 1);
    const std::string_view parameter = detail::without_blanks(content_type.substr(0, content_type.find(';')));
    const std::size_t equals = parameter.find('=');
    if (equals == std::string_view::npos) continue;
    if (detail::lower_case(detail::without_blanks(parameter.substr(0, equals))) != "charset") continue;
    std::string_view value = detail::without_blanks(parameter.substr(equals + 1));
    if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front())
      value = value.substr(1, value.size() - 2);
    return std::string(value);
  }
}

/// A text is in an encoding that cannot be decoded. `what()`: the predicate of a sentence about it.
class CharsetError : public std::exception {
 public:
  explicit CharsetError(std::string_view charset) {
    sentence_ = "is in the charset \"";
    for (const char c : charset.substr(0, 40)) sentence_ += c < ' ' || c > '~' ? '?' : c;
    sentence_ += "\", which cannot be decoded";
  }
  [[nodiscard]] const char* what() const noexcept override { return sentence_.c_str(); }

 private:
  std::string sentence_;
};

/// A text of a stranger, as UTF-8 and without a byte order mark. Copies only what has to be decoded: else it is a view
/// of the bytes that it was made from, which have to outlive it.
class DecodedText {
 public:
  /// `charset`: the one that is declared; empty if none is. A byte order mark says more than that. What is declared to
  /// be UTF-8, or nothing, is taken as it is, and may be no UTF-8. Throws CharsetError for an encoding that is not
  /// known, unless all of it is ASCII.
  DecodedText(std::string_view bytes, std::string_view charset) : bytes_(bytes) {
    if (!passes_mark(charset)) decode(charset);
  }

  [[nodiscard]] std::string_view view() const noexcept { return decoded_ ? std::string_view(*decoded_) : bytes_; }
  /// True if it is not the bytes as they came.
  [[nodiscard]] bool is_decoded() const noexcept { return decoded_.has_value(); }
  /// It, or a copy of it.
  [[nodiscard]] std::string take() && { return decoded_ ? std::move(*decoded_) : std::string(bytes_); }

 private:
  /// True if a byte order mark has said all.
  bool passes_mark(std::string_view charset) {
    using namespace std::string_view_literals;
    const auto marked = [&](std::string_view mark) { return bytes_.starts_with(mark); };
    if (marked("\xEF\xBB\xBF"sv)) {
      bytes_.remove_prefix(3);
      return true;
    }
    if (marked("\xFF\xFE\0\0"sv) || marked("\0\0\xFE\xFF"sv)) {
      decode_wide(4, 4, bytes_.front() == '\0');
      return true;
    }
    // Two bytes that no UTF-8 begins with. They may be characters of another encoding, where one is declared.
    const bool may_be_mark = charset.empty() || detail::lower_case(charset).starts_with("utf");
    if (!may_be_mark || (!marked("\xFF\xFE"sv) && !marked("\xFE\xFF"sv))) return false;
    decode_wide(2, 2, bytes_.front() == '\xFE');
    return true;
  }

  void decode(std::string_view charset) {
    const std::string name = detail::lower_case(charset);
    if (name.empty() || name == "utf-8" || name == "utf8" || name == "us-ascii") return;
    if (name.starts_with("utf-16") || name.starts_with("utf-32") || name == "utf16") {
      if (detail::is_narrow(bytes_)) return;
      const bool has_order = name.ends_with("le") || name.ends_with("be");
      const bool big_endian = has_order ? name.ends_with("be") : detail::looks_big_endian(bytes_);
      return decode_wide(name.starts_with("utf-32") ? 4 : 2, 0, big_endian);
    }
    if (detail::is_plain_ascii(bytes_)) return;
    if (detail::is_known_charset(name)) decoded_ = detail::by_iconv(bytes_, name);
    if (!decoded_) throw CharsetError(charset);
  }

  void decode_wide(std::size_t width, std::size_t mark, bool big_endian) {
    decoded_ = detail::from_wide(bytes_.substr(mark), width, big_endian);
  }

  std::string_view bytes_;
  std::optional<std::string> decoded_;
};

}  // namespace fulfill
