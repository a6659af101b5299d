// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace fulfilld {

/// What an escape sequence stands for.
struct Unescaped {
  std::array<char, 4> bytes{};  ///< a byte, or a character in UTF-8
  std::size_t count = 0;        ///< how many bytes; 0: there is no escape sequence
  std::size_t length = 0;       ///< of the sequence in the text
};

/// Reads the escape sequence at `at`, as servers write them when they quote what they got: `%2B` and `+` of URLs and
/// forms, `\"`, `\/` and `\u002b` of JSON, `&amp;` and `&#43;` of XML and HTML.
[[nodiscard]] Unescaped unescape(std::string_view text, std::size_t at) noexcept;

/// A quotation that is quoted again is escaped again: `\\\"`, `%252B`, `&amp;quot;`. So often at most.
inline constexpr int deepest_escape = 3;

/// The same where the text has been escaped `depth` times, 1 to `deepest_escape`.
[[nodiscard]] Unescaped unescape(std::string_view text, std::size_t at, int depth) noexcept;

/// True if something may have been escaped more than once in it.
[[nodiscard]] bool may_escape_again(std::string_view text) noexcept;

/// True for a character that an escape sequence can begin with.
[[nodiscard]] constexpr bool may_escape(char c) noexcept { return c == '%' || c == '+' || c == '\\' || c == '&'; }

}  // namespace fulfilld
