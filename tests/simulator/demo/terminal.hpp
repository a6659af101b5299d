// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

namespace fulfilld::demo {

enum class Colour : std::uint8_t { plain, bold, dim, red, green, yellow, blue, magenta, cyan };

/// Standard output: coloured and with arrows if it is a terminal that takes them, plain ASCII otherwise. NO_COLOR
/// (no-color.org) is respected. Any thread.
class Terminal {
 public:
  Terminal();

  /// One line, at once.
  void line(std::string_view text);

  /// The text in that colour, or as it is.
  [[nodiscard]] std::string paint(Colour colour, std::string_view text) const;

  /// The first where the terminal speaks UTF-8, the second elsewhere.
  [[nodiscard]] std::string_view sign(std::string_view utf8, std::string_view ascii) const noexcept {
    return unicode_ ? utf8 : ascii;
  }

 private:
  std::mutex mutex_;
  bool coloured_ = false;
  bool unicode_ = false;
};

/// `text`, filled up with spaces to `width` columns (of ASCII).
[[nodiscard]] std::string padded(std::string_view text, std::size_t width);
[[nodiscard]] std::string padded_left(std::string_view text, std::size_t width);

/// `87 ms`, `3.21 s`.
[[nodiscard]] std::string duration_text(std::int64_t milliseconds);

}  // namespace fulfilld::demo
