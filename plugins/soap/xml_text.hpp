// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace soap {

/// True if XML 1.0 can hold that text at all: valid UTF-8 (RFC 3629) without control characters other than tab, line
/// feed and carriage return, and with neither U+FFFE nor U+FFFF (XML 1.0, 2.2).
[[nodiscard]] bool is_xml_text(std::string_view text) noexcept;

/// The text, such that a parser reads exactly it, between tags or (`quoted`) in an attribute.
[[nodiscard]] std::string escape_xml(std::string_view text, bool quoted);

/// Without the white space of XML at both ends.
[[nodiscard]] std::string_view trimmed(std::string_view text) noexcept;

/// At most that many bytes from the beginning, without cutting a character of UTF-8 in two.
[[nodiscard]] std::string_view beginning(std::string_view text, std::size_t most) noexcept;

/// At most that many bytes of whatever came, as one line without control characters, for messages. UTF-8 stays as it
/// came: else the host would not find a secret again that it is to hide.
[[nodiscard]] std::string printable(std::string_view bytes, std::size_t most);

/// Equal but for the case of ASCII letters, as names of encodings and of parameters are.
[[nodiscard]] bool same_word(std::string_view a, std::string_view b) noexcept;

}  // namespace soap
