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

/// True for a character that an escape sequence can begin with.
[[nodiscard]] constexpr bool may_escape(char c) noexcept { return c == '%' || c == '+' || c == '\\' || c == '&'; }

}  // namespace fulfilld
