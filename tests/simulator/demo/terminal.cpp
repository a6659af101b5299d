// SPDX-License-Identifier: Apache-2.0
#include "tests/simulator/demo/terminal.hpp"

#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <iostream>

namespace fulfilld::demo {
namespace {

bool is_set(const char* name) {
  const auto* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

bool locale_is_utf8() {
  for (const auto* name : {"LC_ALL", "LC_CTYPE", "LANG"})
    if (is_set(name)) {
      const std::string_view value = std::getenv(name);
      return value.find("UTF-8") != std::string_view::npos || value.find("utf8") != std::string_view::npos;
    }
  return false;
}

}  // namespace

Terminal::Terminal() {
  const auto* kind = std::getenv("TERM");
  const bool terminal = isatty(STDOUT_FILENO) == 1 && kind != nullptr && std::string_view(kind) != "dumb";
  coloured_ = terminal && !is_set("NO_COLOR");
  unicode_ = terminal && locale_is_utf8();
}

void Terminal::line(std::string_view text) {
  const std::lock_guard lock(mutex_);
  std::cout << text << std::endl;
}

std::string Terminal::paint(Colour colour, std::string_view text) const {
  constexpr std::array<std::string_view, 9> codes{"", "1", "2", "31", "32", "33", "34", "35", "36"};
  if (!coloured_ || colour == Colour::plain) return std::string(text);
  return "\033[" + std::string(codes[static_cast<std::size_t>(colour)]) + "m" + std::string(text) + "\033[0m";
}

std::string padded(std::string_view text, std::size_t width) {
  std::string result(text);
  if (result.size() < width) result.append(width - result.size(), ' ');
  return result;
}

std::string padded_left(std::string_view text, std::size_t width) {
  return std::string(text.size() < width ? width - text.size() : 0, ' ') + std::string(text);
}

std::string duration_text(std::int64_t milliseconds) {
  if (milliseconds < 1000) return std::to_string(milliseconds) + " ms";
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.2f s", static_cast<double>(milliseconds) / 1000);
  return text.data();
}

}  // namespace fulfilld::demo
