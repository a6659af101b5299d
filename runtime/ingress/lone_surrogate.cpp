// SPDX-License-Identifier: Apache-2.0
#include "runtime/ingress/lone_surrogate.hpp"

#include <string_view>

#include "runtime/ingress/hex_digit.hpp"

namespace fulfilld {
namespace {

constexpr std::size_t escape_size = 6;  // \uXXXX

enum class Half { none, high, low };

bool is_one_of(char c, std::string_view set) noexcept { return set.find(c) != std::string_view::npos; }

/// What the escape at the beginning of `text` is.
Half half_at(std::string_view text) noexcept {
  if (text.size() < escape_size || text[0] != '\\' || text[1] != 'u' || !is_one_of(text[2], "dD")) return Half::none;
  if (hex_value(text[4]) < 0 || hex_value(text[5]) < 0) return Half::none;
  if (is_one_of(text[3], "89abAB")) return Half::high;
  return is_one_of(text[3], "cdefCDEF") ? Half::low : Half::none;
}

}  // namespace

bool blank_lone_surrogates(std::string& json) noexcept {
  bool found = false;
  for (std::size_t at = json.find('\\'); at != std::string::npos; at = json.find('\\', at)) {
    const std::string_view rest = std::string_view(json).substr(at);
    const auto half = half_at(rest);
    if (half == Half::none) {
      at += 2;  // whatever is escaped, also a backslash
    } else if (half == Half::high && half_at(rest.substr(escape_size)) == Half::low) {
      at += 2 * escape_size;
    } else {
      json.replace(at, escape_size, "\\u0000");
      found = true;
      at += escape_size;
    }
  }
  return found;
}

}  // namespace fulfilld
