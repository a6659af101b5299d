// SPDX-License-Identifier: Apache-2.0
#include "content_type.hpp"

#include <cstddef>

#include "xml_text.hpp"

namespace soap {

std::string charset_of(std::string_view content_type) {
  while (true) {
    const std::size_t semicolon = content_type.find(';');
    if (semicolon == std::string_view::npos) return {};
    content_type.remove_prefix(semicolon + 1);
    const std::string_view parameter = trimmed(content_type.substr(0, content_type.find(';')));
    const std::size_t equals = parameter.find('=');
    if (equals == std::string_view::npos || !same_word(parameter.substr(0, equals), "charset")) continue;
    std::string_view value = parameter.substr(equals + 1);
    if (value.size() >= 2 && value.starts_with('"') && value.ends_with('"')) value = value.substr(1, value.size() - 2);
    return std::string(value);
  }
}

}  // namespace soap
